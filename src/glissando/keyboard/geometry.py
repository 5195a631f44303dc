"""Reads and checks a keyboard: the centre of every letter key, in fractions of the letter area."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# In fractions of the letter area: what is beyond cannot be a keyboard, and would overflow float32.
_LEAST_KEY, _FARTHEST = 1e-4, 1000


class KeyboardError(ValueError):
    """A keyboard that does not exist or whose file is wrong; the message names file and field."""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """A layout of letter keys.

    Attributes:
        name: Layout name, as `Gesture.layout` gives it.
        language: BCP 47 language of the layout.
        key_width: Distance between neighbouring keys, as a fraction of the letter area's width.
        key_height: Distance between rows, as a fraction of the letter area's height.
        centres: Letter → (x, y) of the key's centre, fractions of the letter area.
    """

    name: str
    language: str
    key_width: float
    key_height: float
    centres: dict[str, tuple[float, float]]

    @property
    def key_size(self) -> NDArray[np.float32]:
        """`(2,)`: key width and row height, the units of "key units"."""
        return np.array([self.key_width, self.key_height], dtype=np.float32)

    def centre_array(self, letters: str) -> NDArray[np.float32]:
        """`(len(letters), 2)` centres in the order of `letters`; NaN where the layout lacks one."""
        absent = (math.nan, math.nan)
        return np.array([self.centres.get(c, absent) for c in letters], dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        """As a keyboard's file holds it."""
        return {
            "name": self.name,
            "language": self.language,
            "key_width": self.key_width,
            "key_height": self.key_height,
            "keys": [{"letter": c, "x": x, "y": y} for c, (x, y) in self.centres.items()],
        }


def keyboard_names() -> list[str]:
    """Names of the layouts that ship with the package."""
    return sorted(_shipped())


def load_keyboard(name_or_path: str | Path) -> Keyboard:
    """The shipped layout of that name, or the one in a JSON file.

    Raises:
        KeyboardError: no such layout, or a file that is not one.
    """
    shipped = _shipped()
    if str(name_or_path) in shipped:
        return shipped[str(name_or_path)]
    path = Path(name_or_path)
    if path.suffix != ".json":
        known = ", ".join(sorted(shipped))
        raise KeyboardError(
            f"unknown keyboard {str(name_or_path)!r}; known: {known}, or a .json file"
        )
    try:
        return _parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise KeyboardError(f"{path}: cannot read the keyboard: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise KeyboardError(f"{path}: not UTF-8: {error.reason}") from error


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Keyboard]:
    folder = resources.files("glissando.keyboard")
    files = [file for file in folder.iterdir() if file.name.endswith(".json")]
    boards = [_parse(file.read_text(encoding="utf-8"), file.name) for file in files]
    return {board.name: board for board in boards}


def _parse(text: str, where: str) -> Keyboard:
    try:
        return keyboard_from_json(json.loads(text), where)
    except json.JSONDecodeError as error:
        raise KeyboardError(f"{where}:{error.lineno}: not JSON: {error.msg}") from error


def keyboard_from_json(data: Any, where: str) -> Keyboard:
    """The layout in a JSON object; the inverse of `Keyboard.to_json`.

    Raises:
        KeyboardError: a field is missing or wrong; the message starts with `where`.
    """
    if not isinstance(data, dict):
        raise KeyboardError(f"{where}: expected a JSON object, found {type(data).__name__}")
    try:
        centres = {
            str(key["letter"]): (_finite(key, "x"), _finite(key, "y")) for key in data["keys"]
        }
        board = Keyboard(
            name=str(data["name"]),
            language=str(data["language"]),
            key_width=_finite(data, "key_width"),
            key_height=_finite(data, "key_height"),
            centres=centres,
        )
    except KeyError as error:
        raise KeyboardError(f"{where}: field {error.args[0]!r} is missing") from error
    except (TypeError, ValueError) as error:
        raise KeyboardError(f"{where}: {error}") from error
    if not centres or len(centres) != len(data["keys"]):
        raise KeyboardError(f"{where}: keys: expected every letter once, found {len(data['keys'])}")
    if not min(board.key_width, board.key_height) >= _LEAST_KEY:
        raise KeyboardError(
            f"{where}: key_width and key_height must be positive, at least {_LEAST_KEY}"
        )
    return board


def _finite(owner: dict[str, Any], field: str) -> float:
    value = owner[field]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or value != value:
        raise ValueError(f"{field}: expected a finite number, found {value!r}")
    if not -_FARTHEST <= value <= _FARTHEST:
        raise ValueError(f"{field}: expected -{_FARTHEST} to {_FARTHEST}, found {value!r}")
    return float(value)
