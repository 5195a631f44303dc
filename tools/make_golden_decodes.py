"""Writes what the Python decoder answers, for the browser's decoder to be held to.

python tools/make_golden_decodes.py                     # web/test/golden/decodes.jsonl.gz
python tools/make_golden_decodes.py --bundle runs/mine/bundle --data swipes.jsonl.gz --out mine.gz

Without `--data` the swipes are synthetic, so that they may be committed. The file says what it was
made with: for other weights, words or search settings it has to be made again.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from glissando.bundle import Description
from glissando.decoding import Candidate
from glissando.evaluation import read_swipes
from glissando.keyboard import Keyboard
from glissando.lexicon import PersonalWords
from glissando.runtime import GestureDecoder
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.synthesis import load_parameters, synthesize
from glissando.synthesis.people import draw_people
from glissando.traces import Gesture

OUT = Path(__file__).resolve().parent.parent / "web/test/golden/decodes.jsonl.gz"
SWIPES, USERS, SEEDS = 300, 12, (1, 2, 3)
ELSEWHERE = 0.1  # share of the synthetic swipes on the bundle's other layouts
CANDIDATES = 10


def main() -> None:
    """Decode and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, default=DEFAULT_BUNDLE)
    parser.add_argument("--data", type=Path, help="swipes; synthetic ones if not given")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write, gzipped")
    options = parser.parse_args()
    plain, taught = (GestureDecoder.load(options.bundle) for _ in range(2))
    swipes = recorded(options.data, plain) if options.data else [*synthetic(plain)]
    teach(taught.personal, [gesture.word for gesture in swipes])
    header = {
        "bundle": identity(plain.description),
        "swipes": "recorded" if options.data else "synthetic",
        "personal": [entry.line() for entry in taught.personal.entries()],
    }
    write(options.out, [header, *(row(gesture, plain, taught) for gesture in swipes)])


def identity(bundle: Description) -> dict[str, Any]:
    """What decides the answers of a bundle: its files' hashes and its search settings."""
    hashes = {name: facts.sha256 for name, facts in sorted(bundle.files.items())}
    return {"files": hashes, "decoding": asdict(bundle.decoding)}


def synthetic(decoder: GestureDecoder) -> Iterator[Gesture]:
    """Swipes of several users for words of every frequency, on all layouts of the bundle."""
    parameters = load_parameters()
    first, *others = decoder.description.keyboards
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        people = draw_people(USERS, parameters, rng)
        count = SWIPES // len(SEEDS)
        elsewhere = round(ELSEWHERE * count) if others else 0
        for board, share in ((first, count - elsewhere), ([*others, first][0], elsewhere)):
            words = [str(word) for word in rng.choice(spelt_on(board, decoder), share)]
            batch = synthesize(words, board, parameters, rng, people=people)
            yield from batch.gestures(layout=board.name, source="synthetic")


def spelt_on(board: Keyboard, decoder: GestureDecoder) -> list[str]:
    """The words that a layout has all letters of, common ones as often as rare ones.

    Half of the returned words, counted with repetition, are the thousand likeliest.
    """
    letters = {*board.centres, "'"}
    space = decoder.space()
    ranked = [space.words[at] for at in np.argsort(-space.log_priors, kind="stable")]
    possible = [word for word in ranked if letters.issuperset(word)]
    common = possible[:1000]
    return possible + common * (len(possible) // len(common))


def recorded(data: Path, decoder: GestureDecoder) -> list[Gesture]:
    """Swipes of a file, drawn on layouts that the bundle has."""
    boards = decoder.description.keyboards
    found = read_swipes([data], limit=SWIPES, keyboards=boards)
    known = {board.name for board in boards}
    return [each.gesture for each in found.rows if each.gesture.layout in known]


def teach(personal: PersonalWords, words: list[str]) -> None:
    """Want something of every third word: block it, boost it, or know it with a capital."""
    for at, word in enumerate(words[::3]):
        if at % 3 == 0:
            personal.block(word)
        elif at % 3 == 1:
            personal.boost(word, 3.0 if at % 2 else -3.0)
        else:
            personal.add(word.upper(), 5.5)


def row(gesture: Gesture, plain: GestureDecoder, taught: GestureDecoder) -> dict[str, Any]:
    """A swipe, as it is written, and what both decoders make of exactly that."""
    points = [
        [round(point["x"], 3), round(point["y"], 3), round(point["t"])]
        for point in gesture.trace.to_points()
    ]
    boards = {board.name: board for board in plain.description.keyboards}
    board, swipe = boards[gesture.layout], np.array(points)
    return {
        "word": gesture.word,
        "keyboard": board.name,
        "points": points,
        "candidates": plainly(plain.decode(swipe, keyboard=board, n=CANDIDATES)),
        "taught": plainly(taught.decode(swipe, keyboard=board, n=CANDIDATES)),
        "greedy": plain.decode_greedy(swipe, keyboard=board),
    }


def plainly(candidates: Iterable[Candidate]) -> list[list[Any]]:
    """Word, score and probability of each, and whether it was read literally."""
    return [[c.word, round(c.score, 6), round(c.probability, 6), c.literal] for c in candidates]


def write(out: Path, rows: Iterable[dict[str, Any]]) -> None:
    """One JSON value a line, the same bytes for the same rows."""
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    print(f"{out}: {len(lines) - 1} swipes, {out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
