"""The report is well-formed, holds everything, fetches nothing, and cannot be broken out of."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from evaluation_swipes import located
from small_decoders import WORDS, Oracle, Small, Speller, Template
from test_evaluation_metrics import answer

from glissando.datasets import Located, Report
from glissando.decoding import Candidate
from glissando.evaluation import Rows, Swipes, evaluate, to_json, write_report
from glissando.evaluation.report import confusions, failures
from glissando.keyboard import Keyboard, load_keyboard
from glissando.traces import Trace

KEYBOARDS = {"qwerty": load_keyboard("qwerty")}
NASTY = ["<script>alert(1)</script>", "a&b;", "\"'>", "]]>", "\x00\x1b", "😀", "-->"]


class Nasty(Small):
    name = "<b>nasty</b>"
    lexicon_name = "</title>"

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        return [Candidate(word, 0.0, 0.1) for word in NASTY][: n if trace.x[0] > 0.2 else 0]

    def decode_greedy(self, trace: Trace, *, keyboard: Keyboard | None = None) -> str | None:
        return NASTY[0]


def page(tmp_path: Path, open_decoder: Any, rows: list[Located], **more: Any) -> str:
    result = evaluate(open_decoder, rows, KEYBOARDS, latency_sample=more.pop("latency_sample", 0))
    swipes = Swipes(rows, KEYBOARDS, Report(), (("<data>", "0" * 64),))
    numbers = to_json(result, swipes, rows=Rows.HEADLINE, common=("few", WORDS))
    path = tmp_path / "report.html"
    write_report(path, result, numbers, rows, KEYBOARDS, **more)
    return path.read_text(encoding="utf-8")


def parsed(text: str) -> ET.Element:
    """The page as XML, which is stricter than HTML."""
    begin = text.index("<html")
    assert text[:begin].strip() == "<!DOCTYPE html>"
    return ET.fromstring(text[begin:])


def shown(page: ET.Element) -> str:
    return " ".join(" ".join(page.itertext()).split())


def test_it_shows_numbers_plots_confusions_and_failed_swipes(tmp_path: Path) -> None:
    rows = located()
    text = page(tmp_path, Template, rows, latency_sample=4)
    tree = parsed(text)
    assert "xylophone read as" in shown(tree)
    assert "not in the lexicon" in shown(tree)
    tags = [element.tag.rpartition("}")[2] for element in tree.iter()]
    assert tags.count("figure") == 5
    drawn = [e for e in tree.iter() if e.get("aria-label") == "A swipe on a keyboard"]
    wrong = tags.count("article")
    assert len(drawn) == wrong >= 6  # xylophone and dont are not in its lexicon
    assert f"{wrong} of {wrong}, those first that the decoder was surest of" in shown(tree)
    assert tags.count("article") == page(tmp_path, Template, rows, pictures=2).count("<article") + (
        wrong - 2
    )


def test_it_shows_the_list_alone_beside_what_was_spelt_out(tmp_path: Path) -> None:
    rows = located()
    assert "the list alone" in shown(parsed(page(tmp_path, partial(Speller, rows), rows)))
    assert "the list alone" not in shown(parsed(page(tmp_path, Template, rows)))


def test_it_fetches_nothing_and_runs_nothing(tmp_path: Path) -> None:
    text = page(tmp_path, Template, located())
    tags = {element.tag.rpartition("}")[2] for element in parsed(text).iter()}
    assert not tags & {"script", "link", "img", "iframe", "object", "use", "image", "a"}
    addresses = set(re.findall(r"https?://[^\"'\s<]+", text))
    assert addresses <= {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import|\son\w+=", text)
    assert "prefers-color-scheme: dark" in text


def test_words_cannot_break_out(tmp_path: Path) -> None:
    rows = located(["the", "on"], each=4)
    nasty = [
        Located(
            replace(r.gesture, word=NASTY[at % 7] + "x", user=NASTY[0]), f"folder/<i>{r.origin}"
        )
        for at, r in enumerate(rows)
    ]
    text = page(tmp_path, Nasty, nasty)
    tree = parsed(text)
    assert "<script" not in text and "<b>nasty" not in text and "<i>made" not in text
    everything = shown(tree)
    for word in NASTY[:4]:
        assert word in everything
    assert "<b>nasty</b>" in everything and "<i>made:1" in everything and "<data>" in everything
    assert "folder" not in everything


def test_a_perfect_decoder_has_no_failures_to_show(tmp_path: Path) -> None:
    rows = located()
    text = page(tmp_path, partial(Oracle, rows), rows)
    assert "every word was read right" in shown(parsed(text))
    assert "<article" not in text


@pytest.mark.parametrize("count", [1, 2])
def test_it_can_be_made_of_next_to_nothing(tmp_path: Path, count: int) -> None:
    rows = [
        Located(replace(r.gesture, user="", clean=False), r.origin)
        for r in located(["the"])[:count]
    ]
    parsed(page(tmp_path, Template, rows, latency_sample=count))
    silent = partial(Oracle, rows, place=0)
    parsed(page(tmp_path, silent, rows))


def test_confusions_are_counted_by_letters() -> None:
    answers = [
        answer("The", "then"),
        answer("the", "Then"),
        answer("the", "the"),
        answer("on"),
        answer("in", "on", "in"),
    ]
    found = [(c.truth, c.answer, c.count, c.of) for c in confusions(answers, most=9)]
    assert found == [("the", "then", 2, 3), ("in", "on", 1, 1), ("on", "", 1, 1)]
    assert len(confusions(answers, most=1)) == 1


def test_the_surest_mistakes_come_first() -> None:
    rows = located(["the"], each=4)
    sure = [0.2, 0.9, 0.5, 0.7]
    answers = [
        replace(answer("the", "then"), candidates=(Candidate("then", 0.0, p),)) for p in sure
    ]
    answers[1] = replace(answers[1], rank=1)
    answers.append(answer("the"))
    rows.append(rows[0])
    chances = [
        f.answer.candidates[0].probability if f.answer.candidates else None
        for f in failures(answers, rows, KEYBOARDS, most=9)
    ]
    assert chances == [0.7, 0.5, 0.2, None]
