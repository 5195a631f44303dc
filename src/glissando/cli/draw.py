"""`glissando draw`: a picture of a swipe on its keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from glissando.traces import Gesture

FARTHEST = 50.0
"""Letter areas; points farther out are in some other unit, and their picture would show nothing."""


def draw(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            help="Manifest rows, or plain traces (lists of {x, y, t}), one a line; - reads "
            "standard input.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="A .svg or .png file; the SVG goes to standard output if not given."),
    ] = None,
    row: Annotated[
        int | None, typer.Option(min=1, help="The swipe in that line; the first if not given.")
    ] = None,
    word: Annotated[str | None, typer.Option(help="The first swipe of that word.")] = None,
    keyboard: Annotated[
        str | None,
        typer.Option(help="A layout that ships, or a .json file; the row's own if not given."),
    ] = None,
) -> None:
    """Draw a swipe: its keys, and its path from blue, where it starts, to pink.

    Example: glissando draw swipes.jsonl --word hello --out hello.png
    """
    from glissando.cli.pictures import write_picture
    from glissando.datasets import DataError
    from glissando.drawing import row_ratio_of, swipe_svg
    from glissando.keyboard import KeyboardError, load_keyboard

    line, gesture = _find(file, row, word)
    try:
        board = load_keyboard(keyboard or gesture.layout)
    except KeyboardError as error:
        raise KeyboardError(f"{file}:{line}: {error}; give it with --keyboard") from error
    farthest = float(abs(gesture.trace.points()[:, :2]).max())
    if farthest > FARTHEST:
        raise DataError(
            f"{file}:{line}: points: x or y reaches {farthest:g}, expected fractions of the letter "
            "area, 0 to 1"
        )
    svg = swipe_svg(
        gesture.trace,
        board,
        word=gesture.word,
        caption=f"{gesture.trace.duration / 1000:.1f} s, {len(gesture.trace)} points",
        row_ratio=row_ratio_of(gesture, board),
    )
    if out is None:
        typer.echo(svg, nl=False)
        return
    write_picture(svg, out)
    typer.echo(f"written    {out}")


def _find(file: str, row: int | None, word: str | None) -> tuple[int, Gesture]:
    from glissando.cli.trace_files import read_traces
    from glissando.datasets import DataError
    from glissando.evaluation.matching import match_key

    wanted = None if word is None else match_key(word)
    for line, gesture in read_traces(file):
        if row in (None, line) and wanted in (None, match_key(gesture.word)):
            return line, gesture
        if row is not None and line >= row:
            break  # what follows may be broken and does not matter
    asked = [f" of the word {word!r}" if word else "", f" in line {row}" if row else ""]
    raise DataError(f"{file}: no swipe{''.join(asked)}")
