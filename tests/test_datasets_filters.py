"""Each rule by its name, at its bound and beyond."""

from typing import Any

import pytest
from swipe_files import line_points, point

from glissando.alphabet import Alphabet
from glissando.datasets.filters import RULES, FilterRules, Judge
from glissando.datasets.records import Located, Rejection
from glissando.keyboard import Keyboard
from glissando.traces import Gesture, Trace


def located(word: str = "the", points: Any = None, language: str = "", **more: Any) -> Located:
    trace = Trace.from_points(line_points(5) if points is None else points)
    return Located(Gesture(trace=trace, word=word, **more), "a:1", language)


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("The", "the"),
        ("don’t", "don't"),
        ("café", "cafe"),
        ("CAFÉ,", "cafe"),
        ("Brahmarshi.", "brahmarshi"),
        ("“quoted”", "quoted"),
        ("I", "i"),
    ],
)
def test_words_become_labels(word: str, label: str) -> None:
    assert Judge().label(located(word)) == label


OUTSIDE = [point(0.5, 0.5), point(1.51, 0.5, 9)]
REJECTED = [
    (located("h4x0r"), "not_in_alphabet", "word 'h4x0r': '4' is not in the alphabet"),
    (located("слово"), "not_in_alphabet", "word 'слово': 'с' is not in the alphabet"),
    (located("two words"), "not_in_alphabet", "word 'two words': ' ' is not in the alphabet"),
    (located(""), "empty_word", "word '' has no letters"),
    (located("—"), "empty_word", "word '—' has no letters"),
    (located("a" * 31), "word_too_long", "letters: 31, expected at most 30"),
    (
        located(layout="dvorak"),
        "unknown_keyboard",
        "layout 'dvorak' is not known; known: azerty, qwerty",
    ),
    (located(language="lt"), "other_language", "language 'lt' on the en qwerty"),
    (located(is_err=True), "flagged", "the recorder flagged the swipe as wrong"),
    (located(points=[point()]), "too_few_points", "points: 1, expected at least 2"),
    (
        located(points=line_points(10_000, 0.1)),
        "too_many_points",
        "points: 10000, expected at most 2000",
    ),
    (
        located(points=[point(0.1), point(0.9)]),
        "no_duration",
        "time stands still from the first point to the last",
    ),
    (located(points=line_points(4, 10_001.0)), "too_slow", "took 30.0 s, expected at most 30 s"),
    (
        located(points=OUTSIDE),
        "far_outside",
        "a point lies 5.1 keys outside the letters, expected at most 5",
    ),
    (located(points=[point(y=-2e30), point(t=1)]), "far_outside", None),
]


@pytest.mark.parametrize(("item", "reason", "message"), REJECTED, ids=[r[1] for r in REJECTED])
def test_what_is_set_aside_and_what_is_said(
    item: Located, reason: str, message: str | None
) -> None:
    found = Judge().label(item)
    assert isinstance(found, Rejection)
    assert (found.reason, found.origin) == (reason, "a:1")
    assert message in (None, found.message)


KEPT = [
    (located(points=[point(t=0), point(t=9)]), {"min_points": 2}),
    (located(points=line_points(2000, 1.0)), {}),
    (located(points=[point(0.1), point(0.2, t=5), point(0.3, t=5), point(0.4, t=9)]), {}),
    (located(points=[point(), point(1.49, t=9)]), {}),
    (located(points=[point(), point(y=2.6, t=9)]), {}),
    (located(is_err=True), {"include_errors": True}),
    (located(clean=False), {}),
    (located(points=[point()]), {"min_points": 1}),
    (located(language="en_GB"), {}),
]


@pytest.mark.parametrize(("item", "rules"), KEPT)
def test_what_is_kept(item: Located, rules: dict[str, Any]) -> None:
    assert Judge(FilterRules(**rules)).label(item) == "the"


def test_clean_only() -> None:
    judge = Judge(FilterRules(clean_only=True))
    found = judge.label(located(clean=False))
    assert isinstance(found, Rejection) and found.reason == "not_clean"
    assert judge.label(located(clean=True)) == "the"


def test_every_rule_is_tested() -> None:
    assert set(RULES) - {reason for _, reason, _ in REJECTED} == {"not_clean"}


def test_a_keyboard_of_ones_own_and_its_language() -> None:
    board = Keyboard("lithuanian", "lt", 0.09, 0.25, {"a": (0.1, 0.5), "į": (0.5, 0.5)})
    judge = Judge(keyboards=[board], alphabet=Alphabet("aį"))
    assert judge.label(located("Į", layout="lithuanian", language="lt")) == "į"
