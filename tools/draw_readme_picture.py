"""Draws a swipe on its keyboard for the README: docs/swipe.svg.

python tools/draw_readme_picture.py                                # a synthetic swipe
python tools/draw_readme_picture.py --run runs/mine                # … and what a run's model reads
python tools/draw_readme_picture.py --manifest hws.jsonl.gz --row 12
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path

import numpy as np

from glissando.datasets.manifest import ManifestReader
from glissando.datasets.reading import idle
from glissando.datasets.records import Located
from glissando.drawing import row_ratio_of, swipe_svg
from glissando.keyboard import Keyboard, load_keyboard
from glissando.synthesis import synthesize
from glissando.traces import Gesture

OUT = Path(__file__).resolve().parent.parent / "docs/swipe.svg"


def recorded(manifest: Path, row: int) -> Gesture:
    """The swipe in a line of a manifest, counted from 1."""
    found = next(islice(ManifestReader().read(manifest, idle), row - 1, None), None)
    if not isinstance(found, Located):
        raise SystemExit(f"{manifest}:{row}: {found.message if found else 'no such row'}")
    return found.gesture


def synthetic(word: str, keyboard: Keyboard, seed: int) -> Gesture:
    """A made-up swipe."""
    batch = synthesize([word], keyboard, rng=np.random.default_rng(seed))
    return next(batch.gestures(layout=keyboard.name, source="synthetic"))


def read(run: Path, gesture: Gesture, keyboard: Keyboard) -> str:
    """What the model of a run reads, letter by letter."""
    from glissando.model.build import restore_model
    from glissando.model.greedy import read_greedily
    from glissando.training.nemo_settings import feature_spec
    from glissando.training.options import read_written_config
    from glissando.training.run_folder import RunFolder

    folder = RunFolder(run)
    spec = feature_spec(read_written_config(folder.config))
    model = restore_model(folder.model)
    return read_greedily(model, spec, keyboard, [gesture.trace])[0]


def main() -> None:
    """Draw and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--manifest", type=Path, help="draw a row of it, not a synthetic swipe")
    parser.add_argument("--row", type=int, default=1, help="line of the manifest, from 1")
    parser.add_argument("--word", default="gesture", help="word of the synthetic swipe")
    parser.add_argument("--seed", type=int, default=7, help="seed of the synthetic swipe")
    parser.add_argument("--run", type=Path, help="run folder whose model reads the swipe")
    parser.add_argument("--caption", help="what stands below")
    parser.add_argument("--keyboard", help="layout; that of the swipe if not given")
    parser.add_argument("--out", type=Path, default=OUT)
    a = parser.parse_args()
    if a.manifest:
        gesture = recorded(a.manifest, a.row)
        keyboard = load_keyboard(a.keyboard or gesture.layout)
    else:
        keyboard = load_keyboard(a.keyboard or "qwerty")
        gesture = synthetic(a.word, keyboard, a.seed)
    decoded = read(a.run, gesture, keyboard) if a.run else None
    kind = "A synthetic swipe" if gesture.source == "synthetic" else "A recorded swipe"
    did = f"decoded as “{decoded}”" if decoded is not None else f"of “{gesture.word}”"
    seconds = f"{gesture.trace.duration / 1000:.1f} s"
    picture = swipe_svg(
        gesture.trace,
        keyboard,
        word=decoded or gesture.word,
        caption=f"{kind} {did}, {seconds}" if a.caption is None else a.caption,
        row_ratio=row_ratio_of(gesture, keyboard),
    )
    a.out.parent.mkdir(parents=True, exist_ok=True)
    a.out.write_text(picture, encoding="utf-8")
    print(f"{a.out}: {len(picture)} bytes")


if __name__ == "__main__":
    main()
