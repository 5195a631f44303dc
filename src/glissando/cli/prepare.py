"""`glissando prepare`: recorded swipes in, Parquet shards and a report out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glissando.alphabet import ENGLISH
from glissando.datasets.filters import FilterRules
from glissando.fields import meanings

_DEFAULTS = FilterRules()
_MEANINGS = meanings(FilterRules)

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="SOURCE",
        help="Training manifests (.jsonl, .jsonl.gz), How We Swipe's raw logs (folder or .zip), "
        "FUTO's swipe-1 to swipe-5 (.jsonl, .parquet), prepared folders, or folders of these.",
    ),
]
Out = Annotated[Path, typer.Option(help="The folder to make.")]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="manifest, how-we-swipe, futo or prepared; recognised by content if not given.",
    ),
]
Split = Annotated[
    str | None,
    typer.Option(
        help="Split by user into sub-folders, such as train=0.9,validation=0.1; "
        "a user always falls into the same one."
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a prepared folder at --out.")]
IncludeErrors = Annotated[bool, typer.Option("--include-errors", help=_MEANINGS["include_errors"])]
CleanOnly = Annotated[bool, typer.Option("--clean-only", help=_MEANINGS["clean_only"])]
MinPoints = Annotated[int, typer.Option(help=_MEANINGS["min_points"])]
MaxPoints = Annotated[int, typer.Option(help=_MEANINGS["max_points"])]
MaxSeconds = Annotated[float, typer.Option(help=_MEANINGS["max_seconds"])]
MaxOutsideKeys = Annotated[float, typer.Option(help=_MEANINGS["max_outside_keys"])]
MaxLetters = Annotated[int, typer.Option(help=_MEANINGS["max_letters"])]
Keyboards = Annotated[
    list[Path] | None,
    typer.Option(help="A .json keyboard, known beside those that ship; may be repeated."),
]
Letters = Annotated[str, typer.Option(help="The letters that words are spelt in, in label order.")]


def prepare(
    sources: Sources,
    out: Out,
    format_name: Format = None,
    split: Split = None,
    overwrite: Overwrite = False,
    include_errors: IncludeErrors = _DEFAULTS.include_errors,
    clean_only: CleanOnly = _DEFAULTS.clean_only,
    min_points: MinPoints = _DEFAULTS.min_points,
    max_points: MaxPoints = _DEFAULTS.max_points,
    max_seconds: MaxSeconds = _DEFAULTS.max_seconds,
    max_outside_keys: MaxOutsideKeys = _DEFAULTS.max_outside_keys,
    max_letters: MaxLetters = _DEFAULTS.max_letters,
    keyboard: Keyboards = None,
    letters: Letters = ENGLISH.letters,
) -> None:
    """Check, filter and split recorded swipes; write Parquet shards and a report.

    Every row that is not kept is counted by its reason in OUT/report.json, with the first file and
    line of each. Memory does not grow with the data, and OUT appears complete or not at all.

    Example: glissando prepare swipelogs.zip --out data/hws --split train=0.9,validation=0.1
    """
    from tqdm import tqdm

    from glissando.alphabet import Alphabet
    from glissando.datasets.preparation import Preparation, source_bytes
    from glissando.datasets.preparation import prepare as prepare_rows
    from glissando.datasets.report import Report
    from glissando.datasets.splits import parse_fractions
    from glissando.keyboard import load_keyboard

    preparation = Preparation(
        rules=FilterRules(
            min_points=min_points,
            max_points=max_points,
            max_seconds=max_seconds,
            max_outside_keys=max_outside_keys,
            max_letters=max_letters,
            include_errors=include_errors,
            clean_only=clean_only,
        ),
        keyboards=tuple(load_keyboard(path) for path in keyboard or ()),
        alphabet=Alphabet(letters),
        split=parse_fractions(split) if split else None,
        format_name=format_name,
    )
    report = Report()
    total = source_bytes(sources)
    try:
        with tqdm(total=total, unit="B", unit_scale=True, leave=False, disable=None) as bar:
            prepare_rows(
                sources, out, preparation, report=report, overwrite=overwrite, advance=bar.update
            )
    finally:
        if report.rows_in:
            typer.echo(report.summary())
    typer.echo(f"written    {out}")
