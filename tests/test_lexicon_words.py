"""Word lists: the one that ships, and files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.alphabet import ENGLISH, Alphabet
from glissando.lexicon import (
    LexiconError,
    load_words,
    word_list_bytes,
    word_list_licence,
    word_list_names,
)


def test_english_list_is_spelt_in_the_alphabet_sorted_and_without_doubles() -> None:
    words = load_words("en")
    assert words == load_words()
    assert len(words) > 150_000
    assert words == sorted(set(words))
    assert set("".join(words)) <= set(ENGLISH.letters)


def test_english_list_has_what_people_write() -> None:
    words = set(load_words())
    assert {"the", "hello", "don't", "it's", "i", "london", "cafe"} <= words
    assert not words & {"dog's", "london's", "qwertyuiop", "dont", "hte", "sooo", "x", ""}


def test_english_list_carries_its_licence_and_the_notice_names_it(repository: Path) -> None:
    text = word_list_licence("en")
    assert "Copyright 2000-2018 by Kevin Atkinson" in text
    assert "hereby granted without fee" in text
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in text
    for credited in ("Robyn Speer", "Google Books Ngrams", "SUBTLEX", "OpenSubtitles", "Wikipedia"):
        assert credited in text
    notice = (repository / "NOTICE").read_text("utf-8")
    for credited in ("words-en.LICENSE", "Attribution-ShareAlike 4.0", "Kevin Atkinson", "Speer"):
        assert credited in notice
    with pytest.raises(LexiconError, match=r"xx: .*\(known: en\)"):
        word_list_licence("xx")


def test_a_shipped_list_can_be_taken_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "copy.txt.gz"
    file.write_bytes(word_list_bytes("en"))
    assert len(file.read_bytes()) < 1_000_000
    assert load_words(file) == load_words("en")


def test_names_of_shipped_lists() -> None:
    assert word_list_names() == ["en"]


@pytest.mark.parametrize("name", ["words.txt", "words.txt.gz"])
def test_a_file_of_words(name: str, tmp_path: Path) -> None:
    text = "Zebra\n\n  apple \ncafé\t450\r\nDON’T\nzebra\n".encode()
    file = tmp_path / name
    file.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    assert load_words(file) == ["zebra", "apple", "cafe", "don't"]
    assert load_words(str(file)) == load_words(file)


def test_another_alphabet_keeps_its_letters(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("Café\n", encoding="utf-8")
    assert load_words(file, Alphabet("acefé")) == ["café"]


@given(st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1), min_size=1))
def test_what_is_written_is_read(words: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "words.txt"
        file.write_text("\n".join(words), encoding="utf-8")
        assert load_words(file) == list(dict.fromkeys(words))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"one\nb2b\n", r"words\.txt:2: word 'b2b': '2' is not in the alphabet"),
        (b"one\ntwo\n--\n", r"words\.txt:3: word '--' has no letters"),
        (b"one\nca\xff\xfe\n", r"words\.txt:2: not UTF-8"),
        (b"\n \n", r"words\.txt: has no words"),
    ],
)
def test_bad_files_are_named_with_their_line(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(content)
    with pytest.raises(LexiconError, match=message):
        load_words(file)


@pytest.mark.parametrize("damage", ["cut", "plain", "flip"])
def test_damaged_gzip_is_named(damage: str, tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b"one\ntwo\n" * 100))
    if damage == "cut":
        data = data[:-12]
    elif damage == "plain":
        data = bytearray(b"one\ntwo\n")
    else:
        data[14] ^= 0xFF
    file = tmp_path / "words.txt.gz"
    file.write_bytes(data)
    with pytest.raises(LexiconError, match=r"words\.txt\.gz: damaged"):
        load_words(file)


def test_unknown_names_and_folders_are_refused(tmp_path: Path) -> None:
    for wrong in ("xx", tmp_path):
        with pytest.raises(LexiconError, match=r"neither a file nor .*\(known: en\)"):
            load_words(wrong)
