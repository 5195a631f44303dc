"""What the stress table does to a swipe is what its rows say."""

from __future__ import annotations

import numpy as np
import pytest
from evaluation_swipes import located
from numpy.typing import NDArray
from small_decoders import Template

from glissando.evaluation.stress import STRESSES, Change, changed, shifted, under_stress
from glissando.keyboard import load_keyboard
from glissando.traces import Trace

BOARD = load_keyboard("qwerty")
TIME = np.array([0.0, 7, 20, 40, 41, 60, 85, 100, 130, 150, 160, 200])
SWIPE = Trace.from_arrays(np.linspace(0.2, 0.7, 12), 0.5 + 0.3 * np.sin(TIME / 40), TIME)


def keys(trace: Trace) -> NDArray[np.float64]:
    """Points with x and y in keys."""
    return trace.points().astype(np.float64) / np.array([*BOARD.key_size, 1.0])


def after(change: Change, seed: int = 0) -> NDArray[np.float64]:
    return keys(changed(SWIPE, BOARD, change, np.random.default_rng(seed)))


def test_as_recorded_is_as_recorded() -> None:
    assert np.allclose(after(STRESSES["as recorded"]), keys(SWIPE), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "move"),
    [("0.5 keys to the left", (-0.5, 0)), ("0.5 keys to the right", (0.5, 0)),
     ("0.5 keys up", (0, -0.5)), ("0.5 keys down", (0, 0.5))],
)  # fmt: skip
def test_a_shift_moves_every_point_alike(name: str, move: tuple[float, float]) -> None:
    assert np.allclose(after(STRESSES[name]) - keys(SWIPE), [*move, 0], atol=1e-4)


def test_shear_moves_along_the_row_by_the_height_and_keeps_the_middle() -> None:
    moved = after(STRESSES["sheared, 0.2 keys a row"]) - keys(SWIPE)
    height = keys(SWIPE)[:, 1]
    assert np.allclose(moved[:, 0], 0.2 * (height - height.mean()), atol=1e-4)
    assert np.allclose(moved[:, 1:], 0, atol=1e-4)


@pytest.mark.parametrize("hertz", [30, 60, 120])
def test_sampling_keeps_the_path_and_both_ends(hertz: int) -> None:
    points = after(STRESSES[f"{hertz} points a second"])
    assert np.allclose(np.diff(points[:-1, 2]), 1000 / hertz, atol=1e-3)
    assert np.allclose(points[[0, -1]], keys(SWIPE)[[0, -1]], atol=1e-4)
    expected = np.interp(points[:, 2], TIME, keys(SWIPE)[:, 0])
    assert np.allclose(points[:, 0], expected, atol=1e-4)


def test_missing_points_are_a_fifth_and_never_the_ends() -> None:
    counts = []
    for seed in range(300):
        points = after(STRESSES["20 % of the points missing"], seed)
        assert np.allclose(points[[0, -1]], keys(SWIPE)[[0, -1]], atol=1e-4)
        counts.append(len(points))
    assert np.mean(counts) == pytest.approx(2 + 0.8 * 10, abs=0.2)


def test_jitter_has_its_strength_and_leaves_the_clock() -> None:
    moves = [after(STRESSES["jitter of 0.1 keys"], seed) - keys(SWIPE) for seed in range(300)]
    assert np.std(moves, axis=(0, 1))[:2] == pytest.approx([0.1, 0.1], rel=0.05)
    assert np.abs(np.array(moves)[..., 2]).max() < 1e-3


def test_a_cut_takes_the_last_tenth_of_the_time_and_haste_halves_it() -> None:
    cut = after(STRESSES["last 10 % cut off"])
    assert np.allclose(cut, keys(SWIPE)[TIME <= 180], atol=1e-4)
    fast = after(STRESSES["twice as fast"])
    assert np.allclose(fast[:, 2], TIME / 2)
    assert np.allclose(fast[:, :2], keys(SWIPE)[:, :2], atol=1e-4)


def test_a_decoder_is_measured_on_the_changed_swipes() -> None:
    gestures = [row.gesture for row in located(seed=3)]
    decoder = Template()
    calm = under_stress(decoder, gestures, BOARD, "calm", STRESSES["as recorded"])
    wild = under_stress(decoder, gestures, BOARD, "wild", shifted(3, 1))
    assert (calm.name, calm.n, wild.n) == ("calm", len(gestures), len(gestures))
    assert calm.top1 > wild.top1 + 30
    assert calm.top3 >= calm.top1
