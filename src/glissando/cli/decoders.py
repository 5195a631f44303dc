"""What a user calls a decoder on the command line, and how it is opened."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from glissando.decoding import Decoder

DEFAULT = "default"
HELP = (
    f"A bundle's folder, {DEFAULT} (the bundle that ships), shark2, a run's folder (exported for "
    "the occasion), or module:name of your own class or function that makes a decoder."
)


class DecoderError(ValueError):
    """A decoder that cannot be found or opened; the message says what was asked for."""


def decoder_opener(spec: str, lexicon: str | None = None) -> Callable[[], Decoder]:
    """What opens the decoder of that name; picklable, so that every process can open its own.

    Args:
        spec: As `HELP` says.
        lexicon: A word list for decoders that bring none of their own.

    Raises:
        DecoderError: no such decoder, or a word list for one that brings its own.
    """
    path = Path(spec)
    if spec == "shark2":
        return partial(_open_shark2, lexicon)
    if lexicon is not None:
        raise DecoderError(f"decoder {spec}: brings its own word list; --lexicon is for shark2")
    if spec == DEFAULT:
        return partial(_open_bundle, None)
    if (path / "bundle.json").is_file():
        return partial(_open_bundle, path)
    if (path / "model.nemo").is_file():
        return partial(_open_bundle, _exported(path))
    if path.exists():
        raise DecoderError(
            f"{spec}: neither a bundle (bundle.json) nor a finished run (model.nemo) is in it"
        )
    module, colon, name = spec.partition(":")
    if colon:
        return _imported(module, name)
    raise DecoderError(f"no decoder {spec!r}; expected {HELP[0].lower()}{HELP[1:]}")


def _open_shark2(lexicon: str | None) -> Decoder:
    from glissando.baselines import Shark2

    decoder: Decoder = Shark2.load(lexicon)
    return decoder


def _open_bundle(path: Path | None) -> Decoder:
    from glissando.runtime import GestureDecoder

    decoder: Decoder = GestureDecoder.load(path)
    return decoder


def _exported(run: Path) -> Path:
    """A bundle made of a run in a temporary folder, removed when the program ends."""
    try:
        from glissando.export import export_run
    except ImportError as error:
        raise DecoderError(
            f"{run}: a run has to be exported first, which needs {error.name or error}; "
            "pip install 'glissando[export]'"
        ) from error
    folder = Path(tempfile.mkdtemp(prefix="glissando-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    bundle = folder / run.resolve().name
    export_run(run, bundle)
    return bundle


def _imported(module: str, name: str) -> Callable[[], Decoder]:
    here = str(Path.cwd())
    if here not in sys.path:  # as `python -m` would
        sys.path.insert(0, here)
    try:
        found: Any = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise DecoderError(f"decoder {module}:{name}: {error}") from error
    if not callable(found):
        raise DecoderError(
            f"decoder {module}:{name}: expected a class or function, found {found!r}"
        )
    opener: Callable[[], Decoder] = found
    return opener
