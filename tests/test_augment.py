"""Augmentation: reproducible, off when told, of the strength that the configuration states."""

from __future__ import annotations

import pytest
import torch

from glissando.training.augment import augment
from glissando.training.config import AugmentConfig

SIZE = torch.tensor([[0.1, 1 / 3]])


def _points(count: int) -> torch.Tensor:
    line = torch.linspace(0, 1, 20)
    return torch.stack([line, 0.5 * line, 800 * line], dim=1).expand(count, -1, -1).clone()


def _drawn(config: AugmentConfig, seed: int = 1, count: int = 4000) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return _augment(_points(count), config, generator)[0]


def _augment(
    points: torch.Tensor, config: AugmentConfig, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.full((len(points),), points.shape[1])
    return augment(points, lengths, SIZE.expand(len(points), 2), config, generator)


def _only(**strength: float) -> AugmentConfig:
    none = {"offset": 0.0, "scale": 0.0, "shear": 0.0, "jitter": 0.0, "tempo": 0.0}
    return AugmentConfig(**{**none, **strength})


def test_off_changes_nothing() -> None:
    assert torch.equal(_drawn(AugmentConfig(enabled=False)), _points(4000))
    assert torch.allclose(_drawn(_only()), _points(4000), atol=1e-6)


def test_the_same_seed_draws_the_same() -> None:
    assert torch.equal(_drawn(AugmentConfig(), 5), _drawn(AugmentConfig(), 5))
    assert not torch.equal(_drawn(AugmentConfig(), 5), _drawn(AugmentConfig(), 6))


def test_the_offset_has_its_strength_in_keys_and_moves_a_swipe_as_a_whole() -> None:
    moved = (_drawn(_only(offset=0.2)) - _points(4000))[..., :2] / SIZE[0]
    assert moved.std(dim=1).max() < 1e-4
    assert moved[:, 0].std(dim=0).tolist() == pytest.approx([0.2, 0.2], rel=0.1)


def test_the_tempo_stretches_the_clock_only() -> None:
    drawn = _drawn(_only(tempo=0.3))
    assert torch.allclose(drawn[..., :2], _points(4000)[..., :2], atol=1e-6)
    ratio = (drawn[:, -1, 2] / 800).log()
    assert float(ratio.std()) == pytest.approx(0.3, rel=0.1)
    assert (drawn[:, 1:, 2] > drawn[:, :-1, 2]).all()


def test_scale_and_shear_turn_about_the_middle_of_the_keyboard() -> None:
    still = torch.tensor([0.5, 0.5, 0.0]).expand(4000, 20, 3).clone()
    generator = torch.Generator().manual_seed(1)
    drawn, _ = _augment(still, _only(scale=0.2, shear=0.2), generator)
    assert torch.allclose(drawn, still, atol=1e-6)
    stretched = _drawn(_only(scale=0.1))
    width = (stretched[:, -1, 0] - stretched[:, 0, 0]).std()
    assert float(width) == pytest.approx(0.1, rel=0.1)


def test_a_bend_is_smooth_and_has_its_strength_in_keys_everywhere() -> None:
    moved = (_drawn(_only(bend=0.2)) - _points(4000))[..., :2] / SIZE[0]
    assert moved.std(dim=0).max() < 0.22
    assert moved.std(dim=0).min() > 0.12  # between two knots their mean
    assert moved[:, 0].std(dim=0).tolist() == pytest.approx([0.2, 0.2], rel=0.1)
    assert moved[:, -1].std(dim=0).tolist() == pytest.approx([0.2, 0.2], rel=0.1)
    places = torch.stack([moved[:, 0, 0], moved[:, 10, 0], moved[:, -1, 0]])
    assert (torch.corrcoef(places) - torch.eye(3)).abs().max() < 0.06
    assert moved.diff(dim=1).std() < 0.12  # independent noise would have 0.28


def test_an_uneven_pace_stretches_some_intervals_and_keeps_their_order() -> None:
    drawn = _drawn(_only(pace=0.3))
    assert torch.allclose(drawn[..., :2], _points(4000)[..., :2], atol=1e-6)
    ratio = (drawn[:, :, 2].diff(dim=1) * 19 / 800).log()
    assert float(ratio[:, -1].std()) == pytest.approx(0.3, rel=0.1)
    assert (drawn[:, 1:, 2] > drawn[:, :-1, 2]).all()
    assert torch.equal(drawn[:, 0, 2], torch.zeros(4000))
    assert abs(float(torch.corrcoef(torch.stack([ratio[:, 1], ratio[:, -1]]))[0, 1])) < 0.06


def _thinned(seed: int = 1, **shares: float) -> tuple[torch.Tensor, torch.Tensor]:
    return _augment(_points(2000), _only(**shares), torch.Generator().manual_seed(seed))


def test_dropped_points_leave_the_ends_and_the_order() -> None:
    drawn, lengths = _thinned(drop=0.5)
    assert 0.2 < 1 - float(lengths.double().mean()) / 20 < 0.25  # of 18 inner points a quarter
    for swipe, count in zip(drawn[:200], lengths[:200], strict=True):
        times = swipe[:count, 2]
        assert (times.diff() > 0).all()
        assert times[0] == 0
        assert times[-1] == pytest.approx(800)
        assert torch.isin(times.round(decimals=2), _points(1)[0, :, 2].round(decimals=2)).all()


def test_a_cut_takes_a_share_off_the_end_and_nothing_else() -> None:
    drawn, lengths = _thinned(cut=0.5)
    assert int(lengths.min()) == 11
    assert int(lengths.max()) == 20
    for swipe, count in zip(drawn[:200], lengths[:200], strict=True):
        assert torch.allclose(swipe[:count], _points(1)[0, :count], atol=1e-4)


def test_padding_is_never_drawn_into_a_swipe_and_two_points_stay() -> None:
    lengths = torch.tensor([1, 2, 3, 20])
    points = _points(4)
    for row, count in enumerate(lengths):
        points[row, count:] = float("nan")
    config = _only(drop=1.0, cut=0.9, bend=0.2, pace=0.2)
    for seed in range(50):
        generator = torch.Generator().manual_seed(seed)
        drawn, left = augment(points, lengths, SIZE.expand(4, 2), config, generator)
        assert (left <= lengths).all()
        assert left.tolist()[:2] == [1, 2]
        assert (left[2:] >= 2).all()
        for swipe, count in zip(drawn, left, strict=True):
            assert not swipe[:count].isnan().any()
