"""Synthetic swipes for the tests of evaluation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from glissando.datasets import Located
from glissando.keyboard import load_keyboard
from glissando.synthesis import synthesize

SWIPED = ["the", "then", "Letter", "dont", "in", "keyboard", "xylophone"]


def located(words: Sequence[str] = SWIPED, *, each: int = 3, seed: int = 1) -> list[Located]:
    """Swipes of words, by four people in turn; the first of each word is not clean."""
    spelt = [word for word in words for _ in range(each)]
    keyboard = load_keyboard("qwerty")
    batch = synthesize([w.lower() for w in spelt], keyboard, rng=np.random.default_rng(seed))
    gestures = batch.gestures(layout="qwerty", source="test")
    return [
        Located(
            replace(one, word=word, user=f"person {at % 4}", clean=at % each != 0), f"made:{at + 1}"
        )
        for at, (word, one) in enumerate(zip(spelt, gestures, strict=True))
    ]


def write_manifest(path: Path, rows: Sequence[Located], **changes: Any) -> Path:
    """A training manifest of the swipes; `changes` go into its first row."""
    lines = [row.gesture.to_row() for row in rows]
    lines[0].update(changes)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
