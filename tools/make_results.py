r"""Writes docs/results.md out of what `glissando evaluate` and `compare` measured.

    glissando evaluate MODEL test.jsonl.gz --json model.json
    glissando compare ONE OTHER test.jsonl.gz --json difference.json
    python tools/make_results.py model.json other.json --differences difference.json \
        --validation model-validation.json other-validation.json

The first file of each kind says which rows and data a table is of; files of others are refused.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from glissando.evaluation.protocol import UNLISTED

OUT = Path(__file__).resolve().parent.parent / "docs/results.md"
RATES = {
    "top1": "top-1",
    "top3": "top-3",
    "top5": "top-5",
    "mrr": "MRR",
    "wer": "WER",
    "cer": "CER",
}
KINDS = {"<=3": "up to 3 letters", "4-6": "4 to 6 letters", ">=7": "7 letters and more"}

Numbers: TypeAlias = dict[str, Any]


def load(paths: Iterable[Path]) -> list[Numbers]:
    """Evaluations of the same rows.

    Raises:
        SystemExit: a file is no evaluation, or is of other rows than the first.
    """
    found: list[tuple[Path, Numbers]] = []
    for path in paths:
        numbers = read_json(path, "top1", "clean", "protocol")
        found.append((path, numbers))
        first_path, first = found[0]
        for field, one, other in (
            ("data", first["protocol"]["files"], numbers["protocol"]["files"]),
            ("rows", first["rows"], numbers["rows"]),
            ("n", first["n"], numbers["n"]),
            ("matching rule", first["protocol"]["matching"], numbers["protocol"]["matching"]),
        ):
            if one != other:
                raise SystemExit(f"{path}: {field} differs from {first_path}: {other} and {one}")
    return [numbers for _, numbers in found]


def read_json(path: Path, *fields: str) -> Numbers:
    """A JSON object that has these fields."""
    try:
        numbers = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: cannot read: {error}") from error
    missing = [field for field in fields if not isinstance(numbers, dict) or field not in numbers]
    if missing:
        raise SystemExit(f"{path}: no field {missing[0]!r}; not what glissando wrote")
    return dict(numbers)


def results(
    test: Sequence[Numbers],
    validation: Sequence[Numbers],
    differences: Sequence[Numbers],
    sections: Iterable[str] = (),
) -> Iterator[str]:
    """The lines of the page; `sections` are what other tools wrote, whole."""
    yield "# Results"
    yield ""
    yield "Made by `tools/make_results.py` from what `glissando evaluate` and `compare` measured,"
    yield "not edited by hand. Rates are in percent; intervals are 95 %, by bootstrap over people."
    yield from section("Test", test, detailed=True)
    if differences:
        yield from difference_table(differences)
    if validation:
        yield from section("Validation", validation, detailed=False)
        yield ""
        yield "These rows were tuned on: they say how much of the tuning carries over, no more."
    for text in sections:
        yield ""
        yield text.rstrip()
    yield ""
    yield "## Protocol"
    yield ""
    lexicons = {numbers["lexicon"]["name"] for numbers in test}
    for line in test[0]["protocol"]["text"]:
        if line.startswith("Lexicon: ") and len(lexicons) > 1:
            line = f"Lexicon: each decoder's own, named above; no test word was added. {UNLISTED}"
        yield f"- {line}"
    for group in (test, validation):
        for file in group[0]["protocol"]["files"] if group else ():
            yield f"- `{file['name']}`: SHA-256 `{file['sha256']}`."
    bootstrap = test[0]["protocol"]["bootstrap"]
    yield f"- Bootstrap: {bootstrap['resamples']:,} resamples, seed {bootstrap['seed']}."


def section(title: str, group: Sequence[Numbers], *, detailed: bool) -> Iterator[str]:
    """The tables of one data set."""
    first = group[0]
    names = ", ".join(file["name"] for file in first["protocol"]["files"])
    yield ""
    yield f"## {title}: {names}"
    yield ""
    there = first["protocol"]["rows_to_choose_from"]
    sample = f", a sample of {there:,}" if first["n"] < there else ""
    swipes = f"{first['n']:,} swipes by {first['users']:,} people{sample}"
    yield f"{swipes}: {first['protocol']['rows']}."
    yield ""
    yield from rate_table(with_list_alone(group))
    yield ""
    yield f"The {first['clean']['n']:,} of them that are `clean`:"
    yield ""
    yield from rate_table(with_list_alone(group, "clean"))
    if not detailed:
        return
    yield ""
    yield "Words that the lexicon has, and the lexicons:"
    yield ""
    yield "| decoder | lexicon | words | swiped words it lacks | n | top-1 | top-3 | top-5 | MRR |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for numbers in group:
        known, lexicon = numbers["in_vocabulary"], numbers["lexicon"]
        rates = " | ".join(shown(known[name]) for name in ("top1", "top3", "top5", "mrr"))
        yield (
            f"| {numbers['decoder']} | {lexicon['name']} | {lexicon['words']:,} "
            f"| {shown(numbers['oov_rate'])} | {known['n']:,} | {rates} |"
        )
    yield from kind_table(group)
    yield ""
    yield "What a decode costs, one thread, by the clock and of the processor (CPU), in ms; and the"
    yield "calibration error of its probabilities (ECE):"
    yield ""
    yield "| decoder | p50 | p95 | CPU p50 | CPU p95 | size, MB | ECE |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for numbers in group:
        latency = numbers["latency_ms"]
        times = " | ".join(shown(latency[name]) for name in ("p50", "p95", "cpu_p50", "cpu_p95"))
        yield (
            f"| {numbers['decoder']} | {times} | {numbers['size_mb']:.1f} "
            f"| {shown(numbers['calibration']['ece'])} |"
        )


def with_list_alone(group: Sequence[Numbers], *path: str) -> Iterator[tuple[str, Numbers]]:
    """Each decoder's rates, and below them those without its literal candidates if it has any."""
    for numbers in group:
        rates = at(numbers, path)
        yield numbers["decoder"], rates
        if rates.get("list_only"):  # evaluations before 2026-11-27 have none
            yield f"{numbers['decoder']}, its list alone", rates["list_only"]


def rate_table(named: Iterable[tuple[str, Numbers]]) -> Iterator[str]:
    """A decoder a row, every rate; top-1 with its interval."""
    yield f"| decoder | {' | '.join(RATES.values())} |"
    yield f"| --- |{' ---: |' * len(RATES)}"
    for name, rates in named:
        cells = [shown(rates["top1"], rates["interval95"]["top1"])]
        cells += [shown(rates[rate]) for rate in RATES if rate != "top1"]
        yield f"| {name} | {' | '.join(cells)} |"


def kind_table(group: Sequence[Numbers]) -> Iterator[str]:
    """Top-1 by kind of word, a decoder a column."""
    yield ""
    yield "Top-1 by kind of word:"
    yield ""
    yield f"| words | n | {' | '.join(numbers['decoder'] for numbers in group)} |"
    yield f"| --- | ---: |{' ---: |' * len(group)}"
    parts: list[tuple[str, tuple[str, ...]]]
    parts = [(label, ("by_length", kind)) for kind, label in KINDS.items()]
    parts += [("doubled letters", ("doubled",)), ("prefix pairs", ("prefix_pairs",))]
    parts += [("straight-line letters", ("straight",))]
    for label, path in parts:
        rates = [at(numbers, path) for numbers in group]
        cells = " | ".join(shown(r["top1"], r["interval95"]["top1"]) for r in rates)
        yield f"| {label} | {rates[0]['n']:,} | {cells} |"


def difference_table(differences: Sequence[Numbers]) -> Iterator[str]:
    """Paired differences, a pair a row."""
    yield ""
    yield "## Differences on the same swipes"
    yield ""
    yield "| a | b | n | top-1, b - a | top-3, b - a | only a right | only b right | p |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for pair in differences:
        changes = []
        for name in ("top1", "top3"):
            ends = pair[name]["interval95"]
            sure = f" ({ends[0]:+.1f} to {ends[1]:+.1f})" if ends else ""
            changes.append(f"{pair[name]['difference']:+.1f}{sure}")
        counts = pair["top1_counts"]
        yield (
            f"| {named(pair['a'])} | {named(pair['b'])} | {pair['n']:,} "
            f"| {' | '.join(changes)} | {counts['only_a']:,} | {counts['only_b']:,} "
            f"| {pair['p']:.2g} |"
        )
    yield ""
    yield "p: sign test (McNemar), which takes swipes for independent; the intervals do not."


def named(side: str) -> str:
    """A decoder without the folder that it was in."""
    return Path(side).name.removesuffix(".jsonl")


def at(numbers: Numbers, path: Iterable[str]) -> Numbers:
    """What stands at the end of a path of fields."""
    for field in path:
        numbers = numbers[field]
    return numbers


def shown(value: float | None, ends: Sequence[float] | None = None) -> str:
    """A number to one digit, with its interval if there is one."""
    if value is None:
        return "–"
    return f"{value:.1f}" + (f" ({ends[0]:.1f}–{ends[1]:.1f})" if ends else "")


def main() -> None:
    """Write the page; equal inputs give equal text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "test", nargs="+", type=Path, help="what evaluate --json wrote of test data"
    )
    parser.add_argument("--validation", nargs="+", type=Path, default=[], help="… validation data")
    parser.add_argument("--differences", nargs="+", type=Path, default=[], help="of compare --json")
    parser.add_argument("--sections", nargs="+", type=Path, default=[], help="Markdown to include")
    parser.add_argument("--out", type=Path, default=OUT)
    a = parser.parse_args()
    differences = [read_json(path, "a", "b", "top1_counts") for path in a.differences]
    sections = [path.read_text(encoding="utf-8") for path in a.sections]
    lines = results(load(a.test), load(a.validation), differences, sections)
    a.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"written    {a.out}")


if __name__ == "__main__":
    main()
