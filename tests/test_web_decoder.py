"""The browser's decoder: its own tests, and the same answers as Python's on other swipes, too."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from web_node import WEB, run_tool

from glissando.runtime.decoder import DEFAULT_BUNDLE

GOLDEN = WEB / "test/golden/decodes.jsonl.gz"
TOLERANCE = 1e-3
AGAIN = "make the golden file again: python tools/make_golden_decodes.py"

pytestmark = pytest.mark.slow


def make_golden(repository: Path, out: Path, *arguments: str | Path) -> Path:
    tool = repository / "tools/make_golden_decodes.py"
    done = subprocess.run(
        [sys.executable, tool, "--out", out, *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return out


def read_golden(path: Path) -> list[dict[str, Any]]:
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines]


def is_close(found: list[list[Any]], expected: list[list[Any]]) -> bool:
    rows = {row[0]: row for row in expected}
    return len(found) == len(expected) and all(
        word in rows
        and abs(score - rows[word][1]) <= TOLERANCE
        and abs(rows[word][1] - here[1]) <= TOLERANCE
        and abs(probability - here[2]) <= TOLERANCE
        and literal == rows[word][3]
        for (word, score, probability, literal), here in zip(found, expected, strict=True)
    )


def hold_to(golden: Path, bundle: Path = DEFAULT_BUNDLE) -> None:
    """The browser's decoder, run by Node, must answer as a golden file says."""
    env = {"GLISSANDO_GOLDEN": str(golden), "GLISSANDO_BUNDLE": str(bundle)}
    done = run_tool("vitest", "run", "test/golden.test.ts", env=env)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_golden_file_is_what_python_answers_today(repository: Path, tmp_path: Path) -> None:
    header, *written = read_golden(GOLDEN)
    now, *rows = read_golden(make_golden(repository, tmp_path / "now.gz"))
    assert now == header, AGAIN
    assert len(written) == 300
    assert [row["points"] for row in rows] == [row["points"] for row in written], AGAIN
    for answer in ("candidates", "taught"):
        differing = [
            row["word"]
            for row, before in zip(rows, written, strict=True)
            if not is_close(row[answer], before[answer])
        ]
        assert differing == [], AGAIN


def test_the_pages_own_tests_pass() -> None:
    done = run_tool("vitest", "run")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_page_is_written_in_one_style() -> None:
    done = run_tool("biome", "ci")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_ctc_model_is_decoded_alike(
    repository: Path, tiny_ctc_bundle: Path, tmp_path: Path
) -> None:
    golden = make_golden(repository, tmp_path / "ctc.gz", "--bundle", tiny_ctc_bundle)
    hold_to(golden, tiny_ctc_bundle)


def test_recorded_swipes_are_decoded_alike(
    repository: Path, real_data: Path, tmp_path: Path
) -> None:
    data = real_data / "how-we-swipe/hws-validation.jsonl.gz"
    golden = make_golden(repository, tmp_path / "recorded.gz", "--data", data)
    assert len(read_golden(golden)) == 301
    hold_to(golden)


def test_the_comparison_sees_a_score_that_differs(tmp_path: Path) -> None:
    rows = read_golden(GOLDEN)
    rows[7]["candidates"][0][1] += 2 * TOLERANCE
    wrong = tmp_path / "wrong.gz"
    wrong.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    with pytest.raises(AssertionError, match=f"{rows[7]['word']}: "):
        hold_to(wrong)
