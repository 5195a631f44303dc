"""`glissando words`: the user's own words, added, boosted or blocked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glissando.lexicon.personal import ENVIRONMENT

if TYPE_CHECKING:
    from glissando.lexicon import PersonalWords

words = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Teach the decoder words, or keep it from saying some.\n\n"
    "What is said here needs no rebuilding and stays in a text file that can be edited: "
    f"{ENVIRONMENT} if that is set, else glissando/words.txt among the user's configuration.\n\n"
    "Example: glissando words add Gruffalo",
)

File = Annotated[Path | None, typer.Option("--file", help="The file of words, if not the usual.")]
Words = Annotated[list[str], typer.Argument(metavar="WORD...")]


@words.command("add")
def add_words(
    word: Words,
    zipf: Annotated[
        float | None,
        typer.Option(
            help="How often it is used: log10 of times in a billion words. 7.7 is 'the', 4.5 "
            "'bread' and what is taken if not given, 3 'gull'."
        ),
    ] = None,
    file: File = None,
) -> None:
    """Make words known, with the capitals and apostrophes that they shall be shown with.

    Example: glissando words add Gruffalo "O'Hara" --zipf 4
    """
    mine = _mine(file)
    _check("add", word, zipf, mine)
    for each in word:
        mine.add(each, zipf)


@words.command("boost")
def boost_words(
    word: Words,
    nats: Annotated[
        float | None,
        typer.Option(
            help="Natural logarithm of how much likelier: 2 is seven times, and what is taken if "
            "not given; -2 makes it as much less likely."
        ),
    ] = None,
    file: File = None,
) -> None:
    """Make known words likelier, or less likely.

    Example: glissando words boost thesis --nats 3
    """
    mine = _mine(file)
    _check("boost", word, nats, mine)
    for each in word:
        mine.boost(each, nats)


@words.command("block")
def block_words(word: Words, file: File = None) -> None:
    """Keep words, in any case, from ever coming out.

    Apostrophes count: blocking "were" leaves "we're".

    Example: glissando words block ducking
    """
    mine = _mine(file)
    _check("block", word, None, mine)
    for each in word:
        mine.block(each)


@words.command("remove")
def remove_words(word: Words, file: File = None) -> None:
    """Forget what was said of words: added, boosted or blocked.

    Ends with exit code 1 if nothing was said of one of them.

    Example: glissando words remove ducking
    """
    mine = _mine(file)
    unknown = [each for each in word if not mine.remove(each)]
    if unknown:
        typer.echo(f"glissando: {mine.path}: says nothing of {', '.join(unknown)}", err=True)
        raise typer.Exit(1)


@words.command("list")
def list_words(file: File = None) -> None:
    """Show what was said, as it stands in the file: action, word and number."""
    mine = _mine(file)
    for entry in mine.entries():
        typer.echo(entry.line())
    typer.echo(f"{len(mine.entries())} in {mine.path}", err=True)


def _mine(file: Path | None) -> PersonalWords:
    from glissando.lexicon import PersonalWords, personal_words_file

    return PersonalWords(file or personal_words_file())


def _check(action: str, words: list[str], amount: float | None, mine: PersonalWords) -> None:
    """Refuse all of them if one is wrong."""
    from glissando.lexicon.personal_file import make_entry

    for word in words:
        make_entry(action, word, amount, mine.alphabet)
