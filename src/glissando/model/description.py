"""A network's sizes as JSON, so that a bundle can say what it was built as."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from typing import Any, get_type_hints

from glissando.fields import from_json
from glissando.model.architecture import Architecture

ARCHITECTURE = "architecture"
"""Name of the fact in `bundle.json` that holds it."""


def architecture_to_json(architecture: Architecture) -> dict[str, Any]:
    """All that decides the network's shape; of a run's configuration only that part."""
    parts = {entry.name: getattr(architecture, entry.name) for entry in fields(Architecture)}
    return {
        name: asdict(part) if is_dataclass(part) and not isinstance(part, type) else part
        for name, part in parts.items()
    }


def architecture_from_json(data: Any) -> Architecture:
    """The inverse of `architecture_to_json`; fields that a newer version added may be absent.

    Raises:
        ValueError: no object, or a field that is unknown or of the wrong type.
    """
    hints = get_type_hints(Architecture)
    if not isinstance(data, dict) or not data.keys() <= hints.keys():
        raise ValueError(f"expected an object of {', '.join(hints)}, found {data!r:.80}")
    parts = {
        name: from_json(hints[name], value) if is_dataclass(hints[name]) else value
        for name, value in data.items()
    }
    return Architecture(**parts)
