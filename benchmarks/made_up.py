"""Training manifests of any size from the synthesiser, for benchmarks that need rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tqdm import tqdm

from glissando.keyboard import load_keyboard
from glissando.lexicon.words import load_words
from glissando.synthesis import synthesize

CHUNK = 2000
PEOPLE = 1000


def write_manifest(path: Path, rows: int, seed: int = 0) -> Path:
    """Write so many synthetic swipes of English words as JSON lines.

    Args:
        path: The file to write; plain text.
        rows: Swipes.
        seed: Seed of everything that is random.
    """
    random = np.random.default_rng(seed)
    words = np.array(load_words("en"))
    board = load_keyboard("qwerty")
    with path.open("w", encoding="utf-8") as file, tqdm(total=rows, disable=None) as bar:
        for start in range(0, rows, CHUNK):
            chosen = random.choice(words, min(CHUNK, rows - start)).tolist()
            for gesture in synthesize(chosen, board, rng=random).gestures(
                layout=board.name, source="synthetic"
            ):
                row = gesture.to_row() | {"user": str(random.integers(PEOPLE))}
                file.write(json.dumps(row, separators=(",", ":")) + "\n")
            bar.update(len(chosen))
    return path
