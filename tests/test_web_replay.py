"""Recorded swipes replayed on the page give Python's words."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from web_fixtures import Visit
from web_swipes import Hand, points_of, received, text, write

from glissando import GestureDecoder
from glissando.traces import Trace

COUNT = 52


@pytest.fixture(scope="module")
def swipes(real_data: Path) -> list[Trace]:
    """The first good swipe of each of the first people of the validation set."""
    path = real_data / "how-we-swipe" / "hws-validation.jsonl.gz"
    found: dict[str, Trace] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            trace = Trace.from_points(row["points"])
            if row["user"] not in found and not row["is_err"] and glides(trace):
                found[row["user"]] = trace
    return list(found.values())[:COUNT]


def glides(trace: Trace) -> bool:
    """Whether it leaves its first key; what does not is a tap to the page."""
    return bool(np.hypot((trace.x - trace.x[0]) / 0.1, (trace.y - trace.y[0]) * 3).max() > 0.6)


@pytest.mark.slow
def test_the_page_writes_pythons_words(swipes: list[Trace], phone: Visit) -> None:
    assert len(swipes) >= 50
    decoder = GestureDecoder.load()
    hand = Hand(phone.page)
    written, seen = [], []
    for swipe in swipes:
        written.append(write(phone.page, hand, points_of(swipe)))
        seen.append(received(phone.page))
    assert written == [best(decoder, swipe) for swipe in swipes]
    assert written == [best(decoder, swipe) for swipe in seen]
    assert text(phone.page) == " ".join(written)
    for swipe, view in zip(swipes, seen, strict=True):
        assert_same_path(swipe, view)


def best(decoder: GestureDecoder, trace: Trace) -> str:
    return decoder.decode(trace, n=1)[0].word


def assert_same_path(played: Trace, seen: Trace) -> None:
    """The page saw every place of the finger, and when it was there."""
    first, second = (moves(trace) for trace in (played, seen))
    np.testing.assert_allclose(second[:, :2], first[:, :2], atol=1e-4)
    np.testing.assert_allclose(second[:, 2], first[:, 2], atol=0.3)  # events tell tenths
    assert abs(seen.duration - played.duration) <= 0.3


def moves(trace: Trace) -> NDArray[np.float32]:
    """The points that are elsewhere than the one before; browsers leave out the others."""
    points = trace.points()
    return points[np.any(np.diff(points[:, :2], axis=0, prepend=np.nan) != 0, axis=1)]
