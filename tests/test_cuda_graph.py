"""The encoder as a CUDA graph: when it is captured, and that it trains as it did without."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from glissando.training.config import Config
from glissando.training.cuda_graph import why_not
from glissando.training.history import read_history
from glissando.training.options import read_config


def test_a_run_says_what_keeps_its_encoder_from_being_captured() -> None:
    config = Config()
    assert why_not(config, "gpu") == ""
    assert why_not(config, "cpu") == "no GPU"
    config.encoder.layer_drop = 0.1
    assert "layer_drop" in why_not(config, "gpu")
    config.train.devices = 2
    assert "process" in why_not(config, "gpu")
    config.train.cuda_graph = False
    assert "train.cuda_graph" in why_not(config, "gpu")


@pytest.mark.slow
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU: nothing to capture here")
def test_captured_and_launched_one_by_one_it_learns_the_same(
    repository: Path, tmp_path: Path
) -> None:
    from glissando.synthesis.dataset import choose_words, make_dataset
    from glissando.training.run import train

    make_dataset(tmp_path / "swipes", choose_words(60), 512, seed=1)
    losses = []
    for graph in (False, True):
        run = tmp_path / f"run-{graph}"
        # Gradients of two batches add up, which a replay must not write over.
        words = f"""model=medium train.precision=32-true train.batch_size=64 train.accumulate=2
            train.max_steps=12 train.log_every=1 train.validate_every=12 train.cuda_graph={graph}
            data.train={tmp_path}/swipes data.validation={tmp_path}/swipes run.dir={run}"""
        train(read_config(repository / "configs" / "optimised.yaml", words.split(), cuda=True))
        rows = read_history(run / "history.jsonl")
        losses.append([row["train_loss"] for row in rows if "train_loss" in row])
    assert losses[0][-1] < 0.8 * losses[0][0], "nothing was learnt, so nothing was compared"
    assert losses[1] == pytest.approx(losses[0], rel=1e-3)
