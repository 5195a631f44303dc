"""Speed of random access to prepared swipes against a loop that parses JSON lines, on one core."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import report
import torch
from numpy.typing import NDArray

from glissando.alphabet import ENGLISH
from glissando.datasets import GestureStore, Preparation, prepare
from glissando.datasets.filters import FilterRules
from glissando.datasets.reading import read_lines
from glissando.lexicon import load_words
from glissando.synthesis.dataset import make_manifest
from glissando.training.batches import SwipeBatches


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, help="JSON lines to read; else made up")
    parser.add_argument("--rows", type=int, default=20_000, help="rows to make up")
    parser.add_argument("--batch", type=int, default=256, help="rows of a batch")
    parser.add_argument("--seconds", type=float, default=5.0, help="time for each measurement")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    options = parser.parse_args()
    torch.set_num_threads(1)

    with tempfile.TemporaryDirectory() as scratch:
        manifest = options.manifest
        if manifest is None:
            make_manifest(Path(scratch) / "made", load_words(), options.rows)
            manifest = Path(scratch) / "made" / "swipes.jsonl"
        folder = Path(scratch) / "prepared"
        prepare([manifest], folder, Preparation(FilterRules(include_errors=True)))
        store = GestureStore(folder)
        sample = store.fetch(np.arange(min(5000, len(store))))
        loader = SwipeBatches(store, ENGLISH, sorted(store.layouts()))

        plain = rows_a_second(json_batches(manifest, options.batch), options.seconds)
        fetched = rows_a_second(
            (len(store.fetch(rows).words) for rows in orders(len(store), options.batch)),
            options.seconds,
        )
        loaded = rows_a_second(
            (len(loader[0, rows].words) for rows in orders(len(store), options.batch)),
            options.seconds,
        )
        report.write(
            "loader",
            {
                "ratio_training_batches_over_json_lines": loaded / plain,
                "training_batches_rows_per_second": loaded,
                "store_fetch_rows_per_second": fetched,
                "json_lines_rows_per_second": plain,
                "rows": len(store),
                "batch": options.batch,
                "mean_points": float(sample.lengths.mean()),
            },
            options.out,
        )


def orders(rows: int, batch: int) -> Iterator[NDArray[np.int64]]:
    """Row numbers of batch after batch, shuffled anew for each pass, without end."""
    random = np.random.default_rng(0)
    while True:
        order = random.permutation(rows)
        yield from (order[at : at + batch] for at in range(0, rows, batch))


def json_batches(manifest: Path, size: int) -> Iterator[int]:
    """The plain way: parse each line, make its arrays, pad a batch; in file order, without end."""
    while True:
        lines = (line for _, line in read_lines(manifest))
        while batch := [json.loads(line) for line in islice(lines, size)]:
            traces = [
                np.array([[p["x"], p["y"], p["t"]] for p in row["points"]], dtype=np.float32)
                for row in batch
            ]
            padded = np.zeros((len(traces), max(map(len, traces)), 3), dtype=np.float32)
            for at, trace in enumerate(traces):
                padded[at, : len(trace)] = trace
            torch.from_numpy(padded)
            yield len(batch)


def rows_a_second(batches: Iterator[int], seconds: float) -> float:
    """Rows that come out per second of processor time, after some to warm up."""
    for _ in islice(batches, 4):
        pass
    rows = 0
    began, ends = time.process_time(), time.process_time() + seconds
    while time.process_time() < ends:
        rows += next(batches)
    return rows / (time.process_time() - began)


if __name__ == "__main__":
    main()
