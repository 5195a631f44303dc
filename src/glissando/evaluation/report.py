"""The evaluation as one HTML page: numbers, plots, confusions, and pictures of what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from glissando.datasets import Located
from glissando.drawing import NOT_XML, row_ratio_of, swipe_svg
from glissando.evaluation import plots
from glissando.evaluation.answers import Answer
from glissando.evaluation.matching import match_key
from glissando.evaluation.protocol import Evaluation
from glissando.keyboard import Keyboard
from glissando.traces import Gesture

TEMPLATE = Path(__file__).with_name("report.html")
PICTURES = 48
CONFUSIONS = 40


@dataclass(frozen=True, slots=True)
class Confusion:
    """A word that was read as another.

    Attributes:
        truth: What was meant.
        answer: What was read instead; empty where nothing was.
        count: How often.
        of: How often the word was swiped.
    """

    truth: str
    answer: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A swipe that was read wrongly, with its picture as SVG."""

    answer: Answer
    picture: str


def write_report(
    path: Path,
    evaluation: Evaluation,
    results: Mapping[str, Any],
    rows: Sequence[Located],
    keyboards: Mapping[str, Keyboard],
    *,
    pictures: int = PICTURES,
) -> None:
    """Write the page: self-contained, for light and dark screens, nothing fetched.

    Args:
        path: The file to write.
        evaluation: The answers.
        results: What `protocol.to_json` made of them.
        rows: The swipes of the answers, in order.
        keyboards: Layout → keyboard.
        pictures: Failed swipes to draw at most.

    Raises:
        OSError: the file cannot be written.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: _printable(value) if isinstance(value, str) else value,
    )
    environment.filters["key"] = match_key
    environment.filters["name"] = lambda origin: PurePath(origin).name  # folders tell of a machine
    environment.filters["typeset"] = _typeset
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    failed = failures(evaluation.answers, rows, keyboards, most=pictures)
    page = template.render(
        r=results,
        plots={name: Markup(svg) for name, svg in _plots(evaluation, results).items()},
        confusions=confusions(evaluation.answers, most=CONFUSIONS),
        failures=[(failure.answer, Markup(failure.picture)) for failure in failed],
        wrong=sum(answer.rank != 1 for answer in evaluation.answers),
    )
    path.write_text(page, encoding="utf-8")


def confusions(answers: Sequence[Answer], *, most: int) -> list[Confusion]:
    """The most frequent pairs of a word and what it was read as."""
    swiped = Counter(match_key(answer.truth) for answer in answers)
    pairs = Counter(
        (match_key(a.truth), match_key(a.candidates[0].word) if a.candidates else "")
        for a in answers
        if a.rank != 1
    )
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [
        Confusion(truth, answer, count, swiped[truth]) for (truth, answer), count in ranked[:most]
    ]


def failures(
    answers: Sequence[Answer],
    rows: Sequence[Located],
    keyboards: Mapping[str, Keyboard],
    *,
    most: int,
) -> list[Failure]:
    """Swipes that were read wrongly, those first whose wrong answer was called likeliest."""

    def certainty(at: int) -> float:
        found = answers[at].candidates
        return -found[0].probability if found else 0.0

    wrong = sorted((at for at, answer in enumerate(answers) if answer.rank != 1), key=certainty)
    return [
        Failure(answers[at], _picture(rows[at].gesture, keyboards[rows[at].gesture.layout]))
        for at in wrong[:most]
    ]


def _picture(gesture: Gesture, keyboard: Keyboard) -> str:
    return swipe_svg(gesture.trace, keyboard, row_ratio=row_ratio_of(gesture, keyboard))


def _plots(evaluation: Evaluation, results: Mapping[str, Any]) -> dict[str, str]:
    answers = evaluation.answers
    kinds = {
        "all": results,
        "clean": results["clean"],
        **({"the list alone": results["list_only"]} if results["list_only"] else {}),
        "in the lexicon": results["in_vocabulary"],
        **{f"{_typeset(name)} letters": rates for name, rates in results["by_length"].items()},
        "doubled letters": results["doubled"],
        "prefix pairs": results["prefix_pairs"],
        "straight-line letters": results["straight"],
    }
    bars = [
        plots.Bar(
            name,
            rates["n"],
            tuple(rates[f"top{k}"] for k in (1, 3, 5)),
            rates["interval95"]["top1"],
        )
        for name, rates in kinds.items()
        if rates["n"]
    ]
    ranks = np.array([answer.rank for answer in answers])
    shares = [
        100 * float(((ranks > 0) & (ranks <= k)).mean()) for k in range(1, evaluation.n_best + 1)
    ]
    bins = [(b["n"], b["probability"], b["accuracy"]) for b in results["calibration"]["bins"]]
    drawn = {
        "accuracy": plots.accuracy_bars(bars),
        "depth": plots.depth_plot(shares),
        "reliability": plots.reliability_plot(bins),
    }
    if people := _people(answers):
        drawn["people"] = plots.people_plot(people)
    if evaluation.latencies:
        marks = {name: results["latency_ms"][name] for name in ("p50", "p95")}
        drawn["latency"] = plots.histogram([one.wall for one in evaluation.latencies], marks, "ms")
    return drawn


def _typeset(name: str) -> str:
    return name.replace("<=", "≤ ").replace(">=", "≥ ")


def _people(answers: Sequence[Answer]) -> list[tuple[int, float]]:
    """Swipes and top-1 in percent of each person whose name is known."""
    right: dict[str, list[bool]] = {}
    for answer in answers:
        if answer.user:
            right.setdefault(answer.user, []).append(answer.rank == 1)
    return [(len(own), 100 * sum(own) / len(own)) for own in right.values()]


def _printable(text: str) -> str:
    """The text, or markup, with what XML cannot hold replaced."""
    return text.__class__(NOT_XML.sub("\ufffd", text))
