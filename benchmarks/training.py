"""Throughput of whole training runs: samples a second, waiting for data, memory, GPU share.

On a GPU: the full model with the optimised recipe, against what the project promises for a laptop
RTX 4090 (800 samples a second, 80 % busy). On a CPU: the small model against the full one.
Data is the embedded synthetic set unless `data.train=…` and `data.validation=…` name another.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

import report
import torch

from glissando.training.history import read_history
from glissando.training.options import read_config

PROMISED_SAMPLES_PER_SECOND = 800
PROMISED_BUSY_PERCENT = 80
RECIPE = Path(__file__).resolve().parent.parent / "configs" / "optimised.yaml"


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, help="optimiser steps, 400 on a GPU, 40 on a CPU")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    parser.add_argument("overrides", nargs="*", help="key=value, as for train_transducer.py")
    options = parser.parse_args()
    cuda = torch.cuda.is_available()
    steps = options.steps or (400 if cuda else 40)
    results: dict[str, Any] = {}
    for model in ("full",) if cuda else ("small", "full"):
        readings = measure([f"model={model}", *options.overrides], steps, cuda)
        results |= {f"{model}_{name}": value for name, value in readings.items()}
    if cuda:
        speed = results["full_samples_per_second"] / PROMISED_SAMPLES_PER_SECOND
        busy = results["full_gpu_busy_percent"] / PROMISED_BUSY_PERCENT
        ratios = {"ratio_to_promised_speed": speed, "ratio_to_promised_busy_share": busy}
    else:
        speed = results["small_samples_per_second"] / results["full_samples_per_second"]
        ratios = {"ratio_small_over_full": speed}
    report.write("training", ratios | results, options.out)


def measure(overrides: list[str], steps: int, cuda: bool) -> dict[str, float]:
    """Medians over the second half of a run's log lines, when kernels are compiled and warm."""
    from glissando.training.run import train

    with tempfile.TemporaryDirectory() as folder:
        words = [f"train.max_steps={steps}", f"train.log_every={max(1, steps // 10)}"]
        words += ["run.progress=false", f"run.dir={folder}", f"train.validate_every={steps}"]
        train(read_config(RECIPE, words + overrides, cuda=cuda))
        rows = [row for row in read_history(Path(folder) / "history.jsonl") if "data_wait" in row]
    warm = rows[len(rows) // 2 :]
    names = [name for name in warm[0] if name not in ("step", "train_loss", "lr")]
    return {name: statistics.median(row[name] for row in warm) for name in names}


if __name__ == "__main__":
    main()
