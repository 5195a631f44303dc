"""Folders of synthetic swipes in the canonical table, and the set that training falls back on."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from glissando.alphabet import ENGLISH, Alphabet
from glissando.datasets.reading import Advance, idle
from glissando.datasets.records import DataError
from glissando.datasets.schema import SCHEMA, SCHEMA_VERSION, point_lists
from glissando.datasets.shards import REPORT, atomic_folder, write_shards
from glissando.keyboard import Keyboard, load_keyboard
from glissando.lexicon import load_words
from glissando.synthesis.batch import SwipeBatch
from glissando.synthesis.generator import synthesize
from glissando.synthesis.letters import spell
from glissando.synthesis.parameters import HumanParameters, SynthesisError, load_parameters
from glissando.synthesis.people import draw_people

SOURCE = "synthetic"
SWIPES_OF_A_USER = 50  # as many as How We Swipe has of the median volunteer
_CHUNK = 4096  # swipes made from one seed; another number would make another set

# What each stream of chance is for; every one is seeded by (seed, stream, index).
_PEOPLE, _ORDER, _SWIPES, _WORDS = range(4)


@dataclass(frozen=True, slots=True)
class Plan:
    """A set of synthetic swipes to make; the same plan makes the same set.

    Attributes:
        words: The words; each is swiped equally often, but for a remainder.
        swipes: Number of swipes.
        seed: Seed of all chance; sets of different seeds have different users.
        keyboard: The layout.
        users: Synthetic users to draw from.
        parameters: How people swipe.
    """

    words: tuple[str, ...]
    swipes: int
    seed: int
    keyboard: Keyboard
    users: int
    parameters: HumanParameters

    def chunks(self) -> Iterator[SwipeBatch]:
        """The swipes in parts that follow from the seed alone, each made when it is asked for."""
        p = self.parameters
        people = draw_people(self.users, p, self._chance(_PEOPLE))
        for index, start in enumerate(range(0, self.swipes, _CHUNK)):
            words = self._words(start, min(start + _CHUNK, self.swipes))
            yield synthesize(
                words, self.keyboard, p, self._chance(_SWIPES, index), people=people
            ).with_user_prefix(f"{SOURCE}-{self.seed}-")

    def _words(self, start: int, stop: int) -> list[str]:
        """Words of some rows: the whole list in a new order again and again."""
        words: list[str] = []
        size = len(self.words)
        for turn in range(start // size, (stop - 1) // size + 1):
            order = self._chance(_ORDER, turn).permutation(size)
            rows = order[max(start - turn * size, 0) : stop - turn * size]
            words += [self.words[at] for at in rows]
        return words

    def _chance(self, stream: int, index: int = 0) -> np.random.Generator:
        return np.random.default_rng([self.seed, stream, index])


def make_plan(
    words: Sequence[str],
    swipes: int,
    *,
    seed: int = 0,
    keyboard: str | Path | Keyboard = "qwerty",
    users: int | None = None,
    parameters: HumanParameters | None = None,
) -> Plan:
    """Check and complete what is asked for.

    Args:
        words: The words.
        swipes: Number of swipes.
        seed: Seed of all chance.
        keyboard: The layout or its name or file.
        users: Synthetic users; without it as many as make `SWIPES_OF_A_USER` swipes each.
        parameters: How people swipe; without it as fitted.

    Raises:
        SynthesisError: no words, a number below 1, or a word that cannot be swiped.
        KeyboardError: no such keyboard.
    """
    if users is None:
        users = math.ceil(swipes / SWIPES_OF_A_USER)
    if not words or swipes < 1 or users < 1 or seed < 0:
        raise SynthesisError(
            f"expected words, swipes and users, and a seed from 0, found {len(words)} words, "
            f"{swipes} swipes, {users} users, seed {seed}"
        )
    board = keyboard if isinstance(keyboard, Keyboard) else load_keyboard(keyboard)
    spell(words, board)  # every word can be swiped, or we say so before any work
    return Plan(tuple(words), swipes, seed, board, users, parameters or load_parameters())


def make_dataset(
    out: Path,
    words: Sequence[str],
    swipes: int,
    *,
    seed: int = 0,
    keyboard: str | Path | Keyboard = "qwerty",
    users: int | None = None,
    overwrite: bool = False,
    alphabet: Alphabet = ENGLISH,
    advance: Advance = idle,
) -> None:
    """Make a prepared folder of synthetic swipes, whole or not at all.

    Args:
        out: The folder to make.
        words: As in `make_plan`, with `swipes`, `seed`, `keyboard` and `users`.
        swipes: Number of rows.
        seed: Seed of all chance; the same seed makes the same rows.
        keyboard: The layout or its name or file.
        users: Synthetic users.
        overwrite: Replace a prepared folder at `out`.
        alphabet: What labels are spelt in.
        advance: Told the number of rows made since the last call.

    Raises:
        SynthesisError: see `make_plan`.
        KeyboardError: no such keyboard.
        WordError: the alphabet cannot spell a word.
        DataError: `out` is taken or cannot be written.
    """
    plan = make_plan(words, swipes, seed=seed, keyboard=keyboard, users=users)
    labels = {word: alphabet.normalise(word) for word in plan.words}
    with write_shards(out, overwrite=overwrite) as writer:
        for batch in plan.chunks():
            writer.write_batch(_table(batch, plan, labels, writer.rows))
            advance(len(batch))
        writer.describe(**_facts(plan))


def make_manifest(
    out: Path,
    words: Sequence[str],
    swipes: int,
    *,
    seed: int = 0,
    keyboard: str | Path | Keyboard = "qwerty",
    users: int | None = None,
    overwrite: bool = False,
    advance: Advance = idle,
) -> None:
    """Make the same rows as `make_dataset`, as the training manifest `out/swipes.jsonl`.

    Raises:
        SynthesisError: see `make_plan`.
        KeyboardError: no such keyboard.
        DataError: `out` is taken or cannot be written.
    """
    plan = make_plan(words, swipes, seed=seed, keyboard=keyboard, users=users)
    with atomic_folder(out, overwrite=overwrite) as folder:
        with (folder / "swipes.jsonl").open("w", encoding="utf-8") as file:
            for batch in plan.chunks():
                for gesture in batch.gestures(layout=plan.keyboard.name, source=SOURCE):
                    file.write(json.dumps(gesture.to_row(), ensure_ascii=False) + "\n")
                advance(len(batch))
        report = json.dumps({"rows": plan.swipes, **_facts(plan)}, indent=2)
        (folder / REPORT).write_text(report + "\n", encoding="utf-8")


def choose_words(count: int, *, seed: int = 0, among: Sequence[str] | None = None) -> list[str]:
    """Words at random from a list, in the list's order.

    Args:
        count: Number of words.
        seed: Seed of the choice.
        among: The list; without it the English one that ships.

    Raises:
        SynthesisError: the list has fewer words.
    """
    words = load_words() if among is None else among
    if not 1 <= count <= len(words):
        raise SynthesisError(f"words: expected a number from 1 to {len(words)}, found {count}")
    rng = np.random.default_rng([seed, _WORDS])
    return [words[at] for at in np.sort(rng.choice(len(words), size=count, replace=False))]


DEFAULT_WORDS, DEFAULT_TRAIN, DEFAULT_VALIDATION = 4000, 12_000, 1000


def default_dataset(root: Path, *, advance: Advance = idle) -> tuple[Path, Path]:
    """The train and validation folders to use where there is no data; made once under `root`.

    Both have the same words; their synthetic users are different. The folder's name is a hash of
    what it was made from. Processes may race: the one that ends first wins.

    Args:
        root: Folder of such sets; made as needed.
        advance: Told the number of rows made, of `DEFAULT_TRAIN + DEFAULT_VALIDATION`.

    Raises:
        DataError: `root` cannot be written.
    """
    words = choose_words(DEFAULT_WORDS)
    made_from = [SCHEMA_VERSION, words, load_parameters().to_json(), _CHUNK]
    made_from += [DEFAULT_TRAIN, DEFAULT_VALIDATION]
    key = hashlib.blake2b(json.dumps(made_from).encode(), digest_size=6).hexdigest()
    folder = root / f"{SOURCE}-{key}"
    parts = (("train", DEFAULT_TRAIN), ("validation", DEFAULT_VALIDATION))
    for seed, (name, swipes) in enumerate(parts, start=1):
        if (folder / name / REPORT).is_file():
            continue
        try:
            make_dataset(folder / name, words, swipes, seed=seed, advance=advance)
        except DataError:
            if not (folder / name / REPORT).is_file():  # else another process was faster
                raise
    return folder / "train", folder / "validation"


def _table(batch: SwipeBatch, plan: Plan, labels: dict[str, str], row: int) -> Any:
    """The swipes as a `pyarrow.RecordBatch` of `SCHEMA`; `row` were written before."""
    count = len(batch)
    columns: dict[str, Any] = {
        "word": batch.words,
        "label": [labels[word] for word in batch.words],
        "user": batch.users,
        "sentence": [""] * count,
        "layout": [plan.keyboard.name] * count,
        "width": batch.width,
        "height": batch.height,
        "is_err": np.zeros(count, dtype=bool),
        "clean": np.ones(count, dtype=bool),
        "source": [SOURCE] * count,
        "origin": [f"{SOURCE}-{plan.seed}:{row + at}" for at in range(1, count + 1)],
    }
    arrays = {
        name: pa.array(values, type=SCHEMA.field(name).type) for name, values in columns.items()
    }
    for name in ("x", "y", "t"):
        arrays[name] = point_lists(batch.lengths, getattr(batch, name))
    return pa.RecordBatch.from_arrays([arrays[name] for name in SCHEMA.names], schema=SCHEMA)


def _facts(plan: Plan) -> dict[str, Any]:
    return {
        "source": SOURCE,
        "words": len(plan.words),
        "users": plan.users,
        "seed": plan.seed,
        "keyboard": plan.keyboard.name,
    }
