"""A dataclass field that carries its own meaning, for every `--help` that shows it."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any


def option(default: Any, meaning: str) -> Any:
    """A field with its default and the meaning that help texts print."""
    return field(default=default, metadata={"meaning": meaning})


def meanings(schema: Any) -> dict[str, str]:
    """Name → meaning of a dataclass's options."""
    return {entry.name: entry.metadata["meaning"] for entry in fields(schema)}
