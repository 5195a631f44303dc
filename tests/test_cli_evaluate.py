"""`glissando evaluate` and `compare` as a user meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from evaluation_swipes import located, write_manifest
from typer.testing import CliRunner

from glissando.cli.decoders import DecoderError, decoder_opener
from glissando.cli.main import app
from glissando.decoding import Decoder

TEMPLATE = "small_decoders:Template"


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_manifest(tmp_path_factory.mktemp("data") / "a.jsonl", located())


def test_one_command_writes_numbers_report_and_answers(manifest: Path, tmp_path: Path) -> None:
    files = {name: tmp_path / "new" / name for name in ("r.json", "r.html", "r.jsonl")}
    code, output, error = run(
        "evaluate", TEMPLATE, manifest, "--workers", 2, "--latency-sample", 3,
        "--json", files["r.json"], "--html", files["r.html"], "--answers", files["r.jsonl"],
    )  # fmt: skip
    assert (code, error) == (0, "")
    numbers = json.loads(files["r.json"].read_text())
    assert numbers["n"] == 21 and numbers["clean"]["n"] == 14
    assert numbers["latency_ms"]["n"] == 3
    assert numbers["protocol"]["files"][0]["name"] == "a.jsonl"
    assert "headline             21" in output
    assert f"{numbers['top1']:.1f} (" in output
    assert "latency    p50" in output
    assert files["r.html"].read_text().startswith("<!DOCTYPE html>")
    assert len(files["r.jsonl"].read_text().splitlines()) == 21
    for file in files.values():
        assert f"written    {file}\n" in output


def test_without_a_decoder_the_shipped_weights_are_measured(manifest: Path, tmp_path: Path) -> None:
    found = []
    for number, decoder in enumerate(([], ["default"])):
        out = tmp_path / f"{number}.json"
        quick = ("--workers", 1, "--latency-sample", 0, "--json", out)
        code, output, error = run("evaluate", *decoder, manifest, *quick)
        assert (code, error) == (0, ""), output
        found.append(json.loads(out.read_text()))
    assert found[0] == found[1]
    assert found[0]["decoder"] == "en-qwerty"
    assert found[0]["lexicon"]["words"] > 147_000
    assert ("  the list alone" in output) == (found[0]["list_only"] is not None)
    code, _, error = run("evaluate", tmp_path / "absent.jsonl")
    assert code == 2 and "absent.jsonl" in error


def test_rows_limit_and_seed(manifest: Path, tmp_path: Path) -> None:
    def numbers(*options: object) -> dict[str, Any]:
        out = tmp_path / "r.json"
        quick = ("--workers", 1, "--latency-sample", 0, "--json", out)
        code, output, error = run("evaluate", TEMPLATE, manifest, *quick, *options)
        assert (code, error) == (0, ""), output
        found: dict[str, Any] = json.loads(out.read_text())
        return found

    whole, clean = numbers(), numbers("--rows", "clean")
    assert (whole["rows"], clean["rows"]) == ("headline", "clean")
    assert clean["top1"] == whole["clean"]["top1"] and clean["n"] == 14
    assert clean["protocol"]["rows_set_aside"] == {"not_clean": 7}
    assert whole["latency_ms"] == dict.fromkeys(("p50", "p95", "cpu_p50", "cpu_p95")) | {"n": 0}
    assert not any(line.startswith("Sample") for line in whole["protocol"]["text"])
    few = [numbers("--limit", 5) for _ in range(2)]
    said = "Sample: 5 of 21 such rows, those whose hashes are lowest."
    assert said in few[0]["protocol"]["text"]
    assert few[0] == few[1] and few[0]["n"] == 5
    again = numbers("--seed", 1)
    assert again["protocol"]["bootstrap"]["seed"] == 1
    assert again["top1"] == whole["top1"]


def test_flagged_rows_count_only_if_asked_for(tmp_path: Path) -> None:
    source = write_manifest(tmp_path / "a.jsonl", located(), is_err=True)
    for rows, count in (("headline", 20), ("all", 21)):
        out = tmp_path / "r.json"
        run("evaluate", TEMPLATE, source, "--rows", rows, "--json", out, "--latency-sample", 0,
            "--workers", 1)  # fmt: skip
        assert json.loads(out.read_text())["n"] == count


def test_two_decoders_are_compared_on_the_same_swipes(manifest: Path, tmp_path: Path) -> None:
    out = tmp_path / "d.json"
    code, output, error = run(
        "compare", TEMPLATE, "small_decoders:Backwards", manifest, "--workers", 1, "--json", out
    )
    assert (code, error) == (0, "")
    found = json.loads(out.read_text())
    assert (found["a"], found["b"], found["n"]) == (TEMPLATE, "small_decoders:Backwards", 21)
    assert (
        found["top1"]["b"] < found["top1"]["a"] == found["top1"]["b"] - found["top1"]["difference"]
    )
    low, high = found["top1"]["interval95"]
    assert low <= found["top1"]["difference"] <= high < 0
    assert sum(found["top1_counts"].values()) == 21
    assert "b - a" in output and f"{found['top1']['difference']:+.2f}" in output
    assert "sign test p =" in output


def test_saved_answers_are_compared_without_data(manifest: Path, tmp_path: Path) -> None:
    saved = tmp_path / "a.jsonl"
    quick = ("--workers", 1, "--latency-sample", 0)
    run("evaluate", TEMPLATE, manifest, *quick, "--answers", saved)
    code, output, _ = run("compare", saved, saved)
    assert code == 0 and "+0.00" in output
    code, output, _ = run("compare", saved, TEMPLATE, manifest, "--workers", 1)
    assert code == 0 and "+0.00" in output
    code, _, error = run("compare", saved, TEMPLATE, manifest, "--limit", 3, "--workers", 1)
    assert (code, error) == (2, "glissando: cannot pair 21 answers with 3\n")


def test_errors_are_one_line_and_exit_code_2(manifest: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    cases: list[tuple[tuple[object, ...], str]] = [
        (("evaluate", "nonsense", manifest), "no decoder 'nonsense'; expected a bundle's folder"),
        (("evaluate", empty, manifest), "neither a bundle (bundle.json) nor a finished run"),
        (("evaluate", "nonsense:Thing", manifest), "nonsense:Thing: No module named 'nonsense'"),
        (("evaluate", "small_decoders:Thing", manifest), "has no attribute 'Thing'"),
        (("evaluate", "small_decoders:WORDS", manifest), "expected a class or function"),
        (("evaluate", TEMPLATE, tmp_path / "nope"), "nope: no such file or folder"),
        (("evaluate", TEMPLATE, manifest, "--lexicon", "en"), "brings its own word list"),
        (
            ("evaluate", "small_decoders:Failing", manifest, "--workers", 1),
            "a.jsonl:7: failing failed on 'Letter'",
        ),
    ]
    for arguments, message in cases:
        code, _, error = run(*arguments)
        assert code == 2, (arguments, error)
        assert message in error and error.startswith("glissando: ") and error.count("\n") == 1


def test_wrong_use_says_so(manifest: Path, tmp_path: Path) -> None:
    for arguments, message in [
        (("evaluate", TEMPLATE, manifest, "--rows", "some"), "headline, clean, all"),
        (("evaluate", TEMPLATE, manifest, "--json", tmp_path), "is a folder"),
        (("evaluate", TEMPLATE, manifest, "--limit", 0), "greater than or equal to 1"),
        (("compare", TEMPLATE, TEMPLATE), "DATA is missing"),
        (("compare", TEMPLATE, TEMPLATE, manifest, "--lexicon", "en"), "for shark2"),
    ]:
        code, _, error = run(*arguments)
        assert code == 2, error
        assert message in error


def test_ctrl_c_ends_it_and_its_workers_without_a_traceback(tmp_path: Path) -> None:
    source = write_manifest(tmp_path / "a.jsonl", located(each=150))
    program = "from glissando.cli.main import app; app()"
    command = [sys.executable, "-c", program, "evaluate", "small_decoders:Slow", str(source)]
    process = subprocess.Popen(
        [*command, "--workers", "2"],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that the signal goes to its workers, too, as from a terminal
    )
    assert process.stdout is not None
    while "decoding" not in process.stdout.readline():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=20)  # a minute of work is left
    assert process.returncode not in (0, None)
    assert "Traceback" not in error, error
    for _ in range(100):
        if not alive_in_group(process.pid):
            break
        time.sleep(0.1)
    assert alive_in_group(process.pid) == []


def alive_in_group(group: int) -> list[str]:
    psutil = pytest.importorskip("psutil")
    found = []
    for process in psutil.process_iter(["status", "cmdline"]):
        with suppress(ProcessLookupError):
            if os.getpgid(process.pid) == group and process.info["status"] != "zombie":
                found.append(str(process.info["cmdline"]))
    return found


def test_a_decoder_of_ones_own_is_found_by_its_module() -> None:
    opener = decoder_opener(TEMPLATE)
    decoder: Decoder = opener()
    assert decoder.name == "template"
    with pytest.raises(DecoderError):
        decoder_opener("C:nothing")
