"""`glissando export`: the bundle of a finished training run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glissando.cli.beam import told


def export(
    run: Annotated[
        Path, typer.Argument(help="A run's folder, with model.nemo and config.yaml in it.")
    ],
    out: Annotated[
        Path, typer.Option(help="Folder of the bundle; a bundle that is there is replaced.")
    ],
    data: Annotated[
        list[Path] | None,
        typer.Option(
            help="Validation swipes to tune and check on (never test data); those that the run "
            "validated on if not given. May be repeated."
        ),
    ] = None,
    precision: Annotated[
        str,
        typer.Option(
            metavar="fp32|fp16|int8",
            help="How weights are stored; refused where it costs more than 0.3 points of top-1.",
        ),
    ] = "fp32",
    name: Annotated[
        str, typer.Option(help="What reports call the model; the run's name if not given.")
    ] = "",
    limit: Annotated[
        int, typer.Option(min=10, help="Swipes to tune and check on, at most.")
    ] = 2000,
) -> None:
    """Write the bundle of a training run: graphs, word list, and search tuned on validation.

    Every graph and the whole n-best are compared with torch on real swipes; where they differ,
    nothing is written.

    Example: glissando export runs/mine --out bundles/mine --precision fp16
    """
    try:
        from glissando.export import export_run
    except ModuleNotFoundError as error:
        typer.echo(
            f"glissando: export needs {error.name}; pip install 'glissando[export]'", err=True
        )
        raise typer.Exit(2) from error

    done = export_run(run, out, data=data or (), precision=precision, limit=limit, name=name)
    parity, settings = done.parity, done.description.decoding
    worst = max(parity.graphs.values())
    typer.echo(
        f"parity     {parity.swipes} swipes: graphs within {worst:.1e}, scores within "
        f"{parity.scores:.1e}, best word the same on {parity.same_top1}"
    )
    typer.echo(f"tuned      {told(settings)}")
    typer.echo("precision  graphs MB  top-1 %  lost  encode ms")
    for facts in done.precisions:
        typer.echo(
            f"{facts.precision:<9}  {facts.megabytes:9.2f}  {facts.top1:7.2f}  {facts.lost:4.2f}  "
            f"{facts.milliseconds:9.2f}"
        )
    size = done.description.size_bytes / 1e6
    typer.echo(f"written    {out} ({done.description.precision}, {size:.2f} MB with the word list)")
