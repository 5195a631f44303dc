"""`glissando prepare` as a user meets it: report, one-line errors, exit codes, help."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from swipe_files import row, write_lines
from typer.testing import CliRunner

from glissando.cli.main import COMMANDS, app
from glissando.datasets import GestureStore


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["prepare", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_it_writes_and_reports(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", [row("The"), row("x1"), row("An", is_err=True)])
    code, output, _ = run(source, "--out", tmp_path / "out")
    assert code == 0
    assert "rows in             3" in output
    assert f"  flagged                1  first: {source}:3: the recorder flagged" in output
    assert output.endswith(f"written    {tmp_path / 'out'}\n")
    assert GestureStore(tmp_path / "out").fetch([0]).words == ["the"]


def test_every_filter_option_reaches_the_rules(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", [row("The"), row("An", is_err=True, clean=False)])
    board = Path(__file__).parent.parent / "src/glissando/keyboard/qwerty-en.json"
    bounds = {
        "--min-points": 3,
        "--max-points": 4,
        "--max-seconds": 1.5,
        "--max-outside-keys": 2.5,
        "--max-letters": 5,
        "--keyboard": board,
        "--letters": "theman",
        "--format": "manifest",
        "--split": "a=0.5,b=0.5",
    }
    given = [piece for option in bounds.items() for piece in option]
    code, _, error = run(source, "--out", tmp_path / "out", "--include-errors", *given)
    assert (code, error) == (0, "")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["kept"] == 2
    assert report["preparation"]["rules"] == {
        "min_points": 3,
        "max_points": 4,
        "max_seconds": 1.5,
        "max_outside_keys": 2.5,
        "max_letters": 5,
        "include_errors": True,
        "clean_only": False,
    }
    assert report["preparation"]["alphabet"] == {"letters": "theman"}
    assert report["preparation"]["keyboards"][0]["name"] == "qwerty"
    assert report["preparation"]["format_name"] == "manifest"
    code, output, _ = run(source, "--out", tmp_path / "out", "--overwrite", "--clean-only")
    assert code == 0 and "kept                1" in output


def test_errors_are_one_line_and_exit_code_2(tmp_path: Path) -> None:
    empty = write_lines(tmp_path / "empty.jsonl", [])
    good = write_lines(tmp_path / "a.jsonl", [row()])
    out = tmp_path / "out"
    cases = [
        ((tmp_path / "nope",), "nope: no such file or folder"),
        ((empty,), "empty.jsonl: the file is empty"),
        ((good, "--format", "csv"), "format 'csv' is not known; known: prepared, how-we-swipe"),
        ((good, "--split", "train=2"), "split 'train=2': 'train=2' is wrong"),
        ((good, "--keyboard", "dvorak"), "unknown keyboard 'dvorak'"),
    ]
    for arguments, message in cases:
        code, output, error = run(*arguments, "--out", out)
        assert (code, output) == (2, "")
        assert error.startswith("glissando: ") and error.count("\n") == 1
        assert message in error
    assert not out.exists()


def test_the_tally_is_shown_when_a_file_breaks_off(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b"".join(json.dumps(row()).encode() + b"\n" for _ in range(9000)))
    source.write_bytes(whole[:-500])
    code, output, error = run(source, "--out", tmp_path / "out")
    assert code == 2
    assert "rows in" in output and "written" not in output
    assert "a.jsonl.gz:" in error and "truncated" in error
    assert not (tmp_path / "out").exists()


def test_from_a_shell_there_is_no_traceback_and_no_bar_in_a_pipe(tmp_path: Path) -> None:
    program = "import sys; from glissando.cli.main import app; app()"
    command = [
        sys.executable,
        "-c",
        program,
        "prepare",
        str(tmp_path),
        "--out",
        str(tmp_path / "x"),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"glissando: {tmp_path}: no swipes in this folder; expected")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"Example: glissando {command} " in result.stdout


def test_the_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.stdout.startswith("glissando 0.")
