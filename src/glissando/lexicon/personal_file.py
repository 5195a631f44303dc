"""The text file of a user's words: its lines, and how it is written so that nothing is lost."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from glissando.alphabet import Alphabet, WordError, straightened
from glissando.lexicon.reading import LexiconError

try:
    import fcntl
except ImportError:  # Windows: two processes that write at the same instant are not kept apart
    fcntl = None  # type: ignore[assignment]

Action = Literal["add", "boost", "block"]
_ACTIONS: dict[str, Action] = {"add": "add", "boost": "boost", "block": "block"}
FREQUENCY, BOOST = 4.5, 2.0
"""What is meant where a line has no number: zipf of an added word, nats of a boosted one."""
_BOUNDS = {"add": (0.0, 8.0), "boost": (-20.0, 20.0)}
_MAX_LETTERS = 48
HEADER = (
    "# My own words for glissando, one a line; what begins with # is left alone.",
    "#   add    WORD  zipf: log10 of how often it comes in a billion words, 0 to 8",
    "#   boost  WORD  nats: natural logarithm of how much likelier it shall be, -20 to 20",
    "#   block  WORD",
)


class PersonalWordsError(LexiconError):
    """A word that cannot be kept, or a damaged file; the message names file and line, if any."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a user wants of one word.

    Attributes:
        action: What to do with it.
        word: The word as shown.
        amount: Zipf frequency of an added word, nats of a boosted one, 0 of a blocked one.
    """

    action: Action
    word: str
    amount: float

    @property
    def key(self) -> str:
        """What equal words have in common."""
        return matching_key(self.word)

    def line(self) -> str:
        """The line of the file that says this."""
        if self.action == "block":
            return f"{self.action}\t{self.word}"
        short = f"{self.amount:g}"
        exact = short if float(short) == self.amount else repr(self.amount)
        return f"{self.action}\t{self.word}\t{exact}"


def matching_key(word: str) -> str:
    """What two words share that are the same to a user: case does not count, apostrophes do."""
    return straightened(word).lower()


def make_entry(action: str, word: str, amount: float | None, alphabet: Alphabet) -> Entry:
    """An entry that was checked; without an amount, `FREQUENCY` or `BOOST`.

    Raises:
        PersonalWordsError: no such action, a word that the alphabet cannot spell, or an amount
            that is out of bounds.
    """
    kind = _ACTIONS.get(action)
    if kind is None:
        raise PersonalWordsError(f"expected one of {', '.join(_ACTIONS)}, found {action!r}")
    if kind == "block":
        if amount is not None:
            raise PersonalWordsError(f"block takes a word only, found {amount:g} behind it")
        return Entry(kind, _checked_word(word, alphabet), 0.0)
    if amount is None:
        amount = FREQUENCY if kind == "add" else BOOST
    low, high = _BOUNDS[kind]
    if not low <= amount <= high:
        raise PersonalWordsError(
            f"{kind} {word}: expected a number from {low:g} to {high:g}, found {amount:g}"
        )
    return Entry(kind, _checked_word(word, alphabet), float(amount))


def parse(lines: Sequence[str], where: str, alphabet: Alphabet) -> list[Entry | None]:
    """The entry of each line; None for comments and empty lines.

    Raises:
        PersonalWordsError: a line that says nothing known; names `where` and the line.
    """
    entries: list[Entry | None] = []
    for number, line in enumerate(lines, start=1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            entries.append(None)
            continue
        try:
            entries.append(_parse_fields(fields, alphabet))
        except PersonalWordsError as error:
            raise PersonalWordsError(f"{where}:{number}: {error}") from error
    return entries


def read_lines(path: Path) -> list[str]:
    """The file's lines; none if there is no file.

    Raises:
        PersonalWordsError: it cannot be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PersonalWordsError(f"{path}:{line}: not UTF-8 text") from error
    except OSError as error:
        raise PersonalWordsError(f"{path}: cannot read: {error.strerror}") from error
    return text.removesuffix("\n").split("\n") if text else []


def write_lines(path: Path, lines: Sequence[str]) -> None:
    """Put the file in its place in one step; a link is followed, permissions stay.

    Raises:
        PersonalWordsError: it cannot be written; the file that was there is whole.
    """
    target = Path(os.path.realpath(path))
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(handle)
        if target.exists():
            shutil.copymode(target, temporary)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise PersonalWordsError(f"{path}: cannot write: {error.strerror}") from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other processes from changing the file meanwhile; makes its folder as needed.

    Raises:
        PersonalWordsError: there is no such folder and it cannot be made.
    """
    folder = Path(os.path.realpath(path)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY) if fcntl else -1
    except OSError as error:
        raise PersonalWordsError(f"{folder}: cannot use this folder: {error.strerror}") from error
    try:
        if fcntl:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if fcntl:
            os.close(handle)


def _parse_fields(fields: list[str], alphabet: Alphabet) -> Entry:
    action, *rest = fields
    if not 1 <= len(rest) <= 2:
        raise PersonalWordsError(f"expected {action!r}, a word and perhaps a number")
    amount = None
    if len(rest) == 2:
        try:
            amount = float(rest[1])
        except ValueError as error:
            raise PersonalWordsError(f"{rest[1]!r}: expected a number") from error
    return make_entry(action, rest[0], amount, alphabet)


def _checked_word(word: str, alphabet: Alphabet) -> str:
    shown = straightened(word.strip())
    try:
        spelling = alphabet.normalise(shown)
    except WordError as error:
        raise PersonalWordsError(str(error)) from error
    for character in shown:
        if not (character.isalpha() or character in alphabet.letters):
            raise PersonalWordsError(f"word {word!r}: {character!r} is not part of a word")
    if len(spelling) > _MAX_LETTERS:
        raise PersonalWordsError(f"word {word!r}: has more than {_MAX_LETTERS} letters")
    return shown
