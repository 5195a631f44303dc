"""`glissando decode`: words for the swipes of a file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def decode(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            help="Manifest rows, or plain traces (lists of {x, y, t}), one a line; - reads "
            "standard input.",
        ),
    ],
    bundle: Annotated[
        Path | None, typer.Option(help="The bundle's folder; the one that ships if not given.")
    ] = None,
    keyboard: Annotated[
        str | None,
        typer.Option(help="A layout that ships, or a .json file; each row's own if not given."),
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, help="Candidates of each swipe.")] = 1,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a swipe, with scores.")
    ] = False,
    greedy: Annotated[
        bool, typer.Option("--greedy", help="The letters read without the word list, instead.")
    ] = False,
    words: Annotated[
        Path | None,
        typer.Option(help="The user's words, as `glissando words` keeps them; its file if any."),
    ] = None,
) -> None:
    """Turn swipes into words: one line a swipe, candidates apart by tabs.

    Coordinates are fractions of the letter rows' area, 0,0 its top left and 1,1 its bottom right;
    t is milliseconds. Example: glissando decode swipes.jsonl -n 3
    """
    from glissando.cli.trace_files import read_traces
    from glissando.keyboard import keyboard_names, load_keyboard
    from glissando.lexicon import PersonalWords, personal_words_file
    from glissando.runtime import GestureDecoder

    personal = PersonalWords(words or personal_words_file())
    decoder = GestureDecoder.load(bundle, personal=personal)
    given = load_keyboard(keyboard) if keyboard else None
    shipped = {name: load_keyboard(name) for name in keyboard_names()}
    for line, gesture in read_traces(file):
        board = given or shipped.get(gesture.layout)
        if board is None:
            raise typer.BadParameter(
                f"{file}:{line}: layout {gesture.layout!r} is not known; give it with --keyboard"
            )
        if greedy:
            letters = decoder.decode_greedy(gesture.trace, keyboard=board)
            typer.echo(json.dumps({"line": line, "letters": letters}) if as_json else letters)
            continue
        found = decoder.decode(gesture.trace, keyboard=board, n=n)
        if as_json:
            row = {"line": line, "candidates": [asdict(candidate) for candidate in found]}
            typer.echo(json.dumps(row, ensure_ascii=False))
        else:
            typer.echo("\t".join(candidate.word for candidate in found))
