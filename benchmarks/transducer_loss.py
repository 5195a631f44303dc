"""Speed of the CPU transducer loss against the two that NeMo ships, same batch, one run."""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable
from pathlib import Path

import report
import torch
from torch import Tensor

from glissando.alphabet import ENGLISH
from glissando.training.transducer_loss import CpuTransducerLoss

Loss = Callable[..., Tensor]


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=32, help="swipes in the batch all three get")
    parser.add_argument("--large", type=int, default=256, help="swipes in the batch ours gets")
    parser.add_argument("--frames", type=int, default=32, help="encoder frames of a swipe")
    parser.add_argument("--threads", type=int, default=1, help="threads that torch may use")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    logging.disable(logging.WARNING)
    from nemo.collections.asr.losses.rnnt import RNNTLoss

    batch = problem(options.batch, options.frames)
    ours = seconds(CpuTransducerLoss(), batch, 20)
    nemo = {
        f"nemo_{name}": seconds(RNNTLoss(ENGLISH.blank, loss_name=name), batch, repeats)
        for name, repeats in (("pytorch", 3), ("warprnnt_numba", 1))
    }
    large, longer = (
        seconds(CpuTransducerLoss(), problem(options.large, frames), 20)
        for frames in (options.frames, 2 * options.frames)
    )
    report.write(
        "transducer_loss",
        {
            "ratio_faster_of_nemo_over_ours": min(nemo.values()) / ours,
            **{f"ratio_{name}_over_ours": duration / ours for name, duration in nemo.items()},
            "ours_ms": ours * 1e3,
            **{f"{name}_ms": duration * 1e3 for name, duration in nemo.items()},
            "ours_large_batch_ms": large * 1e3,
            "ours_large_batch_twice_the_frames_ms": longer * 1e3,
            "batch": options.batch,
            "large_batch": options.large,
            "frames": options.frames,
            "longest_word": int(batch["target_lengths"].max()),
            "mean_word": float(batch["target_lengths"].float().mean()),
            "labels": ENGLISH.classes,
            "torch_threads": options.threads,
        },
        options.out,
    )


def problem(batch: int, frames: int) -> dict[str, Tensor]:
    """Random logits for words of 1 to 14 letters, 6 on average."""
    random = torch.Generator().manual_seed(0)
    lengths = torch.poisson(torch.full((batch,), 6.0), generator=random).long().clamp(1, 14)
    lengths[0] = 14
    logits = 2 * torch.randn(batch, frames, 15, ENGLISH.classes, generator=random)
    return {
        "log_probs": logits.requires_grad_(),
        "targets": torch.randint(0, len(ENGLISH.letters), (batch, 14), generator=random),
        "input_lengths": torch.full((batch,), frames),
        "target_lengths": lengths,
    }


def seconds(loss: Loss, batch: dict[str, Tensor], repeats: int) -> float:
    """Shortest time of a forward and backward pass: the one disturbed least by others."""
    few = {name: value[:2].detach() for name, value in batch.items()}
    few["log_probs"].requires_grad_()
    loss(**few).backward()  # compiles
    times = []
    for _ in range(repeats):
        batch["log_probs"].grad = None
        start = time.perf_counter()
        loss(**batch).backward()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
