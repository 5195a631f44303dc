"""Writes a picture to a file, as SVG or as PNG."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

ZOOM = 2.0
LONGEST_SIDE = 4000


class PictureError(ValueError):
    """A picture that cannot be written; the message says what is missing or wrong."""


def write_picture(svg: str, path: Path) -> None:
    """Write an SVG as it is, or what it looks like on white, by the ending of the file's name.

    Raises:
        PictureError: another ending, no library for PNG, or a place that cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".svg", ".png"):
        raise PictureError(f"{path}: expected a name that ends in .svg or .png")
    content = png_of(svg) if ending == ".png" else svg.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise PictureError(f"{path}: cannot write: {error.strerror}") from error


def png_of(svg: str) -> bytes:
    """An SVG document painted on white, two pixels a unit unless that makes it too large.

    Raises:
        PictureError: the library that paints is not installed.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise PictureError(
            "PNG needs resvg-py: pip install 'glissando[cli]'; .svg needs nothing"
        ) from error
    size = ET.fromstring(svg).attrib
    zoom = min(ZOOM, LONGEST_SIDE / max(float(size["width"]), float(size["height"])))
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom, background="#ffffff"))
