"""Key geometry as data: `load_keyboard("qwerty")` or a JSON file; nothing else knows a key's place."""

from glissando.keyboard.geometry import Keyboard, KeyboardError, keyboard_names, load_keyboard

__all__ = ["Keyboard", "KeyboardError", "keyboard_names", "load_keyboard"]
