"""`glissando evaluate`: a decoder and recorded swipes in, the whole protocol out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from glissando.cli import decoders, measuring

Decoder = Annotated[str, typer.Argument(metavar="DECODER", help=decoders.HELP)]
JsonFile = Annotated[Path | None, typer.Option("--json", help="File for the numbers.")]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="File for the report: plots, and failed swipes drawn.")
]
AnswersFile = Annotated[
    Path | None,
    typer.Option("--answers", help="File for every answer (.jsonl), which compare reads again."),
]
Pictures = Annotated[int, typer.Option(min=0, help="Failed swipes to draw in the report at most.")]
LatencySample = Annotated[
    int, typer.Option(min=0, help="Swipes to time afterwards, one by one; 0 for none.")
]


def evaluate(
    decoder: Decoder,
    data: Annotated[list[Path] | None, measuring.DATA] = None,
    json_file: JsonFile = None,
    html: HtmlFile = None,
    answers: AnswersFile = None,
    rows: measuring.Rows_ = "headline",
    limit: measuring.Limit = None,
    workers: measuring.Workers = None,
    keyboard: measuring.Keyboards = None,
    lexicon: measuring.Lexicon = None,
    format_name: measuring.FormatName = None,
    seed: measuring.Seed = 0,
    pictures: Pictures = 48,
    latency_sample: LatencySample = 200,
) -> None:
    """Measure a decoder on recorded swipes: accuracy with intervals, latency, size.

    Where DATA alone is named, the weights that ship are measured on it. Tune on validation data
    and report test data. The numbers carry how they were made: what
    counts as right, which rows, which lexicon, the data's hashes.

    Example: glissando evaluate default test.jsonl.gz --json result.json --html result.html
    """
    from glissando.evaluation import to_json, write_answers, write_report
    from glissando.evaluation.strata import common_words

    if not data:  # what stands first is then no decoder
        decoder, data = decoders.DEFAULT, [Path(decoder)]
    measuring.make_room(json_file, html, answers)
    opener = decoders.decoder_opener(decoder, lexicon)
    swipes = measuring.read(data, rows, limit, keyboard, format_name)
    result = measuring.decode(opener, swipes, workers, latency_sample)
    numbers = to_json(
        result, swipes, rows=measuring.parse_rows(rows), common=common_words(), seed=seed
    )
    typer.echo("\n".join(table(numbers)))
    if numbers["protocol"]["rows_synthetic"]:
        typer.echo("warning: synthetic swipes are no evidence of accuracy", err=True)
    if json_file:
        text = json.dumps(numbers, indent=2, ensure_ascii=False, allow_nan=False)
        json_file.write_text(text + "\n", encoding="utf-8")
    if answers:
        write_answers(answers, result.answers)
    if html:
        write_report(html, result, numbers, swipes.rows, swipes.keyboards, pictures=pictures)
    for file in filter(None, (json_file, html, answers)):
        typer.echo(f"written    {file}")


def table(numbers: Mapping[str, Any]) -> Iterator[str]:
    """The numbers for a person, a kind of row a line."""
    lexicon = numbers["lexicon"]
    yield f"{numbers['decoder']}, lexicon {lexicon['name']} ({lexicon['words']:,} words)"
    columns = ("top1", "top3", "top5", "mrr", "wer", "cer")
    yield f"{'':16}{'n':>7}{'top-1 (95 %)':>20}" + "".join(f"{name:>7}" for name in columns[1:])
    kinds = {
        numbers["rows"]: numbers,
        **({"  the list alone": numbers["list_only"]} if numbers["list_only"] else {}),
        "  in the lexicon": numbers["in_vocabulary"],
        "clean": numbers["clean"],
        **{f"{name} letters": rates for name, rates in numbers["by_length"].items()},
        "doubled letters": numbers["doubled"],
        "prefix pairs": numbers["prefix_pairs"],
        "straight line": numbers["straight"],
    }
    for name, rates in kinds.items():
        ends = rates["interval95"]["top1"]
        sure = f" ({ends[0]:.1f}–{ends[1]:.1f})" if ends else ""
        first = f"{_shown(rates['top1'])}{sure}"
        others = "".join(f"{_shown(rates[column]):>7}" for column in columns[1:])
        yield f"{name:16}{rates['n']:>7,}{first:>20}{others}"
    latency = numbers["latency_ms"]
    if latency["n"]:
        yield (
            f"latency    p50 {latency['p50']:.1f} ms, p95 {latency['p95']:.1f} ms, one thread; of "
            f"the processor {latency['cpu_p50']:.1f} and {latency['cpu_p95']:.1f}"
        )
    yield f"size       {numbers['size_mb']:.1f} MB"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
