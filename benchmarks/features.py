"""Speed of the feature frontend against a loop over points in plain Python, same batch, one run."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import report
import torch
from numpy.typing import NDArray

from glissando.alphabet import ENGLISH
from glissando.features import FeatureSpec
from glissando.keyboard import load_keyboard
from glissando.model.frontend import SwipeFeatures

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from feature_reference import reference_features


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=256, help="swipes in the batch")
    parser.add_argument("--threads", type=int, default=1, help="threads that torch may use")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    spec = FeatureSpec(ENGLISH.letters)
    board = load_keyboard("qwerty")
    centres, key_size = board.centre_array(spec.letters), board.key_size
    frontend = SwipeFeatures(spec)
    swipes = random_swipes(options.batch)
    layout = torch.from_numpy(centres), torch.from_numpy(key_size)
    batch, lengths = pad(swipes)
    outlier, outlier_lengths = pad([*swipes[1:], random_swipe(2000, np.random.default_rng(1))])

    as_lists = [swipe.tolist() for swipe in swipes]
    places, size = centres.tolist(), key_size.tolist()
    loop = seconds(lambda: [reference_features(s, places, size, spec) for s in as_lists], 5)
    module = seconds(lambda: frontend(batch, lengths, *layout), 30)
    one = seconds(lambda: frontend(batch[:1], lengths[:1], *layout), 30)
    with_outlier = seconds(lambda: frontend(outlier, outlier_lengths, *layout), 30)
    report.write(
        "features",
        {
            "ratio_python_loop_over_frontend": loop / module,
            "frontend_ms_per_batch": module * 1e3,
            "python_loop_ms_per_batch": loop * 1e3,
            "frontend_swipes_per_second": options.batch / module,
            "frontend_ms_per_batch_with_one_swipe_of_2000_points": with_outlier * 1e3,
            "frontend_ms_for_one_swipe": one * 1e3,
            "batch": options.batch,
            "longest_swipe_points": int(lengths.max()),
            "torch_threads": options.threads,
        },
        options.out,
    )


def random_swipes(count: int) -> list[NDArray[np.float32]]:
    """Random walks of about as many points as people's swipes have: half below 58, 1 % over 340."""
    random = np.random.default_rng(0)
    lengths = np.exp(random.normal(np.log(58), 0.76, count)).clip(4, 600).astype(int)
    return [random_swipe(length, random) for length in lengths]


def random_swipe(length: int, random: np.random.Generator) -> NDArray[np.float32]:
    """`(length, 3)`: x, y, t of a random walk sampled about 60 times a second."""
    walk = 0.5 + np.cumsum(random.normal(0, 0.03, (length, 2)), axis=0)
    time_ms = np.cumsum(random.integers(8, 25, length))
    return np.column_stack([walk, time_ms]).astype(np.float32)


def pad(swipes: list[NDArray[np.float32]]) -> tuple[torch.Tensor, torch.Tensor]:
    """The swipes as one `(B, T, 3)` batch, and their lengths."""
    tensors = [torch.from_numpy(swipe) for swipe in swipes]
    lengths = torch.tensor([len(swipe) for swipe in swipes])
    return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True), lengths


def seconds(run: Callable[[], object], repeats: int) -> float:
    """Shortest wall-clock time of a call: the one that other processes disturbed least."""
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
