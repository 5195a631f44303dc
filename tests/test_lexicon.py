"""Word lists with priors: the file, the priors, and how words are spelt."""

from __future__ import annotations

import gzip
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.alphabet import ENGLISH, Alphabet
from glissando.lexicon import (
    Lexicon,
    LexiconError,
    SpellingError,
    load_lexicon,
    reading,
    spellings,
)


@pytest.fixture(scope="module")
def english() -> Lexicon:
    return load_lexicon("en")


def prior(lexicon: Lexicon, word: str) -> float:
    return float(lexicon.log_priors[list(lexicon.words).index(word)])


def found_by(letters: str, lexicon: Lexicon) -> set[str]:
    spelt, index = lexicon.spellings(ENGLISH)
    return {lexicon.words[i] for s, i in zip(spelt, index.tolist(), strict=True) if s == letters}


def test_the_english_list_says_what_it_is(english: Lexicon) -> None:
    assert (english.name, english.language) == ("en", "en")
    assert "CC-BY-SA-4.0" in english.licence
    assert 150_000 <= len(english) == len(set(english.words)) == len(english.log_priors)


def test_priors_are_probabilities_in_the_order_of_use(english: Lexicon) -> None:
    assert english.log_priors.dtype == np.float32
    assert np.exp(english.log_priors.astype(np.float64)).sum() == pytest.approx(1, abs=1e-4)
    falling = [prior(english, word) for word in ("the", "house", "gull", "puniness")]
    assert falling == sorted(falling, reverse=True)
    assert math.exp(prior(english, "the")) == pytest.approx(0.054, rel=0.05)


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("dont", {"don't"}),
        ("don't", {"don't"}),
        ("im", {"I'm"}),
        ("i", {"I"}),
        ("its", {"its", "it's"}),
        ("it's", {"it's"}),
        ("were", {"were", "we're"}),
        ("oneill", {"O'Neill"}),
        ("paris", {"Paris"}),
        ("iphone", {"iPhone"}),
        ("china", {"China"}),
        ("may", {"may"}),
        ("mark", {"mark"}),
        ("cafe", {"café"}),
        ("hte", set()),
        ("und", set()),
    ],
)
def test_a_swipe_of_letters_finds_the_word_as_it_is_written(
    letters: str, words: set[str], english: Lexicon
) -> None:
    assert found_by(letters, english) == words


LOAD = """
import sys, time
from glissando.alphabet import ENGLISH
from glissando.lexicon import load_lexicon
seconds = []
for _ in range(5):
    start = time.process_time()
    load_lexicon().spellings(ENGLISH)
    seconds.append(time.process_time() - start)
print(min(seconds))
"""


def test_it_is_read_and_spelt_in_an_instant() -> None:
    # 0.08 s where nothing else runs; neighbours on the same cores double it
    seconds = float(subprocess.check_output([sys.executable, "-c", LOAD], text=True))
    assert seconds < 0.4


def test_a_file_with_everything_in_it() -> None:
    text = (
        "# name: mine\n# language: en-GB\n# licence: none\n# just so\n"
        "Paris\t400\n\n  don’t \t500 \r\nrare\n# licence: not the header any more\n"
        "Paris\t1\nthe\t770.5\n"
    )
    lexicon = Lexicon.from_bytes(text.encode(), "folder/own.txt")
    assert (lexicon.name, lexicon.language, lexicon.licence) == ("mine", "en-GB", "none")
    assert lexicon.words == ["Paris", "don’t", "rare", "the"]
    zipf = np.array([4, 5, 0.5, 7.705])
    expected = zipf * math.log(10) - math.log((10**zipf).sum())
    assert lexicon.log_priors == pytest.approx(expected, abs=1e-5)


def test_without_weights_all_words_are_alike() -> None:
    lexicon = Lexicon.from_bytes(b"one\ntwo\nthree\nfour\n", "folder/own.txt.gz.txt")
    assert lexicon.log_priors == pytest.approx([-math.log(4)] * 4)
    assert (lexicon.name, lexicon.language) == ("own.txt.gz", "und")


WORDS = st.text("abcxyzABéö'’", min_size=1, max_size=6)


@given(
    st.dictionaries(WORDS, st.integers(0, 1200), min_size=1),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(weights: dict[str, int], packed: bool, end: str) -> None:
    text = "".join(f"{word}\t{weight}{end}" for word, weight in weights.items()).encode()
    lexicon = Lexicon.from_bytes(gzip.compress(text) if packed else text, "x")
    assert lexicon.words == list(weights)
    zipf = np.array([*weights.values()]) / 100
    between = np.diff(lexicon.log_priors.astype(np.float64))
    assert between == pytest.approx(np.diff(zipf) * math.log(10), abs=1e-4)


LINES = st.lists(
    st.one_of(
        st.text("ab#\té 019.-\r", max_size=8),
        st.builds("{}\t{}".format, st.text("abé2 ", max_size=3), st.integers(0, 1300)),
    ),
    max_size=5,
)


@given(LINES)
def test_reading_in_bulk_gives_what_reading_line_by_line_does(lines: list[str]) -> None:
    data = "\n".join([*lines, ""]).encode()

    def outcome() -> object:
        try:
            rows = reading.read_rows(data, "x")
        except LexiconError as error:
            return str(error)
        return rows.header, rows.words, rows.weights.tolist().__repr__()

    usual = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_weights_in_bulk", lambda body: None)
        assert outcome() == usual


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"one\t300\ntwo\tmany\n", r"own\.txt:2: word 'two': weight 'many': expected 100 \* log10"),
        (b"one\t300\ntwo\t1201\n", r"own\.txt:2: word 'two': weight '1201': .* 0 to 1200"),
        (b"one\t-1\n", r"own\.txt:1: word 'one': weight '-1'"),
        (b"one\tnan\n", r"own\.txt:1: word 'one': weight 'nan'"),
        (b"one\t300\tx\n", r"own\.txt:1: word 'one': weight '300\\tx'"),
        (b"one\nt\xff\n", r"own\.txt:2: not UTF-8"),
        (b"# name: nothing else\n", r"own\.txt: has no words"),
        (b"", r"own\.txt: has no words"),
    ],
)
def test_bad_lists_are_named_with_their_line(content: bytes, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        Lexicon.from_bytes(content, "own.txt")


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1 << 20)
    with pytest.raises(LexiconError, match=r"own: unpacks to more than 1 MB"):
        Lexicon.from_bytes(gzip.compress(b"a" * (2 << 20)), "own")


def test_joined_gzip_files_are_one_list() -> None:
    data = gzip.compress(b"one\n") + gzip.compress(b"two\n")
    assert Lexicon.from_bytes(data, "own").words == ["one", "two"]


@given(st.lists(st.text("abzABZéñ'’", min_size=1, max_size=5), unique=True))
def test_spellings_are_what_the_alphabet_says(words: list[str]) -> None:
    words = [word for word in words if set(word) - set("'’")]
    spelt, index = spellings(words, ENGLISH)
    expected = {(ENGLISH.normalise(word), at) for at, word in enumerate(words)}
    expected |= {(letters.replace("'", ""), at) for letters, at in expected}
    pairs = list(zip(spelt, index.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == expected
    assert index.dtype == np.int32


def test_sorted_words_give_sorted_spellings(english: Lexicon) -> None:
    """In label order, where the apostrophe comes last: what spares the trie the sorting."""
    spelt, _ = english.spellings(ENGLISH)
    ids = ["".join(map(chr, ENGLISH.encode(letters))) for letters in spelt]
    assert ids == sorted(ids)


def test_words_that_the_alphabet_lacks_are_refused_by_name() -> None:
    for word in ("b2b", "new york", "a\nb", "--"):
        with pytest.raises(SpellingError) as caught:
            spellings(["one", word], ENGLISH)
        assert caught.value.word == word
    assert spellings(["Café", "ABC"], Alphabet("abcefé"))[0] == ["café", "abc"]
    assert spellings([], ENGLISH)[0] == []
