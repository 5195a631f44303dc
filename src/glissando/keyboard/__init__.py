"""Key geometry as data: a shipped layout or a JSON file; nothing else knows a key's place."""

from glissando.keyboard.geometry import (
    Keyboard,
    KeyboardError,
    keyboard_from_json,
    keyboard_names,
    load_keyboard,
)

__all__ = ["Keyboard", "KeyboardError", "keyboard_from_json", "keyboard_names", "load_keyboard"]
