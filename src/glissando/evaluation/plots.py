"""The report's plots as inline SVG that takes its colours from the page's style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np

WIDTH, SQUARE = 960, 440
TICKS = (0, 25, 50, 75, 100)
_LABEL, _ROW = 150, 38


@dataclass(frozen=True, slots=True)
class Bar:
    """One kind of row with its rates in percent.

    Attributes:
        label: What it is called.
        n: Its rows; a bar without rows is left out.
        tops: Top-1, top-3 and top-5.
        interval: Of top-1.
    """

    label: str
    n: int
    tops: tuple[float, float, float]
    interval: tuple[float, float] | None


def accuracy_bars(bars: Sequence[Bar]) -> str:
    """Top-1 as a bar with its interval; what top-3 and top-5 add, paler, behind it."""
    shown = [bar for bar in bars if bar.n]
    length = WIDTH - _LABEL - 70

    def x(percent: float) -> float:
        return _LABEL + length * percent / 100

    height = len(shown) * _ROW + 26
    parts = [_open(WIDTH, height, "Accuracy by kind of word")]
    for tick in TICKS:
        parts.append(_line("grid", x(tick), 4, x(tick), height - 22))
        parts.append(_text("tick", x(tick), height - 6, f"{tick}", "middle"))
    for at, bar in enumerate(shown):
        top = at * _ROW + 8
        for kind, percent in zip(("top5", "top3", "top1"), reversed(bar.tops), strict=True):
            parts.append(_rect(kind, _LABEL, top, x(percent) - _LABEL, 22))
        if bar.interval:
            ends = [x(end) for end in bar.interval]
            parts.append(_line("whisker", ends[0], top + 11, ends[1], top + 11))
            parts += [_line("whisker", end, top + 6, end, top + 16) for end in ends]
        parts.append(_text("label", _LABEL - 10, top + 11, bar.label, "end"))
        parts.append(_text("tick", _LABEL - 10, top + 24, f"{bar.n:,}", "end"))
        parts.append(_text("value", WIDTH - 4, top + 16, f"{bar.tops[0]:.1f}", "end"))
    return "".join([*parts, "</svg>"])


def reliability_plot(bins: Sequence[tuple[int, float, float]]) -> str:
    """Accuracy over probability, both in percent; dots as large as their bins are full.

    Args:
        bins: Answers, mean probability and accuracy of each.
    """
    square = _Square(0, 100)
    parts = [
        *square.axes("Accuracy over probability", "probability of the first answer, %", "right, %"),
        *(_text("tick", square.x(at), SQUARE - 22, f"{at}", "middle") for at in (0, 50, 100)),
        _line("ideal", square.x(0), square.y(0), square.x(100), square.y(100)),
    ]
    parts.append(_curve([(square.x(p), square.y(a)) for _, p, a in bins]))
    most = max((n for n, _, _ in bins), default=1)
    for n, probability, accuracy in bins:
        hint = f"{n:,} answers of {probability:.1f} %: {accuracy:.1f} % right"
        radius = 3 + 9 * (n / most) ** 0.5
        parts.append(_dot(square.x(probability), square.y(accuracy), radius, hint))
    return "".join([*parts, "</svg>"])


def depth_plot(shares: Sequence[float]) -> str:
    """Percent of truths within the first k answers, for k from 1."""
    square = _Square(min(int(min(shares) // 10) * 10, 90), 100)
    parts = square.axes("Accuracy by answers looked at", "answers looked at", "holds the word, %")
    steps = [100 * (k + 0.5) / len(shares) for k in range(len(shares))]
    points = [(square.x(x), square.y(share)) for x, share in zip(steps, shares, strict=True)]
    parts.append(_curve(points))
    for k, ((x, y), share) in enumerate(zip(points, shares, strict=True), start=1):
        parts.append(_dot(x, y, 4.5, f"top-{k}: {share:.2f} %"))
        parts.append(_text("tick", x, SQUARE - 22, f"{k}", "middle"))
    return "".join([*parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Square:
    """A square plot whose x runs from 0 to 100 and whose y runs from `low` to `high`."""

    low: float
    high: float

    def x(self, value: float) -> float:
        return 48 + (SQUARE - 64) * value / 100

    def y(self, value: float) -> float:
        return 12 + (SQUARE - 52) * (self.high - value) / (self.high - self.low)

    def axes(self, title: str, across: str, up: str) -> list[str]:
        parts = [_open(SQUARE, SQUARE, title)]
        for value in np.linspace(self.low, self.high, 5):
            parts.append(_line("grid", self.x(0), self.y(value), self.x(100), self.y(value)))
            parts.append(_text("tick", self.x(0) - 6, self.y(value) + 4, f"{value:g}", "end"))
        parts.append(_text("tick", self.x(50), SQUARE - 4, across, "middle"))
        middle = 12 + (SQUARE - 52) / 2
        parts.append(
            f'<text class="tick" transform="translate(12 {middle:.1f}) rotate(-90)" '
            f'text-anchor="middle">{escape(up)}</text>'
        )
        return parts


def people_plot(people: Sequence[tuple[int, float]]) -> str:
    """A dot for each person at their top-1 in percent, the lowest first; larger with more rows."""
    height = 220
    order = sorted(people, key=lambda person: person[1])
    parts = [_open(WIDTH, height, "Top-1 of each person")]
    low, span = 34, height - 60
    for tick in TICKS:
        y = 16 + span * (1 - tick / 100)
        parts.append(_line("grid", low, y, WIDTH - 8, y))
        parts.append(_text("tick", low - 6, y + 4, f"{tick}", "end"))
    most = max((n for n, _ in order), default=1)
    for place, (n, percent) in enumerate(order):
        x = low + 12 + (WIDTH - low - 28) * (place + 0.5) / len(order)
        y = 16 + span * (1 - percent / 100)
        parts.append(_dot(x, y, 2.5 + 5 * (n / most) ** 0.5, f"{n:,} swipes, {percent:.1f} %"))
    parts.append(_text("tick", (low + WIDTH) / 2, height - 12, f"{len(order):,} people", "middle"))
    return "".join([*parts, "</svg>"])


def histogram(values: Sequence[float], marks: Mapping[str, float], unit: str) -> str:
    """How values spread, up to their 99th percentile, with named marks."""
    height, low = 220, 12
    top = float(np.percentile(values, 99)) * 1.05 or 1.0
    counts, edges = np.histogram(np.minimum(values, top), bins=32, range=(0, top))
    span = WIDTH - low - 12
    parts = [_open(WIDTH, height, f"Spread in {unit}")]
    for count, (left, right) in zip(counts, pairwise(edges), strict=True):
        tall = (height - 70) * count / max(counts.max(), 1)
        x, end = (low + span * edge / top for edge in (left, right))
        parts.append(_rect("top1", x + 0.5, height - 34 - tall, max(end - x - 1, 0.5), tall))
    for place, (name, value) in enumerate(marks.items()):
        x = low + span * min(value / top, 1.0)
        side = "end" if x > WIDTH - 120 else "start"
        parts.append(_line("whisker", x, 12 + 18 * place, x, height - 34))
        shift = -6 if side == "end" else 6
        parts.append(_text("value", x + shift, 22 + 18 * place, f"{name} {value:.2f} {unit}", side))
    for share in (0, 0.25, 0.5, 0.75, 1):
        shown = f"{top * share:.3g}"
        parts.append(_text("tick", low + span * share, height - 14, shown, "middle"))
    return "".join([*parts, "</svg>"])


def _open(width: int, height: int, title: str) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
    )


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
        f'height="{max(height, 0):.1f}" rx="2"/>'
    )


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _curve(points: Sequence[tuple[float, float]]) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="curve" points="{path}"/>'


def _dot(x: float, y: float, radius: float, hint: str) -> str:
    return (
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
        f"<title>{escape(hint)}</title></circle>"
    )


def _text(kind: str, x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )
