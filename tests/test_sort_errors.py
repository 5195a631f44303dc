"""Errors are put under the cause that a person would name."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluation_swipes import located, write_manifest

from glissando.decoding import Candidate
from glissando.evaluation import read_swipes
from glissando.evaluation.answers import Answer
from glissando.evaluation.swipes import swipe_id
from glissando.keyboard import load_keyboard


@pytest.fixture(scope="module")
def tool(repository: Path) -> dict[str, Any]:
    return runpy.run_path(str(repository / "tools/sort_errors.py"))


def answered(truth: str, best: str, **changes: Any) -> Answer:
    answer = Answer(
        id=truth, origin="here:1", truth=truth, user="", is_err=False, clean=True,
        in_vocabulary=True, candidates=(Candidate(best, -1.0, 1.0),), greedy=best, rank=0,
    )  # fmt: skip
    return replace(answer, **changes)


@pytest.mark.parametrize(
    ("truth", "best", "farthest", "changes", "cause"),
    [
        ("aozora", "aura", 9.0, {"in_vocabulary": False}, "unlisted"),
        ("gift", "get", 1.5, {}, "not swiped"),
        ("gift", "get", 1.4, {}, "lost"),
        ("too", "to", 0.1, {"greedy": "too"}, "doubled"),
        ("my", "mu", 0.1, {"greedy": "my"}, "prior"),
        ("win", "won", 0.1, {}, "neighbour"),
        ("wen", "won", 0.1, {}, "lost"),
        ("restore", "restored", 0.1, {}, "ending"),
        ("restored", "restore", 0.1, {"rank": 2}, "ending"),
        ("breast", "beast", 0.1, {}, "passed over"),
        ("wine", "waine", 0.1, {"rank": 2}, "passed over"),
        ("avoid", "acid", 0.1, {"rank": 3}, "second"),
        ("avoid", "acid", 0.1, {"rank": 0}, "lost"),
    ],
)
def test_the_first_rule_that_holds_is_the_cause(
    tool: dict[str, Any], truth: str, best: str, farthest: float, changes: Any, cause: str
) -> None:
    board = load_keyboard("qwerty")
    error = tool["Error"](answered(truth, best, **changes), truth, best, farthest, board)
    assert tool["cause_of"](error) == cause


def test_it_measures_how_far_the_finger_stayed_away_and_counts_every_error(
    repository: Path, tmp_path: Path
) -> None:
    rows = located(["the", "keyboard"], each=2)
    # One swipe is prompted as a word whose keys the finger never comes near.
    rows[3] = replace(rows[3], gesture=replace(rows[3].gesture, word="quiz"))
    data = write_manifest(tmp_path / "swipes.jsonl", rows)
    found = [("the", 1), ("ghe", 0), ("keyboards", 0), ("keyboard", 0)]
    answers = [
        replace(answered(row.gesture.word, best), id=swipe_id(row.gesture), rank=rank)
        for row, (best, rank) in zip(read_swipes([data]).rows, found, strict=True)
    ]
    written = tmp_path / "answers.jsonl"
    written.write_text("".join(json.dumps(answer.to_row()) + "\n" for answer in answers))
    out, listed = tmp_path / "errors.md", tmp_path / "errors.txt"
    command = [sys.executable, repository / "tools/sort_errors.py", written, data]
    subprocess.run([*command, "--out", out, "--list", listed], check=True, capture_output=True)
    page = out.read_text()
    assert "3 of 4 swipes" in page
    for count, shown in ((1, "quiz (keyboard)"), (1, "the (ghe)"), (1, "keyboard (keyboards)")):
        assert f"| {count} | {shown} |" in page
    assert listed.read_text().count("\n") == 3
