"""Gesture typing: turn the path of a finger over a keyboard into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glissando.decoding import Candidate
    from glissando.runtime import GestureDecoder
    from glissando.traces import Trace

__version__ = "0.1.0"
__all__ = ["Candidate", "GestureDecoder", "Trace", "__version__"]

_HOMES = {
    "Candidate": "glissando.decoding",
    "GestureDecoder": "glissando.runtime",
    "Trace": "glissando.traces",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: nobody waits for what they do not use."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'glissando' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
