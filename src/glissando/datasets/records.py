"""What a reader yields for each row of a corpus: a gesture or a rejection, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass

from glissando.traces import Gesture


class DataError(ValueError):
    """Data that cannot be read or written at all; the message names the file, and the line if any.

    A single bad row is no `DataError` but a `Rejection`: it is set aside and counted.
    """


@dataclass(frozen=True, slots=True)
class Located:
    """A gesture and the place it was read from.

    Attributes:
        gesture: The swipe.
        origin: `file:line` (or `file:row`, counted from 1, where a file has no lines).
        language: BCP 47 language of the word, empty if the corpus does not say.
    """

    gesture: Gesture
    origin: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that is set aside.

    Attributes:
        reason: Stable name that reports count by, such as `time_backwards`.
        message: What was expected and what was found, for a person.
        origin: `file:line`.
    """

    reason: str
    message: str
    origin: str


Row = Located | Rejection
