"""What fingers and windows do to a swipe that is under way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from web_fixtures import start_anew
from web_swipes import (
    Hand,
    received,
    straight,
    synthetic,
    text,
    trace_seen,
    until,
    write,
)


def test_a_window_that_turns_in_mid_swipe_drops_it(page: Any) -> None:
    hand, points = Hand(page), synthetic("people")
    hand.swipe(points[:15], lift=False)
    page.set_viewport_size({"width": 844, "height": 390})
    page.get_by_text("The keyboard moved: swipe again.").wait_for()
    hand.move(points[15:])
    hand.lift(points[-1])
    assert text(page) == ""
    assert write(page, hand, points) == text(page)  # on the keyboard as it now lies


def test_a_window_that_grows_below_the_keyboard_does_not(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    hand, points = Hand(page), synthetic("people")
    hand.swipe(points[:15], lift=False)
    page.evaluate("dispatchEvent(new Event('resize'))")
    hand.move(points[15:])
    hand.lift(points[-1])
    until(lambda: text(page))


def test_a_second_finger_is_ignored(page: Any) -> None:
    hand, points = Hand(page), synthetic("people")
    alone = write(page, hand, points)
    path = received(page)
    start_anew(page)
    hand.swipe(points[:10], lift=False)
    for point, others in (
        (points[10], [(0.1, 0.2, 0.0)]),
        (points[11], [(0.4, 0.2, 0.0)]),
        (points[12], []),
    ):
        hand.send([hand.event("move", point, *others)])
    hand.move(points[13:])
    hand.lift(points[-1])
    until(lambda: text(page))
    assert text(page) == alone
    np.testing.assert_allclose(received(page).points(), path.points(), atol=0.3)


def test_a_finger_that_leaves_the_keyboard_is_followed(page: Any) -> None:
    hand = Hand(page)
    out_and_back = [*straight((0.5, 0.5), (0.5, -4.0)), *straight((0.5, -4.0), (0.05, 0.17))]
    points = [(x, y, at * 10.0) for at, (x, y, _) in enumerate(out_and_back)]
    assert trace_seen(page, hand, points).y.min() == pytest.approx(-4.0, abs=1e-3)
    start_anew(page)
    assert write(page, hand, synthetic("people"))  # and the next swipe is a swipe again


def test_a_swipe_that_the_system_takes_away_writes_nothing(page: Any) -> None:
    hand = Hand(page)
    hand.swipe(synthetic("people")[:15], lift=False)
    hand.send([("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})])
    page.get_by_text("The swipe was interrupted").wait_for()
    assert text(page) == ""


def test_ten_thousand_points(page: Any) -> None:
    hand = Hand(page)
    angles = np.linspace(0, 60 * np.pi, 10_000)
    points = [
        (0.5 + 0.4 * np.cos(angle), 0.5 + 0.3 * np.sin(angle), float(at))
        for at, angle in enumerate(angles)
    ]
    assert len(trace_seen(page, hand, points)) >= 10_000
    page.locator("a.inside").click()
    page.locator(".heatmap").wait_for()
    start_anew(page)
    assert write(page, hand, synthetic("people")) == text(page)


def test_taps_in_a_hurry_are_letters(page: Any) -> None:
    hand = Hand(page)
    for letter, (x, y) in {"h": (0.6, 0.5), "e": (0.25, 0.17), "y": (0.55, 0.17)}.items():
        hand.swipe([(x, y, 0.0), (x + 0.01, y + 0.02, 40.0)])
        until(lambda letter=letter: text(page).endswith(letter))
    assert text(page) == "hey"
