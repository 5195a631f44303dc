"""The evaluation protocol: any decoder over any swipes, and the JSON that states how."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glissando import __version__
from glissando.datasets import Located
from glissando.datasets.reading import idle
from glissando.evaluation.answers import Answer, listed_only
from glissando.evaluation.bootstrap import RESAMPLES
from glissando.evaluation.calibration import reliability
from glissando.evaluation.matching import RULE, match_key, rank_of
from glissando.evaluation.metrics import Columns, Mask
from glissando.evaluation.running import Latency, OpenDecoder, decode_all, measure_latency
from glissando.evaluation.strata import (
    LENGTHS,
    PREFIX_MEANING,
    STRAIGHT_MEANING,
    PrefixPairs,
    kinds_of,
)
from glissando.evaluation.swipes import Rows, Swipes, swipe_id
from glissando.keyboard import Keyboard

N_BEST = 10
UNLISTED = (
    "A word that it lacks counts as a miss, unless the decoder spells it out (a literal "
    "candidate); `list_only` takes those candidates away."
)
SYNTHETIC = "synthetic"  # what `glissando synthesize` calls the source of its swipes
LATENCY_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A decoder's answers to some swipes.

    Attributes:
        decoder: Its name.
        lexicon: Name of its word list.
        words: How many words it can answer.
        size_bytes: What a user downloads for it.
        n_best: Candidates that were asked for.
        answers: One for each swipe, in order.
        latencies: Of each measured decode; empty if none was measured.
    """

    decoder: str
    lexicon: str
    words: int
    size_bytes: int
    n_best: int
    answers: tuple[Answer, ...]
    latencies: tuple[Latency, ...]


def evaluate(
    open_decoder: OpenDecoder,
    rows: Sequence[Located],
    keyboards: Mapping[str, Keyboard],
    *,
    workers: int = 1,
    n_best: int = N_BEST,
    latency_sample: int = LATENCY_SAMPLE,
    advance: Callable[[int], object] = idle,
) -> Evaluation:
    """Decode every row with a decoder.

    Args:
        open_decoder: Opens the decoder; picklable, because every process opens its own.
        rows: The swipes, as `read_swipes` gives them.
        keyboards: Layout → keyboard, for every layout of the rows.
        workers: Processes, each with one thread; 1 decodes in this process.
        n_best: Candidates to ask for.
        latency_sample: Decodes to time afterwards, alone, in a process of their own; 0 for none.
        advance: Told the rows decoded.

    Raises:
        EvaluationError: the decoder failed; names the row and the error.
    """
    decoder = open_decoder()
    words = decoder.words
    vocabulary = {match_key(word) for word in words}
    facts = (decoder.name, decoder.lexicon_name, len(words), decoder.size_bytes, n_best)
    del decoder, words
    replies = decode_all(open_decoder, rows, keyboards, n=n_best, workers=workers, advance=advance)
    answers = []
    for row, reply in zip(rows, replies, strict=True):
        gesture = row.gesture
        answers.append(
            Answer(
                id=swipe_id(gesture),
                origin=row.origin,
                truth=gesture.word,
                user=gesture.user,
                is_err=gesture.is_err,
                clean=gesture.clean,
                in_vocabulary=match_key(gesture.word) in vocabulary,
                candidates=reply.candidates,
                greedy=reply.greedy,
                rank=rank_of(gesture.word, reply.candidates),
            )
        )
    order = sorted(range(len(answers)), key=lambda at: answers[at].id)  # chance, but always equal
    sample = [rows[at] for at in order[:latency_sample]]
    timed = measure_latency(open_decoder, sample, keyboards, n=n_best) if sample else []
    return Evaluation(*facts, answers=tuple(answers), latencies=tuple(timed))


def to_json(
    evaluation: Evaluation,
    swipes: Swipes,
    *,
    rows: Rows,
    common: tuple[str, Sequence[str]],
    seed: int = 0,
) -> dict[str, Any]:
    """The whole protocol as a JSON object; rates in percent, times in milliseconds.

    Args:
        evaluation: The answers.
        swipes: What was read, for the files and the rows set aside.
        rows: Which of them were decoded.
        common: Name and words of the list that prefix pairs are sought in.
        seed: Of the bootstrap.
    """
    answers = evaluation.answers
    columns, listed = Columns.of(answers), _list_columns(answers)
    pairs = PrefixPairs(common[1])
    everything = np.ones(len(answers), dtype=bool)
    clean = np.array([answer.clean and not answer.is_err for answer in answers], dtype=bool)
    return {
        "decoder": evaluation.decoder,
        "rows": rows.value,
        **_results(answers, columns, listed, pairs, everything, seed),
        "clean": _results(answers, columns, listed, pairs, clean, seed),
        "latency_ms": _latency(evaluation.latencies),
        "lexicon": {"name": evaluation.lexicon, "words": evaluation.words},
        "size_mb": round(evaluation.size_bytes / 1e6, 3),
        "protocol": _protocol(evaluation, swipes, rows, common, seed),
    }


def _list_columns(answers: Sequence[Answer]) -> Columns | None:
    """The same without literal candidates; None where the decoder gives none."""
    if not any(candidate.literal for answer in answers for candidate in answer.candidates):
        return None
    return Columns.of([listed_only(answer) for answer in answers])


def _results(
    answers: Sequence[Answer],
    columns: Columns,
    listed: Columns | None,
    pairs: PrefixPairs,
    chosen: Mask,
    seed: int,
) -> dict[str, Any]:
    """Every rate of the chosen rows; again with the list alone, and for words that it has."""
    known = np.array([answer.in_vocabulary for answer in answers], dtype=bool)
    count = int(chosen.sum())
    unknown = 100 * float((chosen & ~known).sum()) / count if count else None
    return {
        **_kinds(answers, columns, pairs, chosen, seed),
        "users": len({a.user for a, take in zip(answers, chosen, strict=True) if take} - {""}),
        "list_only": listed.rates(chosen, seed=seed) if listed else None,
        "in_vocabulary": _kinds(answers, columns, pairs, chosen & known, seed),
        "oov_rate": None if unknown is None else round(unknown, 3),
        "calibration": _calibration(answers, chosen),
    }


def _kinds(
    answers: Sequence[Answer], columns: Columns, pairs: PrefixPairs, chosen: Mask, seed: int
) -> dict[str, Any]:
    """Every rate of the chosen rows, all together and by kind of word."""
    kinds = kinds_of([answer.truth for answer in answers], pairs)
    rates = {name: columns.rates(chosen & kind, seed=seed) for name, kind in kinds.items()}
    lengths = {name: rates.pop(name) for name in LENGTHS}
    return {**columns.rates(chosen, seed=seed), "by_length": lengths, **rates}


def _calibration(answers: Sequence[Answer], chosen: Mask) -> dict[str, Any]:
    """Whether the first answer's probability is how often it is right."""
    some = [a for a, take in zip(answers, chosen, strict=True) if take and a.candidates]
    bins, error = reliability(
        [min(max(a.candidates[0].probability, 0.0), 1.0) for a in some],
        [a.rank == 1 for a in some],
    )
    return {
        "ece": None if math.isnan(error) else round(100 * error, 3),
        "bins": [
            {
                "n": one.n,
                "probability": round(100 * one.probability, 3),
                "accuracy": round(100 * one.accuracy, 3),
            }
            for one in bins
        ],
    }


def _latency(latencies: Sequence[Latency]) -> dict[str, Any]:
    """Median and 95th percentile of one decode, by the clock and of the processor."""
    told: dict[str, Any] = {}
    for prefix, times in (
        ("", [one.wall for one in latencies]),
        ("cpu_", [one.cpu for one in latencies]),
    ):
        for at in (50, 95):
            value = round(float(np.percentile(times, at)), 3) if times else None
            told[f"{prefix}p{at}"] = value
    return {**told, "n": len(latencies)}


def _protocol(
    evaluation: Evaluation, swipes: Swipes, rows: Rows, common: tuple[str, Sequence[str]], seed: int
) -> dict[str, Any]:
    """How the numbers came about, for a reader and for a program."""
    answers, lexicon = evaluation.answers, evaluation.lexicon
    aside = {reason: entry.count for reason, entry in swipes.report.set_aside.items()}
    prefix = PREFIX_MEANING.format(name=common[0], count=len(common[1]))
    made = sum(row.gesture.source == SYNTHETIC for row in swipes.rows)
    warning = f"{made:,} swipes are synthetic: these numbers are no evidence of accuracy."
    kept = swipes.report.kept or len(answers)
    sample = f"Sample: {len(answers):,} of {kept:,} such rows, those whose hashes are lowest."
    return {
        "text": [
            *([warning] if made else []),
            f"Rows: {rows.meaning}. `clean`: those that passed the corpus's strict check, too.",
            *([sample] if len(answers) < kept else []),
            RULE,
            f"Lexicon: the decoder's own, {lexicon} ({evaluation.words:,} words); no test word was "
            f"added. {UNLISTED} `in_vocabulary` leaves such words out.",
            f"Top-k and mean reciprocal rank (MRR): of the {evaluation.n_best} best with the "
            "lexicon. WER (words not read exactly) and CER: greedy decoding without it.",
            "Intervals: 95 %, percentile bootstrap over people; a row without a user counts as a "
            "person of its own.",
            f"`prefix_pairs`: {prefix}. `doubled`: a letter twice in a row. `straight`: on "
            f"QWERTY, {STRAIGHT_MEANING}. Lengths count letters.",
            "Calibration: of the first answer's probability, ten bins of equal width.",
            "Latency: one decode from points to n-best, one thread, alone, after a warm-up; greedy "
            "decoding is not part of it. By the clock (p50, p95), and the processor's own time "
            "(cpu_p50, cpu_p95): where they differ, other programs held the cores.",
        ],
        "glissando": __version__,
        "files": [{"name": name, "sha256": digest} for name, digest in swipes.files],
        "rows_read": swipes.report.rows_in,
        "rows_set_aside": aside,
        "rows_to_choose_from": kept,
        "rows_decoded": len(answers),
        "rows_synthetic": made,
        "users": len({answer.user for answer in answers} - {""}),
        "rows_without_user": sum(not answer.user for answer in answers),
        "rows": rows.meaning,
        "matching": RULE,
        "lexicon": lexicon,
        "keyboards": sorted(swipes.keyboards),
        "n_best": evaluation.n_best,
        "bootstrap": {"over": "users", "resamples": RESAMPLES, "seed": seed},
    }
