"""What `python train_*.py` does: help, configuration, the run, and errors in one line."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from glissando.training.config import Config
from glissando.training.hardware import has_cuda
from glissando.training.options import ConfigError, describe, known_keys, read_config

USAGE = """\
usage: python {script} [key=value ...]

Train with the recipe {recipe}. Without data, a synthetic set is made once and used.
Presets of `model` lie beside the recipe. Keys, defaults of the schema, meanings:
"""


def main(script: str, recipe: Path, words: Sequence[str] | None = None) -> int:
    """Run a recipe with the command line's words.

    Args:
        script: Name of the script, for the help.
        recipe: The recipe's YAML.
        words: Command line; None for the process's own.

    Returns:
        The exit code: 0, or 2 after an error that the user can mend.
    """
    words = sys.argv[1:] if words is None else list(words)
    if "-h" in words or "--help" in words:
        print(help_text(script, recipe))  # noqa: T201
        return 0
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("glissando").setLevel(logging.INFO)
    accelerator = next((w.split("=")[1] for w in words if w.startswith("train.accelerator=")), "")
    try:
        config = read_config(recipe, words, cuda=has_cuda(accelerator))
    except ConfigError as error:
        return _fail(error)
    from glissando.training.run import train

    try:
        train(config)
    except (ValueError, OSError, RuntimeError) as error:
        if logging.getLogger("glissando").isEnabledFor(logging.DEBUG):
            raise
        return _fail(error)
    return 0


def help_text(script: str, recipe: Path) -> str:
    """Usage, and every key with its default and meaning."""
    keys = set(known_keys())
    lines = [
        f"  {key:<32} {value!r:<34} {meaning}"
        for key, value, meaning in describe(Config())
        if key in keys
    ]
    return USAGE.format(script=script, recipe=recipe.name) + "\n".join(lines)


def _fail(error: Exception) -> int:
    print(f"error: {error}", file=sys.stderr)  # noqa: T201
    return 2
