from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.alphabet import ENGLISH, UNKNOWN, Alphabet, WordError

FRENCH = Alphabet("abcdefghijklmnopqrstuvwxyz'àâæçéèêëîïôœùûüÿ")


def test_blank_is_last_and_labels_leave_it_out() -> None:
    assert ENGLISH.classes == 29
    assert ENGLISH.labels == (*"abcdefghijklmnopqrstuvwxyz'", UNKNOWN)
    assert ENGLISH.labels.index(UNKNOWN) == ENGLISH.unknown == 27
    assert ENGLISH.blank == len(ENGLISH.labels) == ENGLISH.classes - 1


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("Hello", "hello"),
        ("NASA", "nasa"),
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),  # the same word, decomposed
        ("Ångström", "angstrom"),
        ("don't", "don't"),
        ("don\u2019t", "don't"),
        ("\u2018tis", "tis"),
        ("it\u02bcs", "it's"),
        ("\u201cend.\u201d", "end"),
        ("word,", "word"),
        ("(x)", "x"),
        ("ﬁn", "fin"),
        ("İstanbul", "istanbul"),
    ],
)
def test_words_are_spelt_with_the_letters_the_finger_passed(written: str, spelt: str) -> None:
    assert ENGLISH.normalise(written) == spelt


def test_an_accent_that_has_a_letter_of_its_own_is_kept() -> None:
    assert FRENCH.normalise("Été") == "été"
    assert FRENCH.normalise("E\u0301te\u0301") == "été"
    assert FRENCH.normalise("señor") == "senor"


@pytest.mark.parametrize(
    ("written", "reason", "message"),
    [
        ("", "empty_word", "word '' has no letters"),
        ("  ", "empty_word", "word '  ' has no letters"),
        ("...", "empty_word", "word '...' has no letters"),
        ("'", "empty_word", "has no letters"),
        ("b4", "not_in_alphabet", "word 'b4': '4' is not in the alphabet"),
        ("2026", "not_in_alphabet", "'2' is not in the alphabet"),
        ("well-known", "not_in_alphabet", "'-' is not in the alphabet"),
        ("two words", "not_in_alphabet", "' ' is not in the alphabet"),
        ("слово", "not_in_alphabet", "'с' is not in the alphabet"),
    ],
)
def test_words_that_no_letters_spell_are_refused(written: str, reason: str, message: str) -> None:
    with pytest.raises(WordError) as caught:
        ENGLISH.normalise(written)
    assert caught.value.reason == reason
    assert message in str(caught.value)


@given(st.text(max_size=12))
def test_normalising_gives_letters_once_and_for_all_or_refuses(text: str) -> None:
    try:
        spelt = ENGLISH.normalise(text)
    except WordError as error:
        assert error.reason in {"empty_word", "not_in_alphabet"}
        return
    assert spelt
    assert set(spelt) <= set(ENGLISH.letters)
    assert ENGLISH.normalise(spelt) == spelt


@given(st.text(ENGLISH.letters, max_size=30))
def test_decode_inverts_encode(word: str) -> None:
    ids = ENGLISH.encode(word)
    assert [ENGLISH.labels[index] for index in ids] == list(word)
    assert ENGLISH.decode(ids) == word


def test_unknown_and_blank_never_reach_a_word() -> None:
    assert ENGLISH.encode("a1b") == [0, ENGLISH.unknown, 1]
    assert ENGLISH.decode([0, ENGLISH.unknown, ENGLISH.blank, -1, 1]) == "ab"
