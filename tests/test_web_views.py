"""The other views of the demo: looking inside, the gallery, and the user's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from web_fixtures import READY, Visit, start_anew
from web_swipes import Hand, received, spelt_out, synthetic, until, write

from glissando import GestureDecoder
from glissando.lexicon import PersonalWords


@pytest.fixture(scope="module")
def decoder() -> GestureDecoder:
    return GestureDecoder.load()


def go(page: Any, view: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=view, exact=True).click()


def test_a_link_reproduces_the_swipe_with_pythons_scores(
    page: Any, demo_url: str, visit: Callable[..., Visit], decoder: GestureDecoder
) -> None:
    word = write(page, Hand(page), synthetic("keyboard"))
    expected = decoder.decode(received(page), n=10)
    link = page.locator("a.inside").get_attribute("href")
    elsewhere = visit(demo_url + link)  # another browser, of another size
    elsewhere.page.locator(".heatmap").wait_for(timeout=90_000)
    rows = elsewhere.page.locator("table").first.locator("tbody tr").all_inner_texts()
    assert [row.split()[0] for row in rows] == [candidate.word for candidate in expected]
    assert rows[0].split()[0] == elsewhere.page.locator("h1").inner_text() == word
    scores = [float(row.split()[-1]) for row in rows]
    assert scores == pytest.approx([candidate.score for candidate in expected], abs=2e-3)
    shares = [float(row.split()[-3]) / 100 for row in rows]
    assert shares == pytest.approx([each.probability for each in expected], abs=2e-3)


def test_inside_a_word_that_was_spelt_without_the_list_is_marked_too(
    page: Any, decoder: GestureDecoder
) -> None:
    written = write(page, Hand(page), spelt_out(decoder))
    page.locator("a.inside").click()
    marked = page.locator("table .literal")
    page.locator(".inside-view h1").get_by_text(written, exact=True).wait_for()
    assert marked.all_inner_texts() == [written]
    assert marked.get_attribute("title") == "Spelt out: not in the word list"


def test_looking_inside_moves_through_the_frames(page: Any) -> None:
    word = write(page, Hand(page), synthetic("keyboard"))
    page.locator("a.inside").click()
    page.locator(".inside-view h1").get_by_text(word, exact=True).wait_for()
    slider, beam = page.get_by_label("Frame", exact=True), page.locator("table").nth(1)
    last = int(slider.get_attribute("max"))
    assert beam.locator("tbody tr").first.inner_text().split()[0] == word
    slider.fill("0")
    assert f"frame 1 of {last + 1}" in beam.locator("caption").inner_text()
    assert len(beam.locator("tbody tr").first.inner_text().split()[0]) <= 1
    seen = set()
    for frame in range(last + 1):
        slider.fill(str(frame))
        lights = page.locator(".light").evaluate_all(
            "all => all.map(one => Number(one.getAttribute('opacity')))"
        )
        seen.add(max(range(len(lights)), key=lights.__getitem__) if max(lights) > 0.5 else None)
    assert len(seen) > 4  # different keys glow
    page.get_by_role("button", name="Play").click()
    until(lambda: slider.input_value() != str(last))
    until(lambda: slider.input_value() == str(last))


def test_links_that_hold_no_swipe_say_so(page: Any) -> None:
    for broken in ("qwerty/", "qwerty/what", "nowhere/0.0.0", "qwerty/1.2", "%"):
        page.evaluate(f"location.hash = '#inside/{broken}'")
        page.get_by_text("This link holds no swipe").wait_for()
    page.evaluate("location.hash = '#inside/qwerty/0.0.0'")  # one point is a swipe to the decoder
    page.locator(".heatmap").wait_for()
    page.evaluate("location.hash = '#nonsense'")
    page.locator(".typing").wait_for()


def test_the_gallery_replays_synthetic_swipes_and_says_so(page: Any) -> None:
    go(page, "Gallery")
    page.get_by_text("made by Glissando’s own synthesiser, not by people").wait_for()
    cards = page.locator(".card")
    until(lambda: "…" not in page.locator(".read").all_inner_texts())
    assert cards.count() >= 8
    hidden = cards.first.locator("polyline[hidden]")
    cards.first.get_by_role("button").click()
    until(lambda: hidden.count() > 0)
    until(lambda: hidden.count() == 0)
    read = cards.first.locator(".read").inner_text()
    cards.first.get_by_role("link", name="Look inside").click()
    page.locator(".inside-view h1").get_by_text(read, exact=True).wait_for()


def test_own_words_count_at_once_and_stay(page: Any) -> None:
    hand, swipe = Hand(page), synthetic("people", seed=3)
    before = write(page, hand, swipe)
    try:
        go(page, "Words")
        page.get_by_label("Word", exact=True).fill(before)
        page.get_by_role("button", name="Block").click()
        page.get_by_text(f"Blocked: {before}").wait_for()
        start_anew(page)
        assert write(page, hand, swipe) != before
        page.reload()
        page.locator(READY).wait_for(timeout=90_000)
        assert write(page, Hand(page), swipe) != before
        go(page, "Words")
        page.get_by_role("button", name=f"Forget {before}").click()
        page.get_by_text("No words of your own yet.").wait_for()
        start_anew(page)
        assert write(page, Hand(page), swipe) == before
    finally:
        page.evaluate("localStorage.clear()")


def test_own_words_travel_in_the_command_lines_file(page: Any, tmp_path: Path) -> None:
    go(page, "Words")
    kept = tmp_path / "kept.txt"
    words = PersonalWords(kept)
    words.add("Quokka", 5.5)
    words.block("duck")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import").click()
    chooser.value.set_files(kept)
    page.get_by_text("Imported: 2").wait_for()
    page.get_by_label("Word", exact=True).fill("zebra")
    page.get_by_label("How much").fill("-1.5")
    page.get_by_role("button", name="Boost").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    brought = tmp_path / "brought.txt"
    download.value.save_as(brought)
    words.boost("zebra", -1.5)
    assert brought.read_bytes() == kept.read_bytes()
    page.get_by_role("button", name="Forget Quokka").click()
    page.evaluate("localStorage.clear()")


def test_a_word_or_file_that_cannot_be_kept_is_refused(page: Any, tmp_path: Path) -> None:
    go(page, "Words")
    before = page.locator(".entries li").all_inner_texts()
    page.get_by_label("Word", exact=True).fill("no2")
    page.get_by_role("button", name="Add").click()
    said = page.locator(".words .status")
    assert "no2" in said.inner_text()
    damaged = tmp_path / "damaged.txt"
    damaged.write_text("add\tfine\nfrobnicate\tword\n", encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import").click()
    chooser.value.set_files(damaged)
    until(lambda: "2:" in said.inner_text() and "frobnicate" in said.inner_text())
    assert page.locator(".entries li").all_inner_texts() == before
