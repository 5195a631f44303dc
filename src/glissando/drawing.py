"""A picture of a swipe on its keyboard, as an SVG that reads on light and dark pages."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glissando.keyboard import Keyboard
from glissando.traces import Gesture, Trace

KEY = 56.0  # width of a key in SVG units; everything else follows
ROW_RATIO = 1.5  # a row's height over a key's width where the screen is unknown
GAP = 0.08  # space around a key cap, in its width
MARGIN = 14.0
TITLE = 46.0
CAPTION = 30.0
PIECES = 48  # the path is drawn in so many pieces of equal time, each of one colour
START, END = (37, 99, 235), (236, 72, 122)
NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# By name what Linux has: who paints the picture may not know a system's fonts by their roles.
NAMED_FONTS = ("Segoe UI", "Noto Sans", "Liberation Sans", "DejaVu Sans", "Arial")
FONT = ",".join(
    ["system-ui", "-apple-system", *(f"'{name}'" for name in NAMED_FONTS), "sans-serif"]
)
# Grey at half strength has contrast on white and on black alike, so no theme need be asked.
STYLE = (
    ".cap{fill:#8b949e;fill-opacity:.16}"
    f".letter{{fill:#8b949e;font:500 20px {FONT}}}"
    f".word{{fill:#7d8590;font:600 26px {FONT}}}"
    f".caption{{fill:#8b949e;font:400 14px {FONT}}}"
)


def swipe_svg(
    trace: Trace,
    keyboard: Keyboard,
    *,
    word: str = "",
    caption: str = "",
    row_ratio: float = ROW_RATIO,
) -> str:
    """Draw a swipe: its keys, its path coloured from start (blue) to end (pink), its start dot.

    Args:
        trace: The path.
        keyboard: The layout that it was drawn on.
        word: Set large above the keys; none leaves no space.
        caption: Set small below the keys; none leaves no space.
        row_ratio: A row's height over a key's width on the screen, both in pixels.

    Returns:
        A whole SVG document with a transparent background.
    """
    unit = np.array([KEY, KEY * row_ratio])
    caps = {letter: np.array(at) / keyboard.key_size for letter, at in keyboard.centres.items()}
    path = np.stack([trace.x, trace.y], axis=1) / keyboard.key_size
    # the drawing holds every key and every point, also those that left the keyboard
    corners = np.array([*(at - 0.5 for at in caps.values()), *(at + 0.5 for at in caps.values())])
    low = np.minimum(corners.min(axis=0), path.min(axis=0) - 0.1) * unit
    high = np.maximum(corners.max(axis=0), path.max(axis=0) + 0.1) * unit
    above = MARGIN + (TITLE if word else 0.0)
    origin = np.array([MARGIN, above]) - low
    width = float(high[0] - low[0]) + 2 * MARGIN
    bottom = above + float(high[1] - low[1]) + MARGIN
    height = bottom + (CAPTION if caption else 0.0)
    label = f"A swipe that spells {word}" if word else "A swipe on a keyboard"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label="{_escaped(label)}">',
        f"<style>{STYLE}</style>",
    ]
    if word:
        parts.append(_text("word", width / 2, MARGIN + 24, word))
    for letter, at in caps.items():
        parts += _key(letter, at * unit + origin, unit)
    parts += _path(path * unit + origin, trace.t)
    if caption:
        parts.append(_text("caption", width / 2, bottom + CAPTION / 2 - 2, caption))
    return "\n".join([*parts, "</svg>"]) + "\n"


def row_ratio_of(gesture: Gesture, keyboard: Keyboard) -> float:
    """A row's height over a key's width on the screen that a swipe was recorded on."""
    if not (gesture.width and gesture.height):
        return ROW_RATIO
    return gesture.height * keyboard.key_height / (gesture.width * keyboard.key_width)


def _key(letter: str, at: NDArray[np.float64], unit: NDArray[np.float64]) -> list[str]:
    size = unit - 2 * GAP * KEY
    x, y = at - size / 2
    return [
        f'<rect class="cap" x="{x:.1f}" y="{y:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" '
        'rx="9"/>',
        _text("letter", float(at[0]), float(at[1]) + 7, letter),
    ]


def _path(points: NDArray[np.float64], t: NDArray[np.float32]) -> list[str]:
    """The path in pieces of equal time: each a polyline through its points, joined end to end."""
    start = points[0]
    duration = float(t[-1]) or 1.0
    # duplicate times carry no length in time; interpolation needs them apart
    clock = (t - t[0]) / duration + np.arange(len(t)) * 1e-9
    cuts = np.linspace(0.0, float(clock[-1]), PIECES + 1)
    parts = ['<g fill="none" stroke-width="7" stroke-linecap="round" stroke-linejoin="round">']
    for begin, end in pairwise(cuts):
        inside = clock[(clock > begin) & (clock < end)]
        when = np.concatenate([[begin], inside, [end]])
        xs, ys = (np.interp(when, clock, points[:, axis]) for axis in range(2))
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        parts.append(f'<polyline points="{line}" stroke="{_colour((begin + end) / 2)}"/>')
    parts.append("</g>")
    parts.append(
        f'<circle cx="{start[0]:.1f}" cy="{start[1]:.1f}" r="9" fill="{_colour(0.0)}" '
        'stroke="#fff" stroke-width="2.5"/>'
    )
    return parts


def _colour(share: float) -> str:
    """The path's colour after a share of its time."""
    mixed = (round(a + (b - a) * share) for a, b in zip(START, END, strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def _text(kind: str, x: float, y: float, text: str) -> str:
    shown = _escaped(text)
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{shown}</text>'


def _escaped(text: str) -> str:
    return escape(NOT_XML.sub("\ufffd", text))
