"""Finds word lists: those that ship with the package, or files that a user brings."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from glissando.alphabet import ENGLISH, Alphabet
from glissando.lexicon.lexicon import Lexicon
from glissando.lexicon.reading import LexiconError, decompressed, line_of
from glissando.lexicon.spelling import SpellingError, normalised

_PREFIX, _SUFFIX, _LICENCE = "words-", ".txt.gz", ".LICENSE"


def word_list_names() -> list[str]:
    """Names of the word lists that ship with the package."""
    return sorted(_shipped())


def word_list_bytes(name_or_path: str | Path = "en") -> bytes:
    """The file of a shipped list, or any file, as it is.

    Raises:
        LexiconError: no such list, or a file that cannot be read.
    """
    return _read(name_or_path)[0]


def word_list_licence(name: str) -> str:
    """The licence of a shipped list, with the notices that its sources ask for.

    Raises:
        LexiconError: no such list.
    """
    if name not in _shipped():
        raise LexiconError(f"{name}: not a word list that ships (known: {_known()})")
    folder = resources.files("glissando.lexicon")
    return (folder / f"{_PREFIX}{name}{_LICENCE}").read_text(encoding="utf-8")


def load_lexicon(name_or_path: str | Path = "en") -> Lexicon:
    """A shipped list, or a file, plain or `.gz`, as `Lexicon.from_bytes` describes it.

    Raises:
        LexiconError: no such list, or a file that is none; the message names file and line.
    """
    return Lexicon.from_bytes(*_read(name_or_path))


def load_words(name_or_path: str | Path = "en", alphabet: Alphabet = ENGLISH) -> list[str]:
    """The words of a list as `alphabet` spells them, each once, in the list's order.

    Raises:
        LexiconError: as `load_lexicon`, or a word that the alphabet cannot spell.
    """
    data, where = _read(name_or_path)
    try:
        return list(dict.fromkeys(normalised(Lexicon.from_bytes(data, where).words, alphabet)))
    except SpellingError as error:
        line = line_of(decompressed(data, where).decode("utf-8-sig"), error.word)
        raise LexiconError(f"{where}:{line}: {error}") from error


def _read(name_or_path: str | Path) -> tuple[bytes, str]:
    name = str(name_or_path)
    shipped = _shipped().get(name)
    source = shipped or Path(name_or_path)
    if not source.is_file():
        raise LexiconError(f"{name}: neither a file nor a word list that ships (known: {_known()})")
    try:
        return source.read_bytes(), source.name if shipped else name
    except OSError as error:
        raise LexiconError(f"{name}: cannot read the word list: {error.strerror}") from error


def _known() -> str:
    return ", ".join(word_list_names())


def _shipped() -> dict[str, Traversable]:
    files = resources.files("glissando.lexicon").iterdir()
    return {
        file.name.removeprefix(_PREFIX).removesuffix(_SUFFIX): file
        for file in files
        if file.name.startswith(_PREFIX) and file.name.endswith(_SUFFIX)
    }
