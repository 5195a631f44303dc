from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("typer")

from typer.testing import CliRunner

from glissando import GestureDecoder
from glissando.bundle import read_bundle
from glissando.cli.main import app
from glissando.keyboard import load_keyboard
from glissando.lexicon import PersonalWords
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.synthesis import synthesize
from glissando.traces import Gesture

WORDS = ["water", "people", "school", "because"]


@pytest.fixture(scope="module")
def gestures() -> list[Gesture]:
    rng = np.random.default_rng(4)
    traces = synthesize(WORDS, load_keyboard("qwerty"), rng=rng).traces()
    return [Gesture(trace, word) for trace, word in zip(traces, WORDS, strict=True)]


@pytest.fixture(scope="module")
def manifest(gestures: list[Gesture], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("decode") / "swipes.jsonl"
    path.write_text("".join(json.dumps(gesture.to_row()) + "\n" for gesture in gestures))
    return path


@pytest.fixture(autouse=True)
def own_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    monkeypatch.setenv("GLISSANDO_WORDS", str(path))
    return path


def run(*words: str | Path, stdin: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], input=stdin)
    return result.exit_code, result.output


def test_decode_prints_what_the_decoder_answers(manifest: Path, gestures: list[Gesture]) -> None:
    decoder = GestureDecoder.load()
    wanted = [[c.word for c in decoder.decode(g.trace, n=3)] for g in gestures]
    code, output = run("decode", manifest, "-n", "3")
    assert code == 0
    assert [line.split("\t") for line in output.splitlines()] == wanted


def test_decode_reads_plain_traces_from_standard_input_and_writes_json(
    gestures: list[Gesture],
) -> None:
    stdin = "".join(json.dumps(gesture.trace.to_points()) + "\n" for gesture in gestures)
    code, output = run("decode", "-", "--json", "-n", "2", stdin=stdin)
    assert code == 0
    rows = [json.loads(line) for line in output.splitlines()]
    assert [row["line"] for row in rows] == [1, 2, 3, 4]
    for row in rows:
        best = row["candidates"][0]
        assert set(best) == {"word", "score", "probability", "literal"}
        assert 0 < best["probability"] <= 1


def test_decode_greedily_needs_no_word_list(manifest: Path, gestures: list[Gesture]) -> None:
    decoder = GestureDecoder.load()
    code, output = run("decode", manifest, "--greedy")
    assert code == 0
    assert output.splitlines() == [decoder.decode_greedy(g.trace) for g in gestures]


def test_decode_heeds_the_users_words(manifest: Path, own_words: Path) -> None:
    _, before = run("decode", manifest)
    first = before.splitlines()[0]
    PersonalWords(own_words).block(first)
    _, after = run("decode", manifest)
    assert first not in after.splitlines()
    assert after.splitlines()[1:] == before.splitlines()[1:]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "swipes.jsonl:1"),
        ('{"points": []}\n', "empty"),
        ('{"points": [{"x": 0, "y": "a", "t": 0}]}\n', "points[0].y"),
        ('{"points": [{"x": 0, "y": 0, "t": 0}], "keyboard": {"layout": "maya"}}\n', "maya"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "swipes.jsonl"
    path.write_text(text)
    code, output = run("decode", path)
    assert code == 2
    assert message in output
    assert "Traceback" not in output


def test_a_bundle_that_is_none_is_said_to_be(manifest: Path, tmp_path: Path) -> None:
    for command in (["decode", manifest, "--bundle", tmp_path], ["info", tmp_path]):
        code, output = run(*command)
        assert code == 2
        assert "no bundle here" in output


def test_info_says_what_the_shipped_bundle_is() -> None:
    code, output = run("info")
    description = read_bundle(DEFAULT_BUNDLE).description
    assert code == 0
    assert f"{description.name}: {description.head}, {description.precision}" in output
    assert "37 channels" in output
    assert "CC-BY-SA-4.0" in output
    beam = description.decoding
    assert f"literal prior {beam.literal_prior:g} and {beam.literal_letter:g} a letter" in output
    assert f"beam {beam.width}, threshold {beam.threshold:g}, prior" in output
    code, output = run("info", "--json")
    assert code == 0
    assert json.loads(output) == description.to_json()
