r"""Writes the section of docs/results.md on what the errors are: a sample of them, sorted by cause.

    glissando evaluate default validation.jsonl.gz --answers answers.jsonl
    python tools/sort_errors.py answers.jsonl validation.jsonl.gz --out errors.md --list errors.txt

The causes are told by rules, the first that holds; `--list` writes every sorted error with what the
rules saw, to be read by a person. How far a finger stayed away from a letter is measured where it
passes all the word's letters in order with the least sum of squared distances.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from glissando.evaluation import read_answers, read_swipes
from glissando.evaluation.answers import Answer
from glissando.evaluation.matching import match_key
from glissando.evaluation.swipes import swipe_id
from glissando.keyboard import Keyboard, load_keyboard
from glissando.synthesis.alignment import align
from glissando.synthesis.batch import SwipeBatch
from glissando.traces import Gesture

FAR, NEIGHBOUR = 1.5, 1.3  # keys
EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class Error:
    """One swipe that was read as another word.

    Attributes:
        answer: What the decoder said.
        truth: The word's letters.
        best: The best candidate's letters, empty if there was none.
        farthest: Keys between the finger and the letter that it missed most.
        board: The layout.
    """

    answer: Answer
    truth: str
    best: str
    farthest: float
    board: Keyboard

    def line(self, cause: str) -> str:
        """What a person wants to see of it."""
        nbest = ", ".join(f"{c.word} {c.score:.1f}" for c in self.answer.candidates[:3])
        return (
            f"{cause:<14} {self.truth:<16} {self.farthest:4.1f} keys  rank {self.answer.rank}  "
            f"greedy {self.answer.greedy or '':<16} {nbest}"
        )


def is_near(error: Error, one: str, other: str) -> bool:
    """Whether two letters are neighbours on the keyboard."""
    a, b = error.board.centre_array(one + other)
    return bool(np.hypot(*((a - b) / error.board.key_size)) <= NEIGHBOUR)


def confuses_neighbours(error: Error) -> bool:
    """Whether every letter that differs was taken for one beside it."""
    pairs = [(a, b) for a, b in zip(error.truth, error.best, strict=False) if a != b]
    return len(error.truth) == len(error.best) and all(is_near(error, *pair) for pair in pairs)


def undoubled(word: str) -> str:
    """The word with each run of one letter as one."""
    return "".join(letter for letter, _ in groupby(word))


def is_within(short: str, long: str) -> bool:
    """Whether the letters of one word come in the other in order."""
    letters = iter(long)
    return all(letter in letters for letter in short)


# Name → what it says in the table, and its rule; the first that holds is the cause.
CAUSES: dict[str, tuple[str, Callable[[Error], bool]]] = {
    "unlisted": ("the list lacks the word", lambda e: not e.answer.in_vocabulary),
    "not swiped": (
        f"the finger stays {FAR} keys or more away from one of the word's letters",
        lambda e: e.farthest >= FAR,
    ),
    "doubled": (
        "only doubled letters tell the two words apart",
        lambda e: undoubled(e.truth) == undoubled(e.best),
    ),
    "prior": (
        "read right without the list; a commoner word won",
        lambda e: e.answer.greedy == e.truth,
    ),
    "neighbour": ("letters taken for keys beside them, no other difference", confuses_neighbours),
    "ending": (
        "one word is the beginning of the other",
        lambda e: bool(e.best) and (e.truth.startswith(e.best) or e.best.startswith(e.truth)),
    ),
    "passed over": (
        "letters left out or added on the way, no other difference",
        lambda e: is_within(e.best, e.truth) or is_within(e.truth, e.best),
    ),
    "second": ("several differences, the word is among the next nine", lambda e: e.answer.rank > 1),
    "lost": ("several differences, the word is not among the ten best", lambda e: True),
}


def cause_of(error: Error) -> str:
    """The name of the first rule that holds."""
    return next(name for name, (_, holds) in CAUSES.items() if holds(error))


def errors(answers: Sequence[Answer], gestures: dict[str, Gesture], count: int) -> list[Error]:
    """So many wrong answers, by chance but always the same ones."""
    board = load_keyboard("qwerty")
    wrong = sorted((a for a in answers if a.rank != 1), key=lambda a: a.id)[:count]
    strange = next((answer.origin for answer in wrong if answer.id not in gestures), None)
    if strange:
        raise SystemExit(f"{strange}: this swipe was answered, but is not in the data")
    swipes = [gestures[answer.id] for answer in wrong]
    aligned = align(SwipeBatch.from_gestures(swipes), board)
    away = np.hypot(*np.moveaxis(aligned.at[aligned.passing] - aligned.keys, -1, 0))
    return [
        Error(
            answer,
            match_key(answer.truth),
            match_key(answer.candidates[0].word) if answer.candidates else "",
            float(distances.max()),
            board,
        )
        for answer, distances in zip(wrong, away, strict=True)
    ]


def section(
    name: str, data: str, found: Sequence[Error], wrong: int, n: int, note: str
) -> Iterator[str]:
    """The lines of the section."""
    counts = Counter(map(cause_of, found))
    yield "## What the errors are"
    yield ""
    yield f"{name} on {data}: {wrong:,} of {n:,} swipes are read as another word. {len(found)} of"
    yield "them, drawn by chance, each under the first cause that holds (`tools/sort_errors.py`);"
    yield "in brackets, what was read."
    yield ""
    yield "| cause | errors | such as |"
    yield "| --- | ---: | --- |"
    for cause, (meaning, _) in CAUSES.items():
        some = [e for e in found if cause_of(e) == cause][:EXAMPLES]
        shown = ", ".join(f"{e.truth} ({e.best or 'nothing'})" for e in some)
        yield f"| {meaning} | {counts[cause]} | {shown} |"
    if note:
        yield ""
        yield note


def main() -> None:
    """Sort and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", type=Path, help="what evaluate --answers wrote")
    parser.add_argument("data", type=Path, help="the swipes that were evaluated, all on QWERTY")
    parser.add_argument("--name", default="The shipped bundle", help="what the section calls it")
    parser.add_argument("--note", default="", help="what a person saw who read the list")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True, help="file for the section")
    parser.add_argument("--list", type=Path, help="file for the errors themselves")
    a = parser.parse_args()
    answers = [*read_answers(a.answers)]
    gestures = {swipe_id(row.gesture): row.gesture for row in read_swipes([a.data]).rows}
    found = errors(answers, gestures, a.count)
    wrong = sum(answer.rank != 1 for answer in answers)
    lines = section(a.name, a.data.name, found, wrong, len(answers), a.note)
    a.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if a.list:
        listed = sorted(error.line(cause_of(error)) for error in found)
        a.list.write_text("".join(f"{line}\n" for line in listed), encoding="utf-8")
    print(f"written    {a.out}")


if __name__ == "__main__":
    main()
