"""What `evaluate` and `compare` share: their options, and reading and decoding under a bar."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from glissando.evaluation import Evaluation, Rows, Swipes
    from glissando.evaluation.running import OpenDecoder

DATA = typer.Argument(
    metavar="DATA", help="Prepared folders, manifests, or raw corpora that prepare reads."
)
Data = Annotated[list[Path], DATA]
Rows_ = Annotated[
    str,
    typer.Option(
        "--rows",
        metavar="headline|clean|all",
        help="Which swipes: all but those flagged as wrong, those that passed the corpus's "
        "strict check, or the flagged ones, too.",
    ),
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="Only so many swipes, always the same ones.")
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes, each with one thread; as many as cores if not given."),
]
Keyboards = Annotated[
    list[Path] | None,
    typer.Option(
        "--keyboard", help="A .json keyboard, known beside those that ship; may be repeated."
    ),
]
Lexicon = Annotated[
    str | None,
    typer.Option(help="Word list for shark2: a name or a file; other decoders bring one."),
]
FormatName = Annotated[
    str | None, typer.Option("--format", help="As for prepare; recognised by content if not given.")
]
Seed = Annotated[int, typer.Option(help="Seed of the intervals' bootstrap.")]


def parse_rows(name: str) -> Rows:
    """The choice of swipes of that name."""
    from glissando.evaluation import Rows

    if name not in set(Rows):
        raise typer.BadParameter(f"--rows {name}: expected {', '.join(Rows)}")
    return Rows(name)


def read(
    data: Sequence[Path],
    rows: str,
    limit: int | None,
    keyboards: Sequence[Path] | None,
    format_name: str | None,
) -> Swipes:
    """Read the swipes under a bar, and say what was set aside."""
    from tqdm import tqdm

    from glissando.datasets.preparation import source_bytes
    from glissando.evaluation import read_swipes
    from glissando.keyboard import load_keyboard

    boards = [load_keyboard(path) for path in keyboards or ()]
    chosen = parse_rows(rows)
    with tqdm(
        total=source_bytes(data), unit="B", unit_scale=True, leave=False, disable=None
    ) as bar:
        swipes = read_swipes(
            data,
            rows=chosen,
            limit=limit,
            keyboards=boards,
            format_name=format_name,
            advance=bar.update,
        )
    typer.echo(swipes.report.summary())
    return swipes


def decode(
    opener: OpenDecoder, swipes: Swipes, workers: int | None, latency_sample: int
) -> Evaluation:
    """Run a decoder under a bar."""
    from tqdm import tqdm

    from glissando.evaluation import evaluate

    with tqdm(total=len(swipes.rows), unit=" swipes", leave=False, disable=None) as bar:
        return evaluate(
            opener,
            swipes.rows,
            swipes.keyboards,
            workers=workers or os.cpu_count() or 1,
            latency_sample=latency_sample,
            advance=bar.update,
        )


def make_room(*files: Path | None) -> None:
    """Make the folders of output files before the work, so that none is lost for want of one."""
    for file in files:
        if file is None:
            continue
        if file.is_dir():
            raise typer.BadParameter(f"{file}: is a folder, expected a file to write")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise typer.BadParameter(f"{file}: cannot write: {error.strerror}") from error
