"""`glissando finetune`: a bundle adapted to one person's own swipes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from glissando.finetuning import Change

FORGOT = 3
"""Exit code where the new weights are worse for other people, and nothing was written."""


def finetune(
    bundle: Annotated[
        str,
        typer.Argument(help="The bundle's folder, or default: the one that ships. It is kept."),
    ],
    swipes: Annotated[
        Path, typer.Argument(help="The person's swipes, oldest first, as the demo page saves them.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the new bundle; beside the swipes if not given."),
    ] = None,
    validation: Annotated[
        list[Path] | None,
        typer.Option(
            help="Other people's swipes, to see what was forgotten: without them that is not "
            "checked. May be repeated."
        ),
    ] = None,
    hold_back: Annotated[
        float,
        typer.Option(min=0.2, max=0.8, help="Share of the swipes, the last ones, to measure on."),
    ] = 0.25,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Optimiser steps; the recipe's if not given.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=10, help="Swipes of --validation to take, always the same ones.")
    ] = 2000,
) -> None:
    """Adapt a bundle to one person's swipes, in minutes on a CPU, and measure what it brought.

    Exit code 3 means that the new weights read other people's swipes worse by more than 1 point;
    then nothing is written.

    Example: glissando finetune default my-swipes.jsonl --out my-bundle
    """
    from tqdm import tqdm

    from glissando.evaluation import read_swipes
    from glissando.runtime.decoder import DEFAULT_BUNDLE

    try:
        from glissando.finetuning import Recipe
        from glissando.finetuning import finetune as adapt
    except ModuleNotFoundError as error:
        typer.echo(
            f"glissando: finetune needs {error.name}; pip install 'glissando[export]'", err=True
        )
        raise typer.Exit(2) from error

    own = read_swipes([swipes])
    others = read_swipes(validation, limit=limit) if validation else None
    recipe = Recipe(steps=steps) if steps else Recipe()
    place = out or swipes.with_name(f"{swipes.name.partition('.')[0]}-bundle")
    typer.echo(own.report.summary())
    with tqdm(total=recipe.steps, unit=" steps", leave=False, disable=None) as bar:
        done = adapt(
            DEFAULT_BUNDLE if bundle == "default" else Path(bundle),
            [row.gesture for row in own.rows],
            place,
            {**own.keyboards, **(others.keyboards if others else {})},
            validation=[row.gesture for row in others.rows] if others else (),
            hold_back=hold_back,
            recipe=recipe,
            advance=bar.update,
        )
    typer.echo(f"trained    {done.trained_on} swipes, {recipe.steps} steps")
    typer.echo(f"held back  {_shown(done.held_back)}")
    if done.held_back.after < done.held_back.before:
        typer.echo("warning: worse on the person's own later swipes than the old one", err=True)
    if done.general:
        typer.echo(f"others     {_shown(done.general)}")
    else:
        typer.echo("others     not checked: name other people's swipes with --validation")
    if done.written is None:
        typer.echo("glissando: it forgot too much of other people; nothing was written", err=True)
        raise typer.Exit(FORGOT)
    typer.echo(f"written    {place} ({done.written.size_bytes / 1e6:.2f} MB)")


def _shown(change: Change) -> str:
    return f"top-1 {change.before:.1f} % before, {change.after:.1f} % after, of {change.n} swipes"
