"""A user's own words, boosted and blocked ones: take effect at once and outlive the process."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from glissando.alphabet import ENGLISH, Alphabet
from glissando.lexicon.personal_file import (
    HEADER,
    Action,
    Entry,
    alone,
    make_entry,
    matching_key,
    parse,
    read_lines,
    write_lines,
)

ENVIRONMENT = "GLISSANDO_WORDS"


@dataclass(frozen=True, slots=True)
class PersonalChanges:
    """What a user wants of words at one moment; two are equal if they want the same.

    Attributes:
        added: Word as shown → natural logarithm of its prior; none of them is blocked.
        boosts: `matching_key` of a word → nats to add to the logarithm of its prior.
        blocked: `matching_key`s of the words that must never come out.
        revision: Grows with every change.
    """

    added: Mapping[str, float]
    boosts: Mapping[str, float]
    blocked: frozenset[str]
    revision: int = field(default=0, compare=False)


def personal_words_file() -> Path:
    """Where a user's words are unless told otherwise.

    The environment's GLISSANDO_WORDS, or `glissando/words.txt` among the user's configuration.
    """
    if chosen := os.environ.get(ENVIRONMENT):
        return Path(chosen)
    configuration = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(configuration) / "glissando" / "words.txt"


class PersonalWords:
    """The words of one user, for any number of threads.

    Every change is written to the file before it counts. Comments and the order of lines stay.

    Attributes:
        path: The file; None keeps the words in memory alone.
        alphabet: What words are spelt in.
    """

    def __init__(self, path: str | Path | None = None, *, alphabet: Alphabet = ENGLISH) -> None:
        """Read the file if there is one.

        Raises:
            PersonalWordsError: a damaged file.
        """
        self.path = None if path is None else Path(path)
        self.alphabet = alphabet
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._entries: list[Entry | None] = []
        self._changes = PersonalChanges({}, {}, frozenset())
        self.refresh()

    @property
    def changes(self) -> PersonalChanges:
        """What counts now: one value that never changes, so that its parts fit each other."""
        return self._changes

    @property
    def revision(self) -> int:
        """Grows with every change."""
        return self._changes.revision

    @property
    def added(self) -> Mapping[str, float]:
        """See `PersonalChanges`."""
        return self._changes.added

    @property
    def boosts(self) -> Mapping[str, float]:
        """See `PersonalChanges`."""
        return self._changes.boosts

    @property
    def blocked(self) -> frozenset[str]:
        """See `PersonalChanges`."""
        return self._changes.blocked

    def entries(self) -> list[Entry]:
        """What the file says, in its order."""
        return [entry for entry in self._entries if entry]

    def add(self, word: str, zipf: float | None = None) -> None:
        """Make a word known, written as given; it is no longer blocked.

        Args:
            word: The word, with its capitals and apostrophes.
            zipf: log10 of how often it comes in a billion words.

        Raises:
            PersonalWordsError: the alphabet cannot spell it, a number out of bounds, or a file
                that cannot be changed.
        """
        self._put("add", word, zipf, instead_of=("add", "block"))

    def boost(self, word: str, nats: float | None = None) -> None:
        """Make a word likelier (or, below zero, less likely); it is no longer blocked.

        Args:
            word: The word in any case.
            nats: What to add to the natural logarithm of its prior, in place of any boost before.

        Raises:
            PersonalWordsError: as `add`.
        """
        self._put("boost", word, nats, instead_of=("boost", "block"))

    def block(self, word: str) -> None:
        """Keep a word, in any case, from ever coming out; forget that it was added or boosted.

        Raises:
            PersonalWordsError: as `add`.
        """
        self._put("block", word, None, instead_of=("add", "boost", "block"))

    def remove(self, word: str) -> bool:
        """Forget all that was wanted of a word; False if nothing was.

        Raises:
            PersonalWordsError: a file that cannot be changed.
        """
        return self._edit(matching_key(word.strip()), ("add", "boost", "block"), None)

    def refresh(self) -> bool:
        """Read the file again; True if what it wants has changed.

        Raises:
            PersonalWordsError: a damaged file; what counted before still does.
        """
        if self.path is None:
            return False
        with self._lock:
            return self._take(read_lines(self.path))

    def _put(
        self, action: Action, word: str, amount: float | None, *, instead_of: tuple[Action, ...]
    ) -> None:
        entry = make_entry(action, word, amount, self.alphabet)
        self._edit(entry.key, instead_of, entry)

    def _edit(self, key: str, gone: tuple[Action, ...], new: Entry | None) -> bool:
        """Drop the lines of a word that say one of `gone`, and put `new` where the first stood."""
        with self._lock:
            if self.path is None:
                return self._take(self._edited(key, gone, new))
            with alone(self.path):
                self._take(read_lines(self.path))  # another process may have written
                lines = self._edited(key, gone, new)
                if lines == self._lines:
                    return False
                write_lines(self.path, lines)
                return self._take(lines)

    def _edited(self, key: str, gone: tuple[Action, ...], new: Entry | None) -> list[str]:
        lines: list[str] = []
        added = [] if new is None else [new.line()]
        for line, entry in zip(self._lines, self._entries, strict=True):
            if entry is None or entry.key != key or entry.action not in gone:
                lines.append(line)
            else:
                lines += added
                added = []
        return [*(lines or HEADER), *added] if added else lines

    def _take(self, lines: list[str]) -> bool:
        if lines == self._lines:
            return False
        entries = parse(lines, str(self.path), self.alphabet)
        self._lines, self._entries = lines, entries
        changes = _changes([entry for entry in entries if entry], self.revision + 1)
        if changes == self._changes:
            return False
        self._changes = changes
        return True


def _changes(entries: list[Entry], revision: int) -> PersonalChanges:
    """What entries want together: of two numbers for one word the later, and a block above all."""
    blocked = frozenset(entry.key for entry in entries if entry.action == "block")
    added = {entry.key: entry for entry in entries if entry.action == "add"}
    boosts = {entry.key: entry.amount for entry in entries if entry.action == "boost"}
    return PersonalChanges(
        added={
            entry.word: (entry.amount - 9) * math.log(10)
            for key, entry in added.items()
            if key not in blocked
        },
        boosts=boosts,
        blocked=blocked,
        revision=revision,
    )
