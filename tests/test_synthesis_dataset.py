"""Sets of synthetic swipes and the command that makes them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from glissando.cli.main import app
from glissando.datasets.manifest import ManifestReader
from glissando.datasets.reading import idle
from glissando.datasets.records import DataError, Located
from glissando.datasets.shards import read_rows
from glissando.keyboard import KeyboardError
from glissando.lexicon import load_words
from glissando.synthesis import SynthesisError
from glissando.synthesis.dataset import (
    DEFAULT_TRAIN,
    DEFAULT_VALIDATION,
    choose_words,
    default_dataset,
    make_dataset,
    make_plan,
)
from glissando.traces import Gesture

WORDS = ["alpha", "don't", "bee"]


def rows(folder: Path) -> list[Gesture]:
    return [located.gesture for located, _label in read_rows(folder)]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["synthesize", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_dataset_says_what_it_is(tmp_path: Path) -> None:
    told: list[int] = []
    make_dataset(tmp_path / "set", WORDS, 100, seed=3, advance=told.append)
    gestures = rows(tmp_path / "set")
    assert sum(told) == len(gestures) == 100
    assert {g.source for g in gestures} == {"synthetic"}
    assert {g.layout for g in gestures} == {"qwerty"}
    assert {g.user for g in gestures} == {"synthetic-3-0", "synthetic-3-1"}
    assert sorted(Counter(g.word for g in gestures).values()) == [33, 33, 34]
    assert not any(g.is_err for g in gestures)
    origins = [located.origin for located, _ in read_rows(tmp_path / "set")]
    assert origins == [f"synthetic-3:{row}" for row in range(1, 101)]
    assert [label for _, label in read_rows(tmp_path / "set")] == [g.word for g in gestures]
    report = json.loads((tmp_path / "set/report.json").read_text())
    facts = {"rows": 100, "source": "synthetic", "words": 3, "users": 2, "seed": 3}
    assert facts.items() <= report.items()


def test_rows_follow_from_the_seed_and_not_from_how_many_there_are() -> None:
    """A longer set of as many users begins with the shorter one's full chunks."""
    short, long = (
        next(make_plan(WORDS, swipes, seed=5, users=7).chunks()) for swipes in (4096, 4200)
    )
    assert short.words == long.words
    assert short.users == long.users
    assert np.array_equal(short.x, long.x)
    other = next(make_plan(WORDS, 4096, seed=6, users=7).chunks())
    assert not np.array_equal(short.lengths, other.lengths)


def test_chunks_join_without_seam() -> None:
    """Words keep taking turns over the border of two chunks, and every row is there."""
    batches = list(make_plan(WORDS, 4100, users=3).chunks())
    assert [len(batch) for batch in batches] == [4096, 4]
    words = [word for batch in batches for word in batch.words]
    turns = [words[at : at + 3] for at in range(0, 4098, 3)]
    assert all(sorted(turn) == sorted(WORDS) for turn in turns)
    assert len({tuple(turn) for turn in turns}) == 6  # in every order


def test_no_chunk_repeats_another() -> None:
    one, two = make_plan(["at"], 8192, users=3).chunks()
    assert not np.array_equal(one.lengths, two.lengths)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"words": []}, SynthesisError),
        ({"words": ["b2b"]}, SynthesisError),
        ({"swipes": 0}, SynthesisError),
        ({"users": 0}, SynthesisError),
        ({"seed": -1}, SynthesisError),
        ({"keyboard": "qwertz"}, KeyboardError),
    ],
)
def test_wrong_plans_are_refused(change: dict[str, object], error: type[Exception]) -> None:
    asked: dict[str, object] = {"words": WORDS, "swipes": 10, **change}
    with pytest.raises(error):
        make_plan(**asked)  # type: ignore[arg-type]


def test_a_taken_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(DataError, match="not empty"):
        make_dataset(tmp_path, WORDS, 10, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_chosen_words_are_from_the_list_and_differ_by_seed() -> None:
    one, same, other = (choose_words(50, seed=seed) for seed in (1, 1, 2))
    assert one == same != other
    assert len(set(one)) == 50
    assert set(one) <= set(load_words())
    with pytest.raises(SynthesisError, match="from 1 to 3, found 4"):
        choose_words(4, among=WORDS)


def test_default_dataset_is_made_once_with_users_apart(tmp_path: Path) -> None:
    told: list[int] = []
    train, validation = default_dataset(tmp_path, advance=told.append)
    assert sum(told) == DEFAULT_TRAIN + DEFAULT_VALIDATION
    users = [{g.user for g in rows(folder)} for folder in (train, validation)]
    assert len(users[0]) == DEFAULT_TRAIN / 50
    assert not users[0] & users[1]
    before = (train / "report.json").stat().st_mtime_ns
    assert default_dataset(tmp_path, advance=told.append) == (train, validation)
    assert sum(told) == DEFAULT_TRAIN + DEFAULT_VALIDATION
    assert (train / "report.json").stat().st_mtime_ns == before


def test_command_writes_the_same_swipes_in_both_formats(tmp_path: Path) -> None:
    listed = tmp_path / "words.txt"
    listed.write_text("Zürich\nalpha\n")
    shared = ["--words", listed, "--words", "3", "--per-word", "2", "--seed", "4"]
    code, text = run(*shared, "--out", tmp_path / "shards")
    assert (code, text.splitlines()[0]) == (0, "10 synthetic swipes of 5 words on qwerty")
    code, _ = run(*shared, "--out", tmp_path / "lines", "--format", "jsonl")
    assert code == 0
    manifest = list(ManifestReader().read(tmp_path / "lines/swipes.jsonl", idle))
    read = [row.gesture for row in manifest if isinstance(row, Located)]
    assert len(read) == len(manifest) == 10
    for line, row in zip(read, rows(tmp_path / "shards"), strict=True):
        assert (line.word, line.user, line.source) == (row.word, row.user, row.source)
        assert np.abs(line.trace.points() - row.trace.points()).max() < 1e-5
    assert {"zurich", "alpha"} < {g.word for g in read}


def test_command_takes_a_keyboard_and_a_number_of_swipes(tmp_path: Path) -> None:
    code, _ = run(
        "--words", 5, "--swipes", 12, "--keyboard", "azerty", "--users", 3, "--out", tmp_path / "o"
    )
    assert code == 0
    gestures = rows(tmp_path / "o")
    assert len(gestures) == 12
    assert {g.layout for g in gestures} == {"azerty"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--words", "0"], "expected a number from 1 to"),
        (["--words", "absent.txt"], "absent.txt: neither a file nor a word list"),
        (["--words", "5", "--keyboard", "qwertz"], "unknown keyboard 'qwertz'"),
        (["--words", "5", "--swipes", "0"], "0 swipes"),
        (["--words", "5", "--swipes", "9", "--per-word", "2"], "not both"),
    ],
)
def test_command_says_what_is_wrong(arguments: list[str], message: str, tmp_path: Path) -> None:
    code, text = run(*arguments, "--out", tmp_path / "o")
    assert code == 2
    assert message in text
    assert not (tmp_path / "o").exists()
