"""Word lists: the English list that ships with the package, or any file with one word a line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from glissando.alphabet import ENGLISH, Alphabet, WordError

_PREFIX, _SUFFIX = "words-", ".txt.gz"


class LexiconError(ValueError):
    """A word list that cannot be read; the message names the file, and the line if any."""


def word_list_names() -> list[str]:
    """Names of the word lists that ship with the package."""
    return sorted(_shipped())


def load_words(name_or_path: str | Path = "en", alphabet: Alphabet = ENGLISH) -> list[str]:
    """The words of a shipped list or of a file, as `alphabet` spells them, each once.

    A file has one word a line, plain or `.gz`, in UTF-8; what follows a tab on a line is left
    unread, empty lines are skipped. The order is the file's.

    Raises:
        LexiconError: no such list, an unreadable file, a word that the alphabet cannot spell,
            or no words at all.
    """
    shipped = _shipped()
    name = str(name_or_path)
    source: Traversable | Path = shipped[name] if name in shipped else Path(name_or_path)
    where = name if name in shipped else str(source)
    if name not in shipped and not Path(name_or_path).is_file():
        known = ", ".join(sorted(shipped))
        raise LexiconError(f"{where}: neither a file nor a word list that ships (known: {known})")
    words = list(dict.fromkeys(_spelt(_lines(source, where), where, alphabet)))
    if not words:
        raise LexiconError(f"{where}: has no words, expected one a line")
    return words


def _spelt(lines: Iterable[str], where: str, alphabet: Alphabet) -> Iterable[str]:
    plain = {letter for letter in alphabet.letters if letter.isalpha() and letter.islower()}
    for number, line in enumerate(lines, start=1):
        word = line.partition("\t")[0].strip()
        if not word:
            continue
        if plain.issuperset(word):  # spelt already, as nearly all are: many times faster
            yield word
            continue
        try:
            yield alphabet.normalise(word)
        except WordError as error:
            raise LexiconError(f"{where}:{number}: {error}") from error


def _lines(source: Traversable | Path, where: str) -> list[str]:
    try:
        data = source.read_bytes()
        if source.name.endswith(".gz"):
            data = gzip.decompress(data)
        return data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LexiconError(f"{where}:{line}: not UTF-8 text") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LexiconError(f"{where}: damaged or truncated .gz: {error}") from error
    except OSError as error:
        raise LexiconError(f"{where}: cannot read the word list: {error.strerror}") from error


def _shipped() -> dict[str, Traversable]:
    files = resources.files("glissando.lexicon").iterdir()
    return {
        file.name.removeprefix(_PREFIX).removesuffix(_SUFFIX): file
        for file in files
        if file.name.startswith(_PREFIX) and file.name.endswith(_SUFFIX)
    }
