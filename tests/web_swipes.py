"""Fingers and mice for tests of the page: trusted input events with times of their own."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import numpy as np

from glissando import GestureDecoder
from glissando.keyboard import load_keyboard
from glissando.synthesis import synthesize
from glissando.traces import Trace

Point = tuple[float, float, float]  # x, y in fractions of the letter area, t in milliseconds
Points = Sequence[Point]
Event = tuple[str, dict[str, Any]]  # a command of Chromium's protocol
CHOSEN = ".candidate[aria-pressed=true]"


def synthetic(word: str, seed: int = 14, layout: str = "qwerty") -> list[Point]:
    """A made-up swipe."""
    batch = synthesize([word], load_keyboard(layout), rng=np.random.default_rng(seed))
    return points_of(next(batch.traces()))


def spelt_out(decoder: GestureDecoder) -> list[Point]:
    """A made-up swipe of a word that no list has, which the decoder spells."""
    words = ("dogfish", "zorbleflux", "quimblat", "wuzzlegan", "snarfblat")
    for points in map(synthetic, words):
        if decoder.decode(np.array(points))[0].literal:
            return points
    raise AssertionError("the decoder spells none of these")


def points_of(trace: Trace) -> list[Point]:
    """x, y, t of every point."""
    return [tuple(point) for point in trace.points().astype(float).tolist()]


def straight(start: tuple[float, float], end: tuple[float, float], count: int = 30) -> Points:
    """A swipe along a line, ten milliseconds a point."""
    steps = np.linspace(0, 1, count)
    (x0, y0), (x1, y1) = start, end
    return [(x0 + (x1 - x0) * s, y0 + (y1 - y0) * s, i * 10.0) for i, s in enumerate(steps)]


class Hand:
    """Plays swipes on the keyboard of a page, in fractions of its letter area.

    Chromium gives an event the time that comes with it, to a tenth of a millisecond, so that a
    swipe needs no more than an instant; but none has a time before its page was opened.
    """

    def __init__(self, page: Any, pointer: str = "touch") -> None:
        self._page, self._pointer = page, pointer
        self._session = page.context.new_cdp_session(page)
        self._box: dict[str, float] = {}
        self._begin = 0.0

    def swipe(self, points: Points, *, lift: bool = True) -> None:
        """Touch, move along the points, and lift where and when the last one is."""
        self._look()
        age = self._page.evaluate("performance.now()")
        time.sleep(max(0.0, points[-1][2] - age + 100) / 1000)
        # It ends now: Chromium makes no click of a tap that is older than what came before it.
        self._begin = time.time() - points[-1][2] / 1000
        self.send([self.event("move" if at else "down", point) for at, point in enumerate(points)])
        if lift:
            self.lift(points[-1])

    def play(self, points: Points) -> None:
        """A swipe in its own time: every event is sent when it is due, as a device does."""
        self._look()
        phases = ["down", *("move" for _ in points[1:]), "up"]
        events = list(zip(phases, [*points, points[-1]], strict=True))

        async def play_all(session: Any) -> None:
            self._begin = time.time()
            sent = []
            for phase, point in events:
                await asyncio.sleep(self._begin + point[2] / 1000 - time.time())
                sent.append(asyncio.ensure_future(session.send(*self.event(phase, point))))
            await asyncio.gather(*sent)

        self._run(play_all)

    def move(self, points: Points) -> None:
        """Move a finger that is down; its time goes on counting from where it touched."""
        self.send([self.event("move", point) for point in points])

    def lift(self, at: Point) -> None:
        """Lift it."""
        self.send([self.event("up", at)])

    def event(self, phase: str, point: Point, *others: Point) -> Event:
        """The command for one event; `others` are where more fingers are."""
        place, *more = (self._place(one) for one in (point, *others))
        stamp = {"timestamp": self._begin + point[2] / 1000}
        if self._pointer == "mouse":
            kind = {"down": "mousePressed", "move": "mouseMoved", "up": "mouseReleased"}[phase]
            button = {"button": "left", "buttons": 1, "clickCount": int(phase != "move")}
            return "Input.dispatchMouseEvent", {"type": kind, **place, **button, **stamp}
        kind = {"down": "touchStart", "move": "touchMove", "up": "touchEnd"}[phase]
        places = [] if phase == "up" else [place, *more]
        touches = [{**at, "id": finger} for finger, at in enumerate(places)]
        return "Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches, **stamp}

    def send(self, events: Sequence[Event]) -> None:
        """Send input events without waiting for the answer to each, as a device would."""

        async def send_all(session: Any) -> None:
            await asyncio.gather(*(session.send(*event) for event in events))

        self._run(send_all)

    def _run(self, what: Callable[[Any], Awaitable[None]]) -> None:
        """Playwright's synchronous half sends one command at a time; the other can send many."""
        from playwright.async_api import CDPSession

        self._session._sync(what(CDPSession(self._session._impl_obj)))

    def _look(self) -> None:
        self._box = self._page.locator(".letters").bounding_box()

    def _place(self, point: Point) -> dict[str, float]:
        box = self._box
        x, y = box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]
        return {"x": x, "y": y}


def write(page: Any, hand: Hand, points: Points) -> str:
    """Swipe, and wait for the word."""
    page.evaluate("performance.clearMeasures('lift to word')")
    hand.swipe(points)
    until(lambda: page.evaluate("performance.getEntriesByName('lift to word').length"))
    return str(page.locator(CHOSEN).inner_text())


def trace_seen(page: Any, hand: Hand, points: Points) -> Trace:
    """Swipe, and wait for what the page saw of it, whether it found a word or not."""
    link = page.locator("a.inside")
    before = link.get_attribute("href")
    hand.swipe(points)
    until(lambda: link.get_attribute("href") != before)
    return received(page)


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something; Playwright's own way to wait for a function is against the policy."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def received(page: Any) -> Trace:
    """The last swipe as the page saw it: what its link to look inside holds."""
    code = page.locator("a.inside").get_attribute("href").rpartition("/")[2]
    steps = [[int(step, 36) for step in part.split(".")] for part in code.split("_")]
    x, y, t = np.cumsum(steps, axis=0).T
    return Trace.from_arrays(x / 1e5, y / 1e5, t / 1e2)


def text(page: Any) -> str:
    """What was written."""
    return str(page.locator("textarea").input_value())


def milliseconds(said: str) -> float:
    """The number in `3.4 ms from lift to word`."""
    match = re.match(r"([\d.]+) ms", said)
    assert match, said
    return float(match[1])
