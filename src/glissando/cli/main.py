"""Gathers the subcommands and turns the user's errors into one line and exit code 2."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import glissando
from glissando.bundle import BundleError
from glissando.cli.decoders import DecoderError
from glissando.cli.pictures import PictureError
from glissando.datasets.records import DataError
from glissando.demo import SiteError
from glissando.evaluation.running import EvaluationError
from glissando.keyboard import KeyboardError
from glissando.lexicon import LexiconError
from glissando.synthesis import SynthesisError
from glissando.traces import TraceError

COMMANDS = {
    "decode": "glissando.cli.decode",
    "demo": "glissando.cli.demo",
    "info": "glissando.cli.info",
    "export": "glissando.cli.export",
    "finetune": "glissando.cli.finetune",
    "draw": "glissando.cli.draw",
    "compare": "glissando.cli.compare",
    "evaluate": "glissando.cli.evaluate",
    "prepare": "glissando.cli.prepare",
    "synthesize": "glissando.cli.synthesize",
    "words": "glissando.cli.words",
}
"""Subcommand → module with a function of that name, or with a group of further subcommands.

The module's own imports must be light.
"""

USER_ERRORS = (
    BundleError,
    DataError,
    DecoderError,
    EvaluationError,
    KeyboardError,
    LexiconError,
    PictureError,
    SiteError,
    SynthesisError,
    TraceError,
)


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except USER_ERRORS as error:
            typer.echo(f"glissando: {error}", err=True)
            raise typer.Exit(2) from error


app = typer.Typer(
    name="glissando",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"glissando {glissando.__version__}")
        raise typer.Exit


@app.callback()
def glissando_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Turn the path of a finger gliding over a keyboard into words."""


for _name, _module in COMMANDS.items():
    _command = getattr(import_module(_module), _name)
    if isinstance(_command, typer.Typer):
        app.add_typer(_command, name=_name)
    else:
        app.command(_name)(_command)
