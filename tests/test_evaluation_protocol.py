"""The whole protocol on decoders whose results are known beforehand."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluation_swipes import SWIPED, located, write_manifest
from small_decoders import WORDS, Dying, Failing, Oracle, Process, Speller, Template
from swipe_files import row, write_lines

from glissando.datasets import DataError, Located, Report
from glissando.evaluation import (
    EvaluationError,
    Rows,
    Swipes,
    evaluate,
    read_answers,
    read_swipes,
    to_json,
    write_answers,
)
from glissando.evaluation.swipes import swipe_id
from glissando.keyboard import load_keyboard

KEYBOARDS = {"qwerty": load_keyboard("qwerty")}
ACCURACY = ("top1", "top3", "top5", "mrr")
COMMON = ("few", WORDS)


@pytest.fixture(scope="module")
def rows() -> list[Located]:
    return located()


def measured(open_decoder: Any, rows: list[Located], **more: Any) -> dict[str, Any]:
    result = evaluate(open_decoder, rows, KEYBOARDS, **{"latency_sample": 0, **more})
    swipes = Swipes(rows, KEYBOARDS, Report(), ())
    return to_json(result, swipes, rows=Rows.HEADLINE, common=COMMON)


def test_a_decoder_that_always_answers_the_truth_gives_100(rows: list[Located]) -> None:
    found = measured(partial(Oracle, rows), rows)
    for part in (found, found["clean"], found["in_vocabulary"], *found["by_length"].values()):
        assert [part[name] for name in ACCURACY] == [100.0] * 4
        assert (part["wer"], part["cer"]) == (0.0, 0.0)
        assert part["interval95"]["top1"] == [100.0, 100.0]
    assert found["oov_rate"] == 0.0


def test_a_decoder_that_never_does_gives_0(rows: list[Located]) -> None:
    found = measured(partial(Oracle, rows, place=0), rows)
    for part in (found, found["clean"], found["doubled"], found["prefix_pairs"]):
        assert [part[name] for name in ACCURACY] == [0.0] * 4
        assert (part["wer"], part["cer"]) == (100.0, 100.0)


def test_a_truth_in_third_place_counts_from_top_3_on(rows: list[Located]) -> None:
    found = measured(partial(Oracle, rows, place=3), rows)
    assert [found[name] for name in ACCURACY] == [0.0, 100.0, 100.0, 33.333]


def test_shuffled_truths_give_chance() -> None:
    words = [*WORDS[:20]]
    swipes = located(words, each=40)
    truths = np.random.default_rng(0).permutation([swipe.gesture.word for swipe in swipes])
    shuffled = [
        Located(replace(swipe.gesture, word=str(truth)), swipe.origin)
        for swipe, truth in zip(swipes, truths, strict=True)
    ]
    honest, chance = (measured(partial(Oracle, swipes), some) for some in (swipes, shuffled))
    assert honest["top1"] == 100.0
    low, high = chance["interval95"]["top1"]
    assert 2.5 < chance["top1"] < 7.5  # 1 of 20
    assert low < 5 < high


def test_words_that_the_lexicon_lacks_are_misses_and_shown_apart(rows: list[Located]) -> None:
    found = measured(Template, rows)
    unknown = sum(row.gesture.word in ("xylophone", "dont") for row in rows)
    assert found["oov_rate"] == pytest.approx(100 * unknown / len(rows), abs=1e-3)
    assert found["in_vocabulary"]["n"] == len(rows) - unknown
    share = found["in_vocabulary"]["top1"] * (1 - unknown / len(rows))
    assert found["top1"] == pytest.approx(share, abs=0.01)
    assert found["wer"] is None and found["cer"] is None  # it does not read greedily


def test_words_that_are_spelt_out_count_and_the_list_alone_is_shown_beside(
    rows: list[Located],
) -> None:
    found = measured(partial(Speller, rows), rows)
    alone = measured(Template, rows)
    assert found["oov_rate"] == alone["oov_rate"] > 0
    assert found["top3"] == pytest.approx(alone["top3"] + found["oov_rate"], abs=2e-3)
    for part, other in ((found, alone), (found["clean"], alone["clean"])):
        assert part["list_only"] == {name: other[name] for name in part["list_only"]}
    assert alone["list_only"] is None


def test_the_json_has_every_key_of_the_protocol(rows: list[Located]) -> None:
    found = measured(Template, rows, latency_sample=3)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    rates = {"n", "top1", "top3", "top5", "mrr", "wer", "cer", "interval95"}
    kinds = {"doubled", "prefix_pairs", "straight"}
    results = rates | kinds | {"users", "in_vocabulary", "oov_rate", "by_length", "calibration"}
    results |= {"list_only"}
    assert set(found["clean"]) == results
    whole = {"decoder", "rows", "clean", "latency_ms", "lexicon", "size_mb", "protocol"}
    assert set(found) == results | whole
    for part in (*(found[kind] for kind in kinds), *found["by_length"].values()):
        assert set(part) == rates
    known = found["in_vocabulary"]  # the same again
    assert set(known) == rates | {"by_length", *kinds}
    assert sum(part["n"] for part in known["by_length"].values()) == known["n"] == 15
    assert set(found["by_length"]) == {"<=3", "4-6", ">=7"}
    assert found["lexicon"] == {"name": "few", "words": len(WORDS)}
    assert found["size_mb"] == 1.5
    assert found["latency_ms"]["n"] == 3
    for kind in ("", "cpu_"):
        assert 0 < found["latency_ms"][f"{kind}p50"] <= found["latency_ms"][f"{kind}p95"]
    assert found["n"] == found["protocol"]["rows_decoded"] == len(rows)
    assert (found["users"], found["clean"]["n"]) == (4, 2 * len(SWIPED))
    assert sum(part["n"] for part in found["by_length"].values()) == len(rows)
    assert found["prefix_pairs"]["n"] == 6  # the, then
    assert found["doubled"]["n"] == 3
    assert sum(one["n"] for one in found["calibration"]["bins"]) == len(rows)


def test_synthetic_swipes_are_called_so(rows: list[Located]) -> None:
    made = [Located(replace(r.gesture, source="synthetic"), r.origin) for r in rows[:5]]
    protocol = measured(Template, made)["protocol"]
    assert protocol["rows_synthetic"] == 5
    assert "5 swipes are synthetic: these numbers are no evidence" in protocol["text"][0]
    assert measured(Template, rows[:5])["protocol"]["rows_synthetic"] == 0


def test_parallel_processes_answer_as_one(rows: list[Located]) -> None:
    counts: list[int] = []
    alone = evaluate(Template, rows, KEYBOARDS, latency_sample=0)
    together = evaluate(
        Template, rows, KEYBOARDS, workers=2, latency_sample=0, advance=counts.append
    )
    assert together == alone
    assert sum(counts) == len(rows)


def test_workers_have_one_thread_and_leave_ctrl_c_to_the_first_process(
    rows: list[Located], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")

    def facts(workers: int) -> dict[str, float]:
        found = evaluate(Process, rows[:1], KEYBOARDS, workers=workers, latency_sample=0)
        return {fact.word: fact.score for fact in found.answers[0].candidates}

    assert facts(2) == {"threads": 1, "deaf": 1}
    assert facts(1) == {"threads": 7, "deaf": 0}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_decoder_that_fails_names_the_row(rows: list[Located], workers: int) -> None:
    first = next(r for r in rows if r.gesture.trace.x[0] > 0.5)
    expected = "made:.* failing failed on .*: RuntimeError: no right half"
    with pytest.raises(EvaluationError, match=expected) as caught:
        evaluate(Failing, rows, KEYBOARDS, workers=workers, latency_sample=0)
    if workers == 1:
        assert str(caught.value).startswith(f"{first.origin}: ")


def test_a_worker_that_dies_is_an_error(rows: list[Located]) -> None:
    with pytest.raises(EvaluationError, match="worker process died"):
        evaluate(Dying, rows, KEYBOARDS, workers=2, latency_sample=0)


@pytest.mark.parametrize("kind", [partial(Oracle, place=2), Speller])
def test_saved_answers_are_read_again(rows: list[Located], tmp_path: Path, kind: Any) -> None:
    answers = list(evaluate(partial(kind, rows), rows, KEYBOARDS, latency_sample=0).answers)
    write_answers(tmp_path / "a.jsonl", answers)
    again = read_answers(tmp_path / "a.jsonl")
    for one, other in zip(answers, again, strict=True):
        assert replace(one, candidates=()) == replace(other, candidates=())
        for c, d in zip(one.candidates, other.candidates, strict=True):
            assert (c.word, c.literal, d.score, d.probability) == (
                d.word,
                d.literal,
                pytest.approx(c.score, abs=1e-4),
                pytest.approx(c.probability, abs=1e-6),
            )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": None}, ":2: not saved answers: id: expected str, found None"),
        ({"nbest": [["a", 1]]}, ":2: not saved answers: "),
        ({"nbest": 3}, ":2: not saved answers: "),
        ({"literal": 3}, ":2: not saved answers: literal: expected str, found 3"),
        ({"clean": "yes"}, ":2: not saved answers: clean: expected bool, found 'yes'"),
    ],
)
def test_answers_that_are_none(
    rows: list[Located], tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    found = evaluate(Template, rows[:2], KEYBOARDS, latency_sample=0)
    lines = [answer.to_row() for answer in found.answers]
    path = write_lines(tmp_path / "a.jsonl", [lines[0], {**lines[1], **change}])
    with pytest.raises(DataError, match=f"a.jsonl{message}"):
        read_answers(path)
    with pytest.raises(DataError, match=r"b.jsonl:1: no field 'nbest'"):
        read_answers(write_lines(tmp_path / "b.jsonl", [row()]))


def test_rows_are_chosen_by_their_flags(tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "a.jsonl",
        [row("a"), row("b", is_err=True, clean=False), row("c", clean=False), row("'"), "no json"],
    )
    for choice, words in (("headline", "ac"), ("clean", "a"), ("all", "abc")):
        swipes = read_swipes([source], rows=Rows(choice))
        assert [r.gesture.word for r in swipes.rows] == list(words)
        aside = {reason: entry.count for reason, entry in swipes.report.set_aside.items()}
        assert aside.pop("empty_word") == aside.pop("malformed_json") == 1
        assert swipes.report.rows_in == 5
        assert sum(aside.values()) == 3 - len(words)


def test_layouts_come_from_the_rows(tmp_path: Path) -> None:
    board = replace(load_keyboard("qwerty"), name="mine")
    source = write_lines(tmp_path / "a.jsonl", [row("a"), row("b", keyboard="mine")])
    assert set(read_swipes([source]).keyboards) == {"qwerty"}
    first = read_swipes([source]).report.set_aside["unknown_keyboard"].first
    assert first.origin == f"{source}:2"
    assert set(read_swipes([source], keyboards=[board]).keyboards) == {"qwerty", "mine"}


def test_a_limit_takes_the_same_rows_wherever_they_are(tmp_path: Path) -> None:
    words = [letter * 2 for letter in "abcdefghijklmnop"]
    one = write_lines(tmp_path / "a.jsonl", [row(word, user="x") for word in words])
    other = write_lines(tmp_path / "b.jsonl.gz", [row(word, user="x") for word in words[::-1]])
    taken = [[r.gesture.word for r in read_swipes([p], limit=5).rows] for p in (one, other)]
    assert len(taken[0]) == 5
    assert taken[0] == taken[1][::-1] == sorted(taken[0])
    assert taken[0] != words[:5]
    assert len(read_swipes([one], limit=99).rows) == 16


def test_a_swipe_keeps_its_id_when_it_is_prepared(tmp_path: Path) -> None:
    from glissando.datasets import prepare

    source = write_manifest(tmp_path / "a.jsonl", located(["the", "on"]))
    prepare([source], tmp_path / "prepared")
    first, again = (read_swipes([path]) for path in (source, tmp_path / "prepared"))
    assert [swipe_id(r.gesture) for r in first.rows] == [swipe_id(r.gesture) for r in again.rows]
    assert len({swipe_id(r.gesture) for r in first.rows}) == 6
    assert dict(first.files).keys() == {"a.jsonl"}
    assert "prepared/shard-00000.parquet" in dict(again.files)
    assert all(len(digest) == 64 for _, digest in (*first.files, *again.files))


def test_sources_without_swipes_are_errors(tmp_path: Path) -> None:
    flagged = write_lines(tmp_path / "a.jsonl", [row("a", is_err=True)])
    with pytest.raises(DataError, match=r"none of 1 rows .* flagged, first at .*a\.jsonl:1"):
        read_swipes([flagged])
    with pytest.raises(DataError, match="no such file"):
        read_swipes([tmp_path / "nope"])


def test_the_rows_of_how_we_swipe_are_those_that_it_counts(real_data: Path) -> None:
    source = real_data / "how-we-swipe" / "hws-validation.jsonl.gz"
    swipes = read_swipes([source])
    assert len(swipes.rows) == 4372
    assert sum(row.gesture.clean for row in swipes.rows) == 4226
    assert (
        len({row.gesture.user for row in swipes.rows}) == 75
    )  # one of the 76 has flagged ones only
    assert swipes.report.set_aside["flagged"].count == 716
