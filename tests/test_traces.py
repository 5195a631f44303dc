from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.traces import Gesture, Trace, TraceError

POINT = {"x": 0.5, "y": 0.5, "t": 0.0}
EPOCH_MS = 1_700_000_000_000.0  # float32 cannot tell neighbouring milliseconds apart up here

coordinates = st.floats(-4, 4)
steps = st.floats(0, 250)
point_lists = st.lists(st.tuples(coordinates, coordinates, steps), min_size=1, max_size=40)


def refusal(points: Any) -> TraceError:
    with pytest.raises(TraceError) as caught:
        Trace.from_points(points)
    return caught.value


def as_points(rows: list[tuple[float, float, float]], start: float = 0.0) -> list[dict[str, float]]:
    times = start + np.cumsum([step for _, _, step in rows])
    return [{"x": x, "y": y, "t": float(t)} for (x, y, _), t in zip(rows, times, strict=True)]


@given(point_lists)
def test_points_survive_a_round_trip_through_json(rows: list[tuple[float, float, float]]) -> None:
    trace = Trace.from_points(as_points(rows))
    again = Trace.from_points(json.loads(json.dumps(trace.to_points())))
    assert len(again) == len(trace) == len(rows)
    np.testing.assert_allclose(again.x, trace.x, atol=1e-5)
    np.testing.assert_allclose(again.y, trace.y, atol=1e-5)
    np.testing.assert_allclose(again.t, trace.t, atol=0.01)


@given(point_lists)
def test_the_clock_starts_at_the_first_point_whatever_the_epoch(
    rows: list[tuple[float, float, float]],
) -> None:
    from_zero = Trace.from_points(as_points(rows))
    from_epoch = Trace.from_points(as_points(rows, start=EPOCH_MS))
    assert from_epoch.t[0] == 0
    np.testing.assert_allclose(from_epoch.t, from_zero.t, atol=0.02)
    assert from_epoch.duration == pytest.approx(sum(r[2] for r in rows[1:]), abs=0.02)


def test_columns_are_float32_and_stack_as_x_y_t() -> None:
    trace = Trace.from_points([{"x": 0, "y": 1, "t": 5}, {"x": 2, "y": 3, "t": 9}])
    assert trace.points().dtype == np.float32
    assert trace.points().tolist() == [[0, 1, 0], [2, 3, 4]]


def test_time_may_stand_still_and_a_tap_is_a_trace() -> None:
    assert Trace.from_points([POINT, POINT]).duration == 0
    assert len(Trace.from_points([POINT])) == 1


@pytest.mark.parametrize(
    ("points", "reason", "message"),
    [
        (None, "bad_points", "points: expected a list, found nothing"),
        ("0.5,0.5,0", "bad_points", "points: expected a list, found str"),
        ({"x": 1}, "bad_points", "points: expected a list, found dict"),
        ([POINT, [0.5, 0.5, 1]], "bad_points", "points[1]: expected an object, found list"),
        ([POINT, None], "bad_points", "points[1]: expected an object, found nothing"),
        ([POINT, {"x": 1, "y": 1}], "bad_points", "points[1] has no t"),
        ([], "no_points", "the list of points is empty"),
        ([POINT | {"y": "0.5"}], "not_a_number", "points[0].y: expected a number, found '0.5'"),
        ([POINT | {"x": True}], "not_a_number", "points[0].x: expected a number, found True"),
        ([POINT | {"t": None}], "not_a_number", "points[0].t: expected a number, found None"),
        ([POINT, POINT | {"x": float("nan")}], "not_finite", "points[1].x is nan"),
        ([POINT | {"t": float("inf")}], "not_finite", "points[0].t is inf"),
        ([POINT | {"y": 10**400}], "not_finite", "points[0].y is inf"),
        ([POINT | {"x": 1e300}], "not_finite", "x does not fit a 32-bit float"),
        ([POINT | {"t": -1e308}, POINT | {"t": 1e308}], "not_finite", "t does not fit"),
        (
            [POINT | {"t": 20}, POINT | {"t": 30}, POINT | {"t": 25}],
            "time_backwards",
            "points[2].t is 25, before points[1].t 30",
        ),
        (
            [POINT | {"t": EPOCH_MS + 2}, POINT | {"t": EPOCH_MS + 1}],
            "time_backwards",
            "points[1].t is 1700000000001, before points[0].t 1700000000002",
        ),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_is_no_swipe_is_refused_with_reason_and_place(
    points: Any, reason: str, message: str
) -> None:
    error = refusal(points)
    assert error.reason == reason
    assert message in str(error)


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(TraceError, match="equally long") as caught:
        Trace.from_arrays([0, 1], [0, 1], [0])
    assert caught.value.reason == "bad_points"


def test_a_gesture_writes_the_manifest_row() -> None:
    gesture = Gesture(
        Trace.from_points([POINT, POINT | {"x": 0.123456789, "t": 16.66666}]),
        word="Café",
        user="u1",
        sentence="a café here",
        layout="azerty",
        width=320,
        height=150,
        is_err=True,
        clean=False,
        source="study",
    )
    assert json.loads(json.dumps(gesture.to_row())) == {
        "word": "Café",
        "points": [{"x": 0.5, "y": 0.5, "t": 0}, {"x": 0.12346, "y": 0.5, "t": 16.67}],
        "user": "u1",
        "sentence": "a café here",
        "keyboard": {"layout": "azerty", "width": 320, "height": 150},
        "is_err": True,
        "clean": False,
        "source": "study",
    }
