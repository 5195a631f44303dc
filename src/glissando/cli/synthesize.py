"""`glissando synthesize`: words in, humanlike synthetic swipes out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What to write."""

    PARQUET = "parquet"
    JSONL = "jsonl"


Words = Annotated[
    list[str],
    typer.Option(
        metavar="N|LIST|FILE",
        help="A number of words at random from the English list that ships, a list that ships "
        "(en), or a file of one word a line; may be repeated.",
    ),
]
Out = Annotated[Path, typer.Option(help="The folder to make.")]
Keyboard = Annotated[str, typer.Option(help="A layout that ships, or a .json file.")]
Swipes = Annotated[int | None, typer.Option(help="Swipes in all; once each word if not given.")]
PerWord = Annotated[int | None, typer.Option(help="Swipes of each word, in place of --swipes.")]
Users = Annotated[int | None, typer.Option(help="Synthetic users; one for every 50 swipes.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same swipes.")]
FormatOption = Annotated[
    Format, typer.Option("--format", help="Shards to train on, or a manifest to read.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a prepared folder at --out.")]


def synthesize(
    words: Words,
    out: Out,
    keyboard: Keyboard = "qwerty",
    swipes: Swipes = None,
    per_word: PerWord = None,
    users: Users = None,
    seed: Seed = 0,
    format_: FormatOption = Format.PARQUET,
    overwrite: Overwrite = False,
) -> None:
    """Make humanlike swipes of words, to train on where real ones are few.

    The model and its parameters, fitted on recorded swipes, are described in
    glissando.synthesis. Never report accuracy on synthetic swipes.

    Example: glissando synthesize --words 2000 --swipes 20000 --out data/synthetic
    """
    from tqdm import tqdm

    from glissando.lexicon import load_words
    from glissando.synthesis.dataset import choose_words, make_dataset, make_manifest

    if swipes is not None and per_word is not None:
        raise typer.BadParameter("give --swipes or --per-word, not both")
    listed: dict[str, None] = {}
    for item in words:
        some = choose_words(int(item), seed=seed) if item.isdecimal() else load_words(item)
        listed.update(dict.fromkeys(some))
    total = swipes if swipes is not None else len(listed) * (1 if per_word is None else per_word)
    make = make_dataset if format_ is Format.PARQUET else make_manifest
    with tqdm(total=total, unit=" swipes", leave=False, disable=None) as bar:
        make(
            out,
            list(listed),
            total,
            seed=seed,
            keyboard=keyboard,
            users=users,
            overwrite=overwrite,
            advance=bar.update,
        )
    typer.echo(f"{total} synthetic swipes of {len(listed)} words on {keyboard}")
    typer.echo(f"written    {out}")
