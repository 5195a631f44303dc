"""What a decoder answered to each swipe, and the JSON-lines file that keeps it for later."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from glissando.datasets import DataError, Rejection
from glissando.datasets.reading import read_objects
from glissando.decoding import Candidate
from glissando.evaluation.matching import rank_of


@dataclass(frozen=True, slots=True)
class Answer:
    """One swipe, decoded.

    Attributes:
        id: Hash of the swipe (`swipe_id`), which pairs the answers of two decoders.
        origin: `file:line` that the swipe was read from.
        truth: The word that was meant, as the source spells it.
        user: Anonymous id of the person, empty if unknown.
        is_err: The recorder itself flagged the swipe as wrong.
        clean: The source's quality check passed.
        in_vocabulary: The decoder's lexicon has the truth.
        candidates: The n-best, best first.
        greedy: Letters read without a lexicon; None where the decoder has no such mode.
        rank: Place of the truth in the n-best, from 1; 0 if it is not there.
    """

    id: str
    origin: str
    truth: str
    user: str
    is_err: bool
    clean: bool
    in_vocabulary: bool
    candidates: tuple[Candidate, ...]
    greedy: str | None
    rank: int

    def to_row(self) -> dict[str, Any]:
        """A JSON object; the n-best as `[word, score, probability]`, its literal one named."""
        row = {name: getattr(self, name) for name in _PLAIN}
        nbest = [[c.word, round(c.score, 4), round(c.probability, 6)] for c in self.candidates]
        literal = next((c.word for c in self.candidates if c.literal), None)
        return {
            **row,
            "nbest": nbest,
            "literal": literal,
            "greedy": self.greedy,
            "rank": self.rank,
        }

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Answer:
        """The inverse of `to_row`; the rank is taken from the n-best anew.

        Raises:
            KeyError: a field is missing.
            TypeError: a field has another type.
            ValueError: an entry of the n-best is no word, score and probability.
        """
        literal = _text_or_none(row, "literal") if "literal" in row else None  # older: absent
        candidates = tuple(
            Candidate(str(w), float(s), float(p), literal=w == literal) for w, s, p in row["nbest"]
        )
        return cls(
            **{name: _typed(row, name, kind) for name, kind in _PLAIN.items()},
            candidates=candidates,
            greedy=_text_or_none(row, "greedy"),
            rank=rank_of(row["truth"], candidates),
        )


def listed_only(answer: Answer) -> Answer:
    """What the decoder would have answered without literal reading."""
    candidates = tuple(candidate for candidate in answer.candidates if not candidate.literal)
    return replace(answer, candidates=candidates, rank=rank_of(answer.truth, candidates))


_PLAIN: dict[str, type] = {
    "id": str,
    "origin": str,
    "truth": str,
    "user": str,
    "is_err": bool,
    "clean": bool,
    "in_vocabulary": bool,
}


def write_answers(path: Path, answers: Iterable[Answer]) -> None:
    """Write one answer a line."""
    with path.open("w", encoding="utf-8") as file:
        for answer in answers:
            file.write(json.dumps(answer.to_row(), ensure_ascii=False) + "\n")


def read_answers(path: Path) -> list[Answer]:
    """What `write_answers` wrote.

    Raises:
        DataError: not such a file; names the line and the field.
    """
    answers = []
    for item in read_objects(path):
        if isinstance(item, Rejection):
            raise DataError(f"{item.origin}: {item.message}")
        origin, row = item
        try:
            answers.append(Answer.from_row(row))
        except KeyError as error:
            raise DataError(f"{origin}: no field {error.args[0]!r}; not saved answers") from error
        except (TypeError, ValueError) as error:
            raise DataError(f"{origin}: not saved answers: {error}") from error
    if not answers:
        raise DataError(f"{path}: holds no answers")
    return answers


def _text_or_none(row: dict[str, Any], name: str) -> str | None:
    return None if row[name] is None else str(_typed(row, name, str))


def _typed(row: dict[str, Any], name: str, kind: type) -> Any:
    if not isinstance(row[name], kind):
        raise TypeError(f"{name}: expected {kind.__name__}, found {row[name]!r:.40}")
    return row[name]
