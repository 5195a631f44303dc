"""docs/results.md is made of evaluations alone, and never of different data in one table."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from evaluation_swipes import located
from small_decoders import WORDS, Oracle, Speller, Template

from glissando.datasets import Report
from glissando.evaluation import Rows, Swipes, compare, evaluate, to_json
from glissando.keyboard import load_keyboard

KEYBOARDS = {"qwerty": load_keyboard("qwerty")}


@pytest.fixture
def made(tmp_path: Path) -> dict[str, Path]:
    """An evaluation of two decoders on two sets, and their difference."""
    files = {}
    answers = {}
    for data, seed in (("test", 1), ("validation", 2)):
        rows = located(seed=seed)
        swipes = Swipes(rows, KEYBOARDS, Report(), ((f"{data}.jsonl", f"{seed}" * 64),))
        for name, opener in (("oracle", partial(Oracle, rows)), ("template", Template)):
            result = evaluate(opener, rows, KEYBOARDS, latency_sample=0)
            numbers = to_json(result, swipes, rows=Rows.HEADLINE, common=("few", WORDS))
            files[f"{name}-{data}"] = write(tmp_path / f"{name}-{data}.json", numbers)
            answers[name] = result.answers
    pair = {"a": "oracle", "b": "template"}
    pair |= compare(answers["oracle"], answers["template"]).to_json()
    return {**files, "difference": write(tmp_path / "difference.json", pair)}


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


def run(repository: Path, *arguments: object) -> tuple[int, str]:
    command = [sys.executable, repository / "tools/make_results.py", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_it_writes_every_table(made: dict[str, Path], repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.md"
    code, error = run(
        repository, made["oracle-test"], made["template-test"], "--out", out,
        "--validation", made["oracle-validation"], made["template-validation"],
        "--differences", made["difference"],
    )  # fmt: skip
    assert (code, error) == (0, "")
    page = out.read_text()
    numbers = json.loads(made["template-test"].read_text())
    low, high = numbers["interval95"]["top1"]
    row = f"| template | {numbers['top1']:.1f} ({low:.1f}–{high:.1f}) | {numbers['top3']:.1f} |"
    assert row in page
    clean = numbers["clean"]
    low, high = clean["interval95"]["top1"]
    assert (clean["top1"], clean["top3"]) != (numbers["top1"], numbers["top3"])
    assert (
        f"| template | {clean['top1']:.1f} ({low:.1f}–{high:.1f}) | {clean['top3']:.1f} |" in page
    )
    assert "| oracle | 100.0 (100.0–100.0) | 100.0 | 100.0 | 100.0 | 0.0 | 0.0 |" in page
    assert "## Test: test.jsonl" in page and "## Validation: validation.jsonl" in page
    assert "21 swipes by 4 people" in page and "The 14 of them that are `clean`" in page
    assert f"| template | few | {len(WORDS)} | {numbers['oov_rate']:.1f} | 15 |" in page
    assert "| up to 3 letters | 6 |" in page and "| prefix pairs | 6 |" in page
    assert "| oracle | template | 21 | -" in page
    for line in numbers["protocol"]["text"][:2]:
        assert f"- {line}" in page
    assert "1" * 64 in page and "2" * 64 in page
    assert "None" not in page


def test_other_data_in_one_table_is_refused(
    made: dict[str, Path], repository: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.md"
    code, error = run(repository, made["oracle-test"], made["template-validation"], "--out", out)
    assert code == 1 and "template-validation.json: data differs from" in error
    code, error = run(repository, made["difference"], "--out", out)
    assert code == 1 and "no field 'top1'" not in error and "difference.json: no field" in error
    assert not out.exists()


def test_a_decoder_that_spells_words_out_is_shown_with_its_list_alone_too(
    repository: Path, tmp_path: Path
) -> None:
    rows = located(seed=1)
    swipes = Swipes(rows, KEYBOARDS, Report(), (("test.jsonl", "1" * 64),))
    result = evaluate(partial(Speller, rows), rows, KEYBOARDS, latency_sample=0)
    numbers = to_json(result, swipes, rows=Rows.HEADLINE, common=("few", WORDS))
    out = tmp_path / "results.md"
    code, error = run(repository, write(tmp_path / "speller.json", numbers), "--out", out)
    assert (code, error) == (0, "")
    for rates in (numbers["list_only"], numbers["clean"]["list_only"]):
        low, high = rates["interval95"]["top1"]
        row = f"| speller, its list alone | {rates['top1']:.1f} ({low:.1f}–{high:.1f}) | "
        assert row + f"{rates['top3']:.1f} |" in out.read_text()
