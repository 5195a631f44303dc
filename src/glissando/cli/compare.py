"""`glissando compare`: two decoders on the same swipes, and what chance could explain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glissando.cli import decoders, measuring

if TYPE_CHECKING:
    from glissando.evaluation import Comparison

_SIDE = "A decoder as for evaluate, or answers that it saved (.jsonl)."
A = Annotated[str, typer.Argument(metavar="A", help=_SIDE)]
B = Annotated[str, typer.Argument(metavar="B", help=_SIDE)]
Data = Annotated[
    list[Path] | None,
    typer.Argument(metavar="DATA", help="Swipes to decode; none if both answers are saved."),
]
JsonFile = Annotated[Path | None, typer.Option("--json", help="File for the numbers.")]
NAMES = {
    "top1": "top-1",
    "top3": "top-3",
    "top5": "top-5",
    "mrr": "MRR",
    "wer": "WER",
    "cer": "CER",
}


def compare(
    a: A,
    b: B,
    data: Data = None,
    json_file: JsonFile = None,
    rows: measuring.Rows_ = "headline",
    limit: measuring.Limit = None,
    workers: measuring.Workers = None,
    keyboard: measuring.Keyboards = None,
    lexicon: measuring.Lexicon = None,
    format_name: measuring.FormatName = None,
    seed: measuring.Seed = 0,
) -> None:
    """Pair two decoders swipe by swipe: the difference with its 95 % interval.

    The interval is a bootstrap over people. Where it holds 0, this data cannot tell the two apart.

    Example: glissando compare default shark2 test.jsonl.gz --json difference.json
    """
    from glissando.evaluation import compare as pair
    from glissando.evaluation import read_answers

    saved = [_is_saved(side) for side in (a, b)]
    if all(saved) and data:
        raise typer.BadParameter("both answers are saved: no DATA is decoded, give none")
    if not all(saved) and not data:
        raise typer.BadParameter("DATA is missing: swipes to decode")
    if lexicon and "shark2" not in (a, b):
        raise typer.BadParameter("--lexicon is for shark2, which is not compared here")
    measuring.make_room(json_file)
    openers = [
        None if is_saved else decoders.decoder_opener(side, lexicon if side == "shark2" else None)
        for side, is_saved in zip((a, b), saved, strict=True)
    ]
    swipes = measuring.read(data, rows, limit, keyboard, format_name) if data else None
    one, other = (
        list(measuring.decode(opener, swipes, workers, latency_sample=0).answers)
        if opener and swipes
        else read_answers(Path(side))
        for side, opener in zip((a, b), openers, strict=True)
    )
    found = pair(one, other, seed=seed)
    typer.echo("\n".join(table(a, b, found)))
    if json_file:
        text = json.dumps({"a": a, "b": b, **found.to_json()}, indent=2, ensure_ascii=False)
        json_file.write_text(text + "\n", encoding="utf-8")
        typer.echo(f"written    {json_file}")


def table(a: str, b: str, found: Comparison) -> Iterator[str]:
    """The differences for a person, a measure a line."""
    yield f"a: {a}"
    yield f"b: {b}"
    yield f"{found.n:,} swipes by {found.users:,} people"
    yield f"{'':8}{'a':>8}{'b':>8}{'b - a':>9}  95 % interval"
    for name, m in found.measures.items():
        ends = f"{m.interval95[0]:+.2f} to {m.interval95[1]:+.2f}" if m.interval95 else "–"
        yield f"{NAMES[name]:8}{m.a:8.2f}{m.b:8.2f}{m.difference:+9.2f}  {ends}"
    yield (
        f"top-1 right: both {found.both:,}, only a {found.only_a:,}, only b {found.only_b:,}, "
        f"neither {found.neither:,}; sign test p = {found.p:.3g}"
    )


def _is_saved(side: str) -> bool:
    return side.endswith(".jsonl") and Path(side).is_file()
