"""Recording swipes on the page, and the file that training reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from web_fixtures import Visit
from web_swipes import Hand, straight, synthetic, until

from glissando.datasets.manifest import ManifestReader
from glissando.datasets.reading import idle
from glissando.datasets.records import Located
from glissando.traces import Gesture


@pytest.fixture
def page(phone: Visit) -> Iterator[Any]:
    phone.page.evaluate("location.hash = '#record'")
    phone.page.locator(".prompt .now").wait_for()
    yield phone.page
    phone.page.get_by_role("button", name="Delete all").click()
    phone.page.get_by_role("button", name="Really delete all?").click()
    phone.page.get_by_text("Nothing kept yet").wait_for()


def prompted(page: Any) -> str:
    return str(page.locator(".prompt .now").inner_text())


def record(page: Any, hand: Hand) -> str:
    """Swipe the word that is asked for."""
    word, kept = prompted(page), page.locator(".card").count()
    hand.swipe(synthetic(word))
    until(lambda: page.locator(".card").count() == kept + 1)
    return word


def downloaded(page: Any, path: Path) -> list[Gesture]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(path)
    rows = list(ManifestReader().read(path, idle))
    assert all(isinstance(row, Located) for row in rows), rows
    return [row.gesture for row in rows]


def test_recorded_swipes_become_a_manifest(page: Any, tmp_path: Path) -> None:
    hand = Hand(page)
    page.get_by_label("Name in the file").fill("somebody")
    sentence = page.locator(".prompt").inner_text().strip()
    words = [record(page, hand) for _ in range(3)]
    box = page.locator(".letters").bounding_box()
    gestures = downloaded(page, tmp_path / "mine.jsonl")
    assert [gesture.word for gesture in gestures] == words
    for gesture in gestures:
        assert (gesture.user, gesture.sentence) == ("somebody", sentence)
        assert (gesture.layout, gesture.source) == ("qwerty", "glissando-demo")
        assert gesture.width == pytest.approx(box["width"], abs=0.1)
        assert gesture.height == pytest.approx(box["height"], abs=0.1)
        played = synthetic(gesture.word)
        assert gesture.trace.duration == pytest.approx(played[-1][2] - played[0][2], abs=0.5)
        ends = np.array([played[0][:2], played[-1][:2]])
        np.testing.assert_allclose(gesture.trace.points()[[0, -1], :2], ends, atol=1e-3)


def test_prompts_can_be_skipped_and_be_words(page: Any, tmp_path: Path) -> None:
    before = prompted(page)
    page.get_by_role("button", name="Skip").click()
    assert prompted(page) != before
    page.get_by_label("What to prompt").select_option("words")
    assert page.locator(".prompt span").count() == 1
    record(page, Hand(page))
    (gesture,) = downloaded(page, tmp_path / "mine.jsonl")
    assert gesture.sentence == ""
    page.get_by_label("What to prompt").select_option("sentences")


def test_what_was_recorded_can_be_reviewed_done_again_and_deleted(
    page: Any, tmp_path: Path
) -> None:
    hand = Hand(page)
    first, second, third = (record(page, hand) for _ in range(3))
    cards = page.locator(".card")
    assert cards.locator("b").all_inner_texts() == [third, second, first]
    assert cards.first.locator("svg.picture polyline").count() > 10
    following = prompted(page)
    page.get_by_role("button", name=f"Redo {first}", exact=True).last.click()
    assert prompted(page) == first
    before = cards.last.locator("polyline").first.get_attribute("points")
    hand.swipe(straight((0.9, 0.9), (0.1, 0.1)))
    until(lambda: cards.last.locator("polyline").first.get_attribute("points") != before)
    assert prompted(page) == following
    page.get_by_role("button", name=f"Delete {second}", exact=True).first.click()
    until(lambda: cards.count() == 2)
    gestures = downloaded(page, tmp_path / "mine.jsonl")
    assert [gesture.word for gesture in gestures] == [first, third]
    assert gestures[0].trace.x[0] == pytest.approx(0.9, abs=1e-3)


def test_recordings_outlive_the_page(page: Any) -> None:
    word = record(page, Hand(page))
    page.reload()
    page.locator(".board").wait_for(timeout=90_000)
    page.locator(".card b").get_by_text(word, exact=True).wait_for()
    assert "1 swipe kept in this browser" in page.locator(".count").inner_text()


def test_a_tap_is_not_recorded(page: Any) -> None:
    word = record(page, Hand(page))
    assert word
    now = prompted(page)
    page.locator("[data-letter=g]").tap()
    page.get_by_text("That was a tap").wait_for()
    assert (page.locator(".card").count(), prompted(page)) == (1, now)
