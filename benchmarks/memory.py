"""Peak memory of preparing and iterating data sets of different sizes: it must not grow."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import report
from tqdm import tqdm

from glissando.datasets import GestureStore, prepare
from glissando.lexicon import load_words
from glissando.synthesis.dataset import make_manifest

BATCH = 256


def main() -> None:
    """Measure each size in a process of its own, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--scratch", type=Path, help="folder for some 5 GB of files")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    sizes = {}
    for rows in options.rows:
        with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
            made = Path(scratch) / "made"
            with tqdm(total=rows, desc=f"make {rows} rows", leave=False, disable=None) as bar:
                make_manifest(made, load_words(), rows, advance=bar.update)
            manifest = made / "swipes.jsonl"
            command = [sys.executable, __file__, "--measure", str(manifest)]
            sizes[rows] = json.loads(subprocess.check_output(command))
    peaks = [found["peak_resident_mb"] for found in sizes.values()]
    results: dict[str, Any] = {"ratio_largest_over_smallest_peak": max(peaks) / min(peaks)}
    for rows, found in sizes.items():
        results |= {f"{name}_at_{rows}_rows": value for name, value in found.items()}
    report.write("memory", results, options.out)


def measure(manifest: Path) -> dict[str, float]:
    """Prepare a manifest and iterate it once in random order; what this process used."""
    anonymous: list[float] = [status("RssAnon")]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            anonymous[0] = max(anonymous[0], status("RssAnon"))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    before = status("VmHWM")
    folder = manifest.with_name("prepared")
    start = time.perf_counter()
    tally = prepare([manifest], folder)
    prepared = time.perf_counter()
    after_preparing = status("VmHWM")
    store = GestureStore(folder)
    opened = time.perf_counter()
    order = np.random.default_rng(0).permutation(len(store)).astype(np.int32)
    assert int(store.word_lengths.min()) > 0
    for at in range(0, len(order), BATCH):
        store.fetch(order[at : at + BATCH])
    iterated = time.perf_counter()
    done.set()
    watcher.join()
    return {
        "peak_resident_mb": status("VmHWM"),
        "peak_anonymous_mb": anonymous[0],
        "peak_resident_after_preparing_mb": after_preparing,
        "resident_after_imports_mb": before,
        "kept_rows": tally.kept,
        "prepared_rows_per_second": tally.rows_in / (prepared - start),
        "first_opening_seconds": opened - prepared,
        "iterated_rows_per_second": len(order) / (iterated - opened),
    }


def status(field: str) -> float:
    """A field of Linux's account of this process, in MiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"/proc/self/status has no {field}")


if __name__ == "__main__":
    main()
