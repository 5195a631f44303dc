"""`glissando words` as a user meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from glissando.cli.main import app
from glissando.lexicon import PersonalWords


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "words.txt"


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["words", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_what_is_said_is_listed_and_counts(file: Path) -> None:
    own = ("--file", file)
    decoder_s = PersonalWords(file)  # as a running decoder has it
    assert run("add", "Gruffalo", "O'Hara", "--zipf", 4, *own) == (0, "", "")
    assert run("boost", "thesis", "--nats", -3, *own) == (0, "", "")
    assert run("boost", "cat", *own) == (0, "", "")
    assert run("block", "ducking", *own) == (0, "", "")
    assert run("list", *own) == (
        0,
        "add\tGruffalo\t4\nadd\tO'Hara\t4\nboost\tthesis\t-3\nboost\tcat\t2\nblock\tducking\n",
        f"5 in {file}\n",
    )
    assert decoder_s.refresh()
    assert [*decoder_s.added] == ["Gruffalo", "O'Hara"]
    assert decoder_s.boosts == {"thesis": -3.0, "cat": 2.0}
    assert decoder_s.blocked == {"ducking"}


def test_the_usual_file_is_where_the_environment_says(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLISSANDO_WORDS", str(file))
    assert run("list") == (0, "", f"0 in {file}\n")
    assert run("block", "ducking")[0] == 0
    assert PersonalWords(file).blocked == {"ducking"}
    assert run("list")[1] == "block\tducking\n"


def test_remove_forgets_what_it_can_and_names_the_rest(file: Path) -> None:
    run("block", "one", "two", "--file", file)
    code, output, error = run("remove", "ONE", "three", "four", "--file", file)
    assert (code, output) == (1, "")
    assert error == f"glissando: {file}: says nothing of three, four\n"
    assert PersonalWords(file).blocked == {"two"}
    assert run("remove", "two", "--file", file) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "cat", "b2b"), "word 'b2b': '2' is not in the alphabet"),
        (("add", "cat", "--zipf", 9), "add cat: expected a number from 0 to 8, found 9"),
        (("boost", "cat", "--nats", 21), "boost cat: expected a number from -20 to 20, found 21"),
        (("block", "cat", "new york"), "word 'new york': ' ' is not in the alphabet"),
    ],
)
def test_one_wrong_word_refuses_all(
    arguments: tuple[object, ...], message: str, file: Path
) -> None:
    assert run(*arguments, "--file", file) == (2, "", f"glissando: {message}\n")
    assert not file.exists()


def test_a_damaged_file_is_named_by_line_and_left_alone(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("block one\nblok two\n")
    for arguments in (("list",), ("add", "cat"), ("remove", "one")):
        code, output, error = run(*arguments, "--file", file)
        assert (code, output) == (2, "")
        assert error.startswith(f"glissando: {file}:2: expected one of add, boost, block")
    assert file.read_text() == "block one\nblok two\n"


def test_help_says_what_the_numbers_mean() -> None:
    for command, wanted in {
        "add": "log10 of times in a billion words",
        "boost": "Natural logarithm",
        "block": "Apostrophes count",
        "remove": "exit code 1",
        "list": "as it stands in the file",
    }.items():
        code, output, _ = run(command, "--help")
        assert code == 0 and wanted in " ".join(output.split())
    assert "GLISSANDO_WORDS" in run("--help")[1]
    assert run("add")[0] == 2  # no word
    assert run("learn", "cat")[0] == 2
