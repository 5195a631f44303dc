"""Checkpoints on a disk that fills up, and files that are none."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from glissando.training.checkpoints import AtomicCheckpointIO, CheckpointError, check_resumable


@pytest.fixture()
def full_disk() -> Iterator[None]:
    """No file may grow past 20 kB while the test runs: what a full disk does to a writer."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def _checkpoint(step: int, numbers: int = 10) -> dict[str, object]:
    data = {"batches": step}
    return {"global_step": step, "SwipeDataModule": data, "weights": torch.zeros(numbers)}


def test_the_previous_checkpoint_survives_a_full_disk(tmp_path: Path, full_disk: None) -> None:
    path = tmp_path / "last.ckpt"
    writer = AtomicCheckpointIO()
    writer.save_checkpoint(_checkpoint(1), path)
    with pytest.raises(CheckpointError, match=r"last.ckpt: cannot write.*previous one is unharmed"):
        writer.save_checkpoint(_checkpoint(2, numbers=100_000), path)
    assert check_resumable(path)["global_step"] == 1
    assert list(tmp_path.iterdir()) == [path]


def test_the_first_checkpoint_on_a_full_disk_says_that_there_is_none(
    tmp_path: Path, full_disk: None
) -> None:
    with pytest.raises(CheckpointError, match="there is none yet"):
        AtomicCheckpointIO().save_checkpoint(_checkpoint(2, numbers=100_000), tmp_path / "a.ckpt")


def test_what_cannot_be_resumed_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"resume=.*absent.ckpt: no such file"):
        check_resumable(tmp_path / "absent.ckpt")
    broken = tmp_path / "broken.ckpt"
    AtomicCheckpointIO().save_checkpoint(_checkpoint(3), broken)
    broken.write_bytes(broken.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match=r"broken.ckpt: not a checkpoint"):
        check_resumable(broken)
    foreign = tmp_path / "foreign.ckpt"
    torch.save({"weights": torch.zeros(3)}, foreign)
    with pytest.raises(CheckpointError, match=r"foreign.ckpt: not a checkpoint"):
        check_resumable(foreign)
