"""Latency of one decode, features to n-best, on one thread: by beam, by word list, by search.

    python benchmarks/decoding.py --data validation.jsonl.gz --out decoding.json

The accuracy of each beam is measured where real swipes are given (validation, never test).
"""

from __future__ import annotations

import argparse
import gzip
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import report
from plain_search import PlainSearch

from glissando.bundle import LEXICON, Bundle, read_bundle
from glissando.decoding import make_search
from glissando.decoding.scorer import is_transducer
from glissando.evaluation import read_swipes
from glissando.evaluation.matching import rank_of
from glissando.keyboard import load_keyboard
from glissando.lexicon import Lexicon
from glissando.runtime import GestureDecoder
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.synthesis import synthesize
from glissando.traces import Gesture

WIDTHS = (4, 8, 16, 24, 32, 48, 64, 128)
SIZES = (10_000, 50_000, 150_000, 500_000)
WARM_UP = 50


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, default=DEFAULT_BUNDLE)
    parser.add_argument("--data", type=Path, help="validation swipes; synthetic ones if not given")
    parser.add_argument("--swipes", type=int, default=600)
    parser.add_argument("--out", type=Path, help="JSON file to write")
    options = parser.parse_args()
    bundle = read_bundle(options.bundle)
    swipes = real(options.data, options.swipes) if options.data else made_up(options.swipes)
    results: dict[str, Any] = {
        "bundle": f"{bundle.description.name} {bundle.description.precision}",
        "swipes": f"{len(swipes)} {'real' if options.data else 'synthetic'}",
    }
    results |= searches(bundle, swipes)
    results |= by_beam(bundle, swipes, accuracy=options.data is not None)
    results |= by_lexicon(bundle, swipes)
    report.write("decoding", results, options.out)


def searches(bundle: Bundle, swipes: Sequence[Gesture]) -> dict[str, Any]:
    """The compiled search, the one in numpy and the plain one, on the same frames."""
    decoder = GestureDecoder(bundle)
    found: dict[str, Any] = {}
    parts = stages(decoder, swipes)
    found |= {f"{name}_ms_p50": float(np.median(times)) for name, times in parts.items()}
    numpy_times = stages(decoder, swipes, compiled=False)["search"]
    found["search_numpy_ms_p50"] = float(np.median(numpy_times))
    if is_transducer(decoder.scorer):
        lexicon = Lexicon.from_bytes(bundle.files[LEXICON], LEXICON)
        plain = PlainSearch(decoder.scorer, lexicon, decoder.settings)
        frames = [decoder.scorer.encode(decoder.features([s.trace]))[0] for s in swipes[:30]]
        times = milliseconds(plain, frames)
        found["search_plain_ms_p50"] = float(np.median(times))
        found["plain_over_ours"] = found["search_plain_ms_p50"] / found["search_ms_p50"]
        ours = [[c.word for c in decoder.decode(s.trace)][:1] for s in swipes[:30]]
        found["plain_same_top1"] = sum(
            plain(frame)[:1] == word for frame, word in zip(frames, ours, strict=True)
        )
    return found


def stages(
    decoder: GestureDecoder, swipes: Sequence[Gesture], *, compiled: bool | None = None
) -> dict[str, list[float]]:
    """Milliseconds of features, encoder, search and all of it, for each swipe."""
    search = make_search(decoder.scorer, decoder.space(), decoder.settings, compiled=compiled)
    times: dict[str, list[float]] = {
        name: [] for name in ("features", "encode", "search", "decode")
    }
    for swipe in swipes[:WARM_UP]:
        decoder.decode(swipe.trace)
        search(decoder.scorer.encode(decoder.features([swipe.trace]))[0])
    for swipe in swipes:
        marks = [time.perf_counter()]
        features = decoder.features([swipe.trace])
        marks.append(time.perf_counter())
        frames = decoder.scorer.encode(features)[0]
        marks.append(time.perf_counter())
        search(frames)
        marks.append(time.perf_counter())
        for name, seconds in zip(times, np.diff(marks), strict=False):
            times[name].append(1000 * seconds)
    times["decode"] = decode_times(decoder, swipes)
    return times


def by_beam(bundle: Bundle, swipes: Sequence[Gesture], *, accuracy: bool) -> dict[str, Any]:
    """Latency, and accuracy on real swipes, of each beam width."""
    found: dict[str, Any] = {}
    for width in WIDTHS:
        settings = replace(bundle.description.decoding, width=width)
        decoder = GestureDecoder(bundle, settings=settings)
        answers = [decoder.decode(swipe.trace) for swipe in swipes]
        found[f"beam_{width}"] = spread(decode_times(decoder, swipes))
        if accuracy:
            ranks = np.array(
                [rank_of(s.word, answer) for s, answer in zip(swipes, answers, strict=True)]
            )
            found[f"beam_{width}"] |= {
                f"top{n}": float(100 * ((ranks > 0) & (ranks <= n)).mean()) for n in (1, 3, 5)
            }
    return found


def by_lexicon(bundle: Bundle, swipes: Sequence[Gesture]) -> dict[str, Any]:
    """Latency with the commonest words only, and with pairs of words added to the list."""
    listed = Lexicon.from_bytes(bundle.files[LEXICON], LEXICON)
    order = np.argsort(-listed.log_priors, kind="stable")
    words = [listed.words[at] for at in order]
    known = set(words)
    pairs = (a + b for a, b in product(words[:2000], repeat=2) if a.isalpha() and b.isalpha())
    words += islice((pair for pair in pairs if pair not in known), max(SIZES) - len(words))
    found: dict[str, Any] = {}
    for size in SIZES:
        text = "".join(f"{word}\n" for word in dict.fromkeys(words[:size])).encode()
        files = {**bundle.files, LEXICON: gzip.compress(text, 1)}
        start = time.perf_counter()
        decoder = GestureDecoder(replace(bundle, files=files))
        loading = 1000 * (time.perf_counter() - start)
        times = decode_times(decoder, swipes)
        found[f"words_{size}"] = spread(times) | {"load_ms": loading}
    return found


def decode_times(decoder: GestureDecoder, swipes: Sequence[Gesture]) -> list[float]:
    """Milliseconds of each decode, one swipe at a time, as a user draws them."""
    return milliseconds(lambda swipe: decoder.decode(swipe.trace), swipes)


def milliseconds(work: Callable[[Any], object], inputs: Sequence[Any]) -> list[float]:
    """Time of each call, after some to warm up."""
    for one in inputs[:WARM_UP]:
        work(one)
    times = []
    for one in inputs:
        start = time.perf_counter()
        work(one)
        times.append(1000 * (time.perf_counter() - start))
    return times


def spread(times: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95))}


def real(data: Path, count: int) -> list[Gesture]:
    """Recorded swipes, always the same ones."""
    return [row.gesture for row in read_swipes([data], limit=count).rows]


def made_up(count: int) -> list[Gesture]:
    """Synthetic swipes of common words, for machines without recorded ones."""
    listed = GestureDecoder.load().words
    rng = np.random.default_rng(0)
    words = [word for word in rng.choice(listed, count) if word.isascii() and word.isalpha()]
    traces = synthesize(words, load_keyboard("qwerty"), rng=rng).traces()
    return [Gesture(trace, word) for trace, word in zip(traces, words, strict=True)]


if __name__ == "__main__":
    main()
