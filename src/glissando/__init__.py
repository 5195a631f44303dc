"""Gesture typing: turn the path of a finger over a keyboard into words."""

__version__ = "0.1.0"
