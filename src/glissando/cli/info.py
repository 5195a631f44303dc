"""`glissando info`: what a bundle is and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from glissando.cli.beam import told


def info(
    bundle: Annotated[
        Path | None,
        typer.Argument(help="The bundle's folder; the one that ships if not given."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole description as JSON.")
    ] = False,
) -> None:
    """Check a bundle's files against their hashes and say what it holds.

    Example: glissando info runs/mine/bundle
    """
    from glissando.bundle import LEXICON, read_bundle
    from glissando.lexicon import Lexicon
    from glissando.runtime.decoder import DEFAULT_BUNDLE

    whole = read_bundle(bundle or DEFAULT_BUNDLE)
    description = whole.description
    if as_json:
        typer.echo(json.dumps(description.to_json(), indent=2, ensure_ascii=False))
        return
    lexicon = Lexicon.from_bytes(whole.files[LEXICON], LEXICON)
    features = description.features
    typer.echo(f"name       {description.name}: {description.head}, {description.precision}")
    typer.echo(f"features   {features.width} channels of {features.points} points")
    typer.echo(f"alphabet   {description.alphabet.letters}")
    typer.echo(f"keyboards  {', '.join(board.name for board in description.keyboards)}")
    typer.echo(f"lexicon    {lexicon.name}, {len(lexicon):,} words, {lexicon.licence}")
    typer.echo(f"search     {told(description.decoding)}")
    for name, facts in description.files.items():
        typer.echo(f"file       {name:<16} {facts.size:>10,} bytes, sound")
    typer.echo(f"size       {description.size_bytes / 1e6:.2f} MB")
    for name, value in description.facts.items():
        typer.echo(f"{name:<10} {json.dumps(value, ensure_ascii=False)}")
