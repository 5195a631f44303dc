"""Dataclass fields that carry their own meaning, and dataclasses read from JSON with care."""

from __future__ import annotations

import math
from dataclasses import field, fields
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


def option(default: Any, meaning: str) -> Any:
    """A field with its default and the meaning that help texts print."""
    return field(default=default, metadata={"meaning": meaning})


def meanings(schema: Any) -> dict[str, str]:
    """Name → meaning of a dataclass's options."""
    return {entry.name: entry.metadata["meaning"] for entry in fields(schema)}


def from_json(cls: type[T], data: Any) -> T:
    """A flat dataclass of numbers, strings and flags from a JSON object.

    Fields that have a default may be absent.

    Raises:
        ValueError: no object, a field that is unknown or missing, or a value of the wrong type.
    """
    if not isinstance(data, dict):
        raise ValueError(f"expected a JSON object, found {type(data).__name__}")
    hints = get_type_hints(cls)
    for name, value in data.items():
        if name not in hints:
            raise ValueError(f"unknown field {name!r}; known: {', '.join(hints)}")
        wanted = hints[name]
        fits = isinstance(value, (int, float) if wanted is float else wanted)
        if not fits or (isinstance(value, bool) and wanted is not bool):
            raise ValueError(f"{name}: expected {wanted.__name__}, found {value!r}")
        if wanted is float and not _is_finite(value):
            raise ValueError(f"{name}: expected a finite number, found {value!r}")
    try:
        return cls(**data)
    except TypeError as error:
        raise ValueError(str(error).partition("() ")[2] or str(error)) from error


def _is_finite(value: int | float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond any float
        return False
