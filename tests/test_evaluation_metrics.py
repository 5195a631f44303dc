"""What counts as right, and the rates: against plain references."""

from __future__ import annotations

import string
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.decoding import Candidate
from glissando.evaluation.answers import Answer
from glissando.evaluation.matching import edit_distance, match_key, rank_of
from glissando.evaluation.metrics import MEASURES, Columns
from glissando.evaluation.strata import LENGTHS, PrefixPairs, is_doubled, is_straight
from glissando.keyboard import load_keyboard

words = st.text("abc", min_size=1, max_size=6)


def candidates(*found: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(word, -float(at), 0.1) for at, word in enumerate(found))


def answer(
    truth: str = "the", *found: str, greedy: str | None = None, user: str = "", **more: bool
) -> Answer:
    nbest = candidates(*found)
    flags = {"is_err": False, "clean": True, "in_vocabulary": True, **more}
    rank = rank_of(truth, nbest)
    return Answer("id", "a:1", truth, user, **flags, candidates=nbest, greedy=greedy, rank=rank)


@pytest.mark.parametrize(
    ("one", "other"),
    [("dont", "don't"), ("IM", "I'm"), ("Hello,", "hello"), ("it’s", "its"), ("café", "cafe")],
)
def test_equal_letters_match(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(("one", "other"), [("dont", "done"), ("x1", "x"), ("2nd", "nd")])
def test_other_letters_do_not(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize("word", ["", "'", " ", "...", "-"])
def test_a_word_without_letters_has_no_key(word: str) -> None:
    assert match_key(word) == ""


@given(st.text(string.ascii_letters, min_size=1, max_size=12), st.integers(0, 12))
def test_an_apostrophe_anywhere_changes_nothing(word: str, at: int) -> None:
    assert match_key(f"{word[:at]}'{word[at:]}") == word.lower()


def test_the_rank_is_the_first_right_place() -> None:
    assert rank_of("dont", candidates("done", "Don't", "dont")) == 2
    assert rank_of("dont", candidates("done")) == 0
    assert rank_of("dont", ()) == 0


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_edit_distance_is_levenshteins(one: str, other: str) -> None:
    kaldialign = pytest.importorskip("kaldialign")
    assert edit_distance(one, other) == kaldialign.edit_distance(one, other)["total"]


answers = st.lists(
    st.builds(
        lambda truth, found, greedy, user: answer(truth, *found, greedy=greedy, user=user),
        words,
        st.lists(words, max_size=8),
        st.text("abc", max_size=6),
        st.sampled_from(["", "ann", "bob", "eve"]),
    ),
    min_size=1,
    max_size=30,
)


@given(answers)
def test_rates_are_what_a_plain_count_gives(some: list[Answer]) -> None:
    rates = Columns.of(some).rates(np.ones(len(some), dtype=bool))
    places = []
    for one in some:
        found = [c.word for c in one.candidates]
        places.append(found.index(one.truth) + 1 if one.truth in found else None)
    for k in (1, 3, 5):
        inside = sum(place is not None and place <= k for place in places)
        assert rates[f"top{k}"] == pytest.approx(100 * inside / len(some), abs=1e-3)
    reciprocal = sum(Fraction(1, place) for place in places if place)
    assert rates["mrr"] == pytest.approx(100 * float(reciprocal) / len(some), abs=1e-3)
    wrong = sum(one.greedy != one.truth for one in some)
    assert rates["wer"] == pytest.approx(100 * wrong / len(some), abs=1e-3)
    edits = sum(edit_distance(one.truth, one.greedy or "") for one in some)
    letters = sum(len(one.truth) for one in some)
    assert rates["cer"] == pytest.approx(100 * edits / letters, abs=1e-3)
    assert rates["n"] == len(some)
    for name in MEASURES:
        if ends := rates["interval95"][name]:
            assert ends[0] <= ends[1]


def test_what_cannot_be_told_is_null() -> None:
    columns = Columns.of([answer("the", "the", user="ann"), answer("on", "no", user="ann")])
    rates = columns.rates(np.array([True, True]))
    assert (rates["top1"], rates["wer"], rates["cer"]) == (50.0, None, None)
    assert set(rates["interval95"].values()) == {None}  # one person tells nothing about people
    nobody = columns.rates(np.array([False, False]))
    assert nobody["n"] == 0 and nobody["top1"] is None


@given(words)
def test_every_length_is_of_one_kind(word: str) -> None:
    assert sum(holds(len(word)) for holds in LENGTHS.values()) == 1


def test_doubled_letters() -> None:
    assert is_doubled("letter") and is_doubled("Aardvark") and is_doubled("we'ed")
    assert not is_doubled("later")


def test_letters_on_the_way_are_those_that_no_corner_shows() -> None:
    board = load_keyboard("qwerty")
    inside = ["wet", "Pot", "we're"]  # e between w and t, o between p and t, …
    outside = ["the", "hello", "to", "a", "papa", "door", "ada", "it's", "puppets"]
    assert [word for word in inside + outside if is_straight(word, board)] == inside


def test_prefix_pairs_are_one_letter_apart() -> None:
    pairs = PrefixPairs(["the", "then", "information", "a", "I'm", "inform", "dog", "art"])
    inside = ["th", "the", "then", "THEY", "do", "dogs", "imp", "ar", "informs"]
    outside = ["a", "as", "an", "i", "there", "dog", "cat", "inform", "information", "hence"]
    assert [word for word in inside + outside if word in pairs] == inside
