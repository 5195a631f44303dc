"""Makes the sample swipes of the demo's gallery with our own synthesiser; no person drew them.

Run it from the repository's root: python tools/make_gallery.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from glissando.keyboard import load_keyboard
from glissando.synthesis import synthesize

LAYOUT = "qwerty"
WORDS = [
    "gesture",
    "hello",
    "writing",
    "keyboard",
    "people",
    "don't",
    "letter",
    "river",
    "coffee",
    "tomorrow",
    "because",
    "swipe",
]
SEED = 14
TARGET = Path("web/public/gallery.json")


def main() -> None:
    """Write the gallery's file."""
    swipes = synthesize(WORDS, load_keyboard(LAYOUT), rng=np.random.default_rng(SEED))
    samples = [
        {"word": word, "points": trace.to_points()}
        for word, trace in zip(WORDS, swipes.traces(), strict=True)
    ]
    gallery = {"layout": LAYOUT, "samples": samples}
    TARGET.write_text(json.dumps(gallery, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(samples)} swipes, {TARGET.stat().st_size} bytes: {TARGET}")


if __name__ == "__main__":
    main()
