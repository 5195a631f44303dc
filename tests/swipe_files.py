"""Small files of swipes for the tests of datasets."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from glissando.datasets import write_shards
from glissando.traces import Gesture, Trace

POINTS = [
    {"x": 0.1, "y": 0.2, "t": 0},
    {"x": 0.5, "y": 0.5, "t": 16},
    {"x": 0.9, "y": 0.1, "t": 40},
]


def row(word: Any = "the", points: Any = POINTS, **more: Any) -> dict[str, Any]:
    """One row of a training manifest."""
    return {"word": word, "points": points, **more}


def point(x: Any = 0.5, y: Any = 0.5, t: Any = 0) -> dict[str, Any]:
    """One point."""
    return {"x": x, "y": y, "t": t}


def line_points(count: int, step: float = 10.0) -> list[dict[str, float]]:
    """Points along a line, `step` milliseconds apart."""
    return [point(0.1 + 0.8 * i / count, 0.5, step * i) for i in range(count)]


def write_lines(path: Path, rows: Iterable[Any]) -> Path:
    """A JSON-lines file, gzipped if so named; text goes in as it is."""
    text = "".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def gesture(word: str = "The", count: int = 5, **more: Any) -> Gesture:
    """A swipe of so many points."""
    return Gesture(trace=Trace.from_points(line_points(count)), word=word, **more)


def write_prepared(folder: Path, words: list[str], **more: Any) -> Path:
    """A prepared folder with a gesture for each word."""
    with write_shards(folder) as writer:
        for number, word in enumerate(words, start=1):
            writer.add(gesture(word, **more), word.lower(), f"a.jsonl:{number}")
    return folder
