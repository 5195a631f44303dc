"""The feature frontend against the point-by-point reference, its invariances and its ONNX graph."""

from __future__ import annotations

import gzip
import itertools
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from feature_reference import reference_features
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glissando.alphabet import ENGLISH
from glissando.features import FeatureSpec
from glissando.features.spec import KINEMATIC
from glissando.keyboard import Keyboard, load_keyboard
from glissando.model.frontend import SwipeFeatures
from glissando.traces import Trace

SPEC = FeatureSpec(ENGLISH.letters)
QWERTY, AZERTY = load_keyboard("qwerty"), load_keyboard("azerty")
AXES = {"points": {0: "batch", 1: "time"}, "lengths": {0: "batch"}, "features": {0: "batch"}}

Points = NDArray[np.float32]


def layout(board: Keyboard) -> tuple[torch.Tensor, torch.Tensor]:
    centres = board.centre_array(SPEC.letters)
    return torch.from_numpy(centres), torch.from_numpy(board.key_size)


def padded(swipes: Sequence[Points], value: float = 0.0) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.tensor([len(swipe) for swipe in swipes])
    batch = torch.full((len(swipes), int(lengths.max()), 3), value)
    for row, swipe in zip(batch, swipes, strict=True):
        row[: len(swipe)] = torch.from_numpy(np.asarray(swipe, dtype=np.float32))
    return batch, lengths


def features(swipes: Sequence[Points], board: Keyboard = QWERTY) -> NDArray[np.float32]:
    result: NDArray[np.float32] = SwipeFeatures(SPEC)(*padded(swipes), *layout(board)).numpy()
    return result


def swipe(*points: tuple[float, float, float]) -> Points:
    return np.array(points, dtype=np.float32)


def tolerance(swipes: Sequence[Points]) -> NDArray[np.float64]:
    """`(B, F, 1)`: 1e-4, and what float32 positions lose where samples are few milliseconds apart.

    Half a unit in the last place of a position of up to 16 key units is 5e-7; a difference per
    time step magnifies it once for velocity, twice for acceleration.
    """
    duration = np.array([float(swipe[-1, 2] - swipe[0, 2]) for swipe in swipes])
    per_sample = SPEC.time_unit / np.maximum(duration / (SPEC.points - 1), SPEC.min_dt)
    allowed = np.full((len(swipes), SPEC.width), 1e-4)
    for channel, name in enumerate(SPEC.names):
        if name in ("vx", "vy"):
            allowed[:, channel] += 5e-7 * per_sample
        elif name in ("ax", "ay"):
            allowed[:, channel] += 1e-6 * per_sample**2
        elif name.startswith("heading"):
            allowed[:, channel] += 1e-6 * per_sample / SPEC.min_speed
    return allowed[..., None]


def assert_equals_reference(swipes: Sequence[Points], board: Keyboard = QWERTY) -> None:
    centres, key_size = board.centre_array(SPEC.letters), board.key_size
    expected = np.stack([reference_features(s, centres, key_size, SPEC) for s in swipes])
    excess = np.abs(features(swipes, board) - expected) - tolerance(swipes)
    worst = np.unravel_index(np.argmax(excess), excess.shape)
    assert excess[worst] <= 0, (SPEC.names[worst[1]], worst, swipes[worst[0]], excess[worst])


@st.composite
def random_swipes(draw: st.DrawFn) -> Points:
    """Any path, with dwells, jumps and equal time stamps, in quarters of a millisecond."""
    count = draw(st.integers(1, 40))
    place = st.floats(-0.5, 1.5, width=32)
    steps = st.one_of(st.just(0), st.integers(1, 100), st.integers(1, 4000))
    x = draw(st.lists(place, min_size=count, max_size=count))
    y = draw(st.lists(place, min_size=count, max_size=count))
    step = draw(st.lists(steps, min_size=count, max_size=count))
    return np.stack([x, y, np.cumsum(step) / 4], axis=1).astype(np.float32)


@settings(max_examples=50, deadline=None)
@given(st.lists(random_swipes(), min_size=1, max_size=4))
def test_equals_the_point_by_point_reference(swipes: list[Points]) -> None:
    assert_equals_reference(swipes)


def real_swipes(real_data: Path, count: int) -> list[Points]:
    path = real_data / "how-we-swipe" / "hws-validation.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, 0, count * 10, 10)]
    return [Trace.from_points(row["points"]).points() for row in rows]


def test_equals_the_reference_on_real_swipes(real_data: Path) -> None:
    swipes = real_swipes(real_data, 200)
    assert_equals_reference(swipes)
    slow = [s for s in swipes if s[-1, 2] - s[0, 2] >= 500]
    centres, key_size = QWERTY.centre_array(SPEC.letters), QWERTY.key_size
    expected = np.stack([reference_features(s, centres, key_size, SPEC) for s in slow])
    np.testing.assert_allclose(features(slow), expected, atol=1e-4, rtol=0)


def test_channels_and_bounds_are_the_spec_s(real_data: Path) -> None:
    found = features(real_swipes(real_data, 200))
    assert found.shape == (200, SPEC.width, SPEC.points) == (200, 37, 64)
    assert found.dtype == np.float32
    bounds = [SPEC.max_position] * 2 + [SPEC.max_log_dt] + [SPEC.max_velocity] * 2
    bounds += [SPEC.max_acceleration] * 2 + [1.0] * (2 + len(SPEC.letters) + 1)
    assert (np.abs(found).max(axis=(0, 2)) <= np.array(bounds) + 1e-6).all()
    assert (found[:, len(KINEMATIC) :] >= 0).all()


@pytest.mark.parametrize("filler", [0.0, -7.5, math.nan, math.inf])
def test_padding_never_matters(filler: float) -> None:
    short = swipe((0.1, 0.2, 0), (0.5, 0.5, 90), (0.9, 0.1, 300))
    long = swipe(*((0.01 * i, 0.5, 20.0 * i) for i in range(60)))
    together = SwipeFeatures(SPEC)(*padded([short, long], filler), *layout(QWERTY))
    np.testing.assert_array_equal(together[:1].numpy(), features([short]))
    np.testing.assert_array_equal(together[1:].numpy(), features([long]))


def test_a_keyboard_of_another_shape_gives_the_same_motion() -> None:
    """The same finger movement, as fractions of a letter area twice as wide with twice the keys."""
    narrow = swipe((0.2, 0.2, 0), (0.7, 0.9, 120), (0.6, 0.4, 420))
    wide = narrow.copy()
    wide[:, 0] = 0.5 + (wide[:, 0] - 0.5) / 2
    centres, key_size = layout(QWERTY)
    module = SwipeFeatures(SPEC)
    one = module(*padded([narrow]), centres, key_size)
    half_centres = torch.stack([0.5 + (centres[:, 0] - 0.5) / 2, centres[:, 1]], dim=1)
    other = module(*padded([wide]), half_centres, key_size * torch.tensor([0.5, 1.0]))
    np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-4)


def test_pixels_cancel_once_points_are_fractions_of_the_letter_area() -> None:
    path = [(30.0, 20.0, 0.0), (200.0, 90.0, 130.0), (310.0, 40.0, 380.0)]
    on_screen = [
        swipe(*((x * zoom / (360 * zoom), y * zoom / (170 * zoom), t) for x, y, t in path))
        for zoom in (1.0, 2.75)
    ]
    small, large = features(on_screen)
    np.testing.assert_allclose(small[: len(KINEMATIC)], large[: len(KINEMATIC)], atol=1e-4)


def test_layout_per_swipe_equals_layout_for_all() -> None:
    swipes = [swipe((0.2, 0.5, 0), (0.8, 0.5, 400)), swipe((0.3, 0.1, 0), (0.1, 0.9, 250))]
    boards = [layout(QWERTY), layout(AZERTY)]
    centres, key_size = (torch.stack(parts) for parts in zip(*boards, strict=True))
    mixed = SwipeFeatures(SPEC)(*padded(swipes), centres, key_size).numpy()
    np.testing.assert_array_equal(mixed[:1], features(swipes[:1], QWERTY))
    np.testing.assert_array_equal(mixed[1:], features(swipes[1:], AZERTY))


def test_first_and_last_point_and_the_final_dwell_are_kept() -> None:
    dwell = swipe((0.1, 0.1, 0), (0.8, 0.6, 100), (0.8, 0.6, 400), (0.9, 0.7, 400))
    x, y = features([dwell])[0, :2]
    width, height = QWERTY.key_size
    np.testing.assert_allclose([x[0], y[0]], [-0.4 / width, -0.4 / height], atol=1e-6)
    np.testing.assert_allclose([x[-1], y[-1]], [0.4 / width, 0.2 / height], atol=1e-6)
    np.testing.assert_allclose(x[17:-1], 0.3 / width, atol=1e-6)


@pytest.mark.parametrize(
    "still",
    [
        swipe((0.3, 0.4, 0)),
        swipe((0.3, 0.4, 0), (0.3, 0.4, 0), (0.3, 0.4, 0)),
        swipe((0.3, 0.4, 5), (0.9, 0.9, 5)),
        swipe((0.3, 0.4, 0), (0.3, 0.4, 500)),
    ],
    ids=["one point", "equal points", "no time", "a dwell"],
)
def test_a_finger_that_rests_or_takes_no_time_stands_still(still: Points) -> None:
    found = features([still])[0]
    np.testing.assert_allclose(found, found[:, :1].repeat(SPEC.points, axis=1))
    moving = [SPEC.names.index(name) for name in ("vx", "vy", "ax", "ay", *KINEMATIC[-2:])]
    assert not found[moving].any()
    assert_equals_reference([still])


@pytest.mark.parametrize("far", [1e30, -1e30, 3e38])
def test_far_points_read_as_points_at_the_bound(far: float) -> None:
    found = features([swipe((0.5, 0.5, 0), (far, -far, 100), (far, 0.5, 200))])[0]
    assert np.isfinite(found).all()
    assert found[0, -1] == math.copysign(SPEC.max_position, far)
    assert_equals_reference([swipe((0.5, 0.5, 0), (far, -far, 100), (far, 0.5, 200))])


def test_ten_thousand_points() -> None:
    angle = np.linspace(0, 20, 10_000)
    x, y = 0.5 + 0.4 * np.sin(angle), 0.5 + 0.4 * np.cos(1.3 * angle)
    assert_equals_reference([np.stack([x, y, np.arange(10_000) * 2.0], 1).astype(np.float32)])


def test_a_letter_that_the_layout_lacks_has_channel_zero() -> None:
    path = swipe((0.0, 0.0, 0), (1.0, 1.0, 500))
    missing = SPEC.names.index("key_'")
    assert "'" not in QWERTY.centres
    assert not features([path])[0, missing].any()
    nowhere = torch.full((len(SPEC.letters), 2), math.nan)
    found = SwipeFeatures(SPEC)(*padded([path]), nowhere, layout(QWERTY)[1])[0].numpy()
    assert not found[len(KINEMATIC) : -1].any()
    assert (found[-1] == 1).all()


def test_on_a_key_its_channel_is_one_and_no_other() -> None:
    x, y = QWERTY.centres["g"]
    found = features([swipe((x, y, 0))])[0]
    assert found[SPEC.names.index("key_g"), 0] == pytest.approx(1, abs=1e-5)
    assert found[SPEC.names.index("near_no_key"), 0] == pytest.approx(0, abs=1e-5)
    assert int(found[len(KINEMATIC) : -1, 0].argmax()) == SPEC.letters.index("g")


def test_autocast_and_half_precision_inputs_leave_float32() -> None:
    batch, lengths = padded([swipe((0.1, 0.2, 0), (0.8, 0.7, 300))])
    centres, key_size = layout(QWERTY)
    module = SwipeFeatures(SPEC)
    expected = module(batch, lengths, centres, key_size)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = module(batch, lengths.int(), centres, key_size)
    assert found.dtype == torch.float32
    assert torch.equal(found, expected)
    assert module(batch.bfloat16(), lengths, centres, key_size).dtype == torch.float32


def test_too_few_points_in_the_spec_are_refused() -> None:
    with pytest.raises(ValueError, match=r"FeatureSpec.points: expected at least 2, found 1"):
        SwipeFeatures(FeatureSpec("ab", points=1))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> onnxruntime.InferenceSession:
    path = tmp_path_factory.mktemp("onnx") / "features.onnx"
    example = (*padded([swipe((0, 0, 0), (1, 1, 9)), swipe((0, 0, 0))]), *layout(QWERTY))
    names = ["points", "lengths", "centres", "key_size"]
    torch.onnx.export(
        SwipeFeatures(SPEC),
        example,
        str(path),
        input_names=names,
        output_names=["features"],
        dynamic_axes=AXES,
        dynamo=False,
        opset_version=18,
    )
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")
@pytest.mark.filterwarnings("ignore:.*legacy TorchScript-based ONNX export")
@pytest.mark.parametrize("board", [QWERTY, AZERTY], ids=["qwerty", "azerty"])
@pytest.mark.parametrize("count", [1, 3, 700])
def test_the_exported_graph_equals_the_module(
    graph: onnxruntime.InferenceSession, board: Keyboard, count: int
) -> None:
    random = np.random.default_rng(count)
    swipes = []
    for length in (count, 1, max(1, count // 2), count):
        time = np.cumsum(random.integers(0, 40, length)) + np.arange(length) * 200 / length
        swipes.append(np.stack([*random.random((2, length)), time], 1).astype(np.float32))
    batch, lengths = padded(swipes)
    centres, key_size = layout(board)
    inputs = {"points": batch, "lengths": lengths, "centres": centres, "key_size": key_size}
    (found,) = graph.run(None, {name: value.numpy() for name, value in inputs.items()})
    assert (np.abs(found - features(swipes, board)) <= tolerance(swipes)).all()
