"""Whole runs with real NeMo: sizes, files, NaN, crash and resume, two processes, overfitting."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf

from glissando.alphabet import ENGLISH
from glissando.keyboard import load_keyboard
from glissando.model.build import build_model, restore_model
from glissando.model.greedy import read_greedily
from glissando.traces import Trace
from glissando.training.history import read_history
from glissando.training.nemo_settings import feature_spec
from glissando.training.options import read_config, read_written_config

pytestmark = pytest.mark.slow

BASE = ["run.progress=false", "train.accelerator=cpu", "train.log_every=1", "train.batch_size=16"]


@pytest.fixture(scope="module")
def swipes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Where 192 training and 48 validation swipes lie, as overrides."""
    from glissando.synthesis.dataset import choose_words, make_dataset

    folder = tmp_path_factory.mktemp("swipes")
    for seed, (name, count) in enumerate((("train", 192), ("validation", 48))):
        make_dataset(folder / name, choose_words(60), count, seed=seed)
    return [f"data.{name}={folder / name}" for name in ("train", "validation")]


def _train(recipe: str, repository: Path, words: list[str]) -> dict[str, Any]:
    from glissando.training.run import train

    return train(read_config(repository / "configs" / f"{recipe}.yaml", BASE + words, cuda=False))


def _start(repository: Path, words: list[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(repository / "train_transducer.py"), *BASE, *words]
    return subprocess.Popen(command, env=environment, cwd=repository)


def _losses(run: Path, name: str = "train_loss") -> dict[int, float]:
    return {
        int(row["step"]): row[name] for row in read_history(run / "history.jsonl") if name in row
    }


@pytest.mark.parametrize(
    ("recipe", "model", "millions"),
    [
        ("optimised", "full", 15.9),
        ("nemo_standard", "full", 15.9),
        ("nemo_standard", "full-ctc", 14.0),
    ],
)
def test_the_full_model_takes_optimiser_steps_in_both_recipes(
    repository: Path, swipes: list[str], tmp_path: Path, recipe: str, model: str, millions: float
) -> None:
    words = [f"model={model}", "train.max_steps=3", "train.accumulate=1", f"run.dir={tmp_path}"]
    metrics = _train(recipe, repository, [*swipes, *words, "optim.warmup=0"])
    assert metrics["parameters"] == pytest.approx(millions * 1e6, rel=0.01)
    assert (metrics["steps"], metrics["train_rows"], metrics["validation_rows"]) == (3, 192, 48)
    losses = _losses(tmp_path)
    assert losses[3] < losses[1]
    files = ["config.yaml", "nemo_config.yaml", "metrics.json", "model.nemo", "learning_curves.png"]
    files += ["checkpoints/last.ckpt", "checkpoints/best.ckpt", "predictions/step_0000003.tsv"]
    for name in files:
        assert (tmp_path / name).stat().st_size > 0
    written = json.loads((tmp_path / "metrics.json").read_text())
    assert {"wer", "cer", "loss", "steps", "samples_per_second", "parameters"} <= set(written)
    assert {"train_rows", "validation_rows", "git_commit"} <= set(written)
    assert any((tmp_path / "tensorboard").iterdir())


@pytest.mark.parametrize(("weight", "kept"), [(0, 1), (1, 3)])
def test_a_run_against_rivals_keeps_its_last_weights(
    repository: Path, swipes: list[str], tmp_path: Path, weight: int, kept: int
) -> None:
    """At this rate every validation reads the same, so that the first is the best by WER."""
    words = ["model=tiny", "train.max_steps=3", "train.validate_every=1", "optim.lr=1e-12"]
    words += [f"mmi.weight={weight}", "optim.min_lr=0", f"run.dir={tmp_path}"]
    assert _train("optimised", repository, swipes + words)["best_step"] == kept
    checkpoint = torch.load(tmp_path / "checkpoints/best.ckpt", weights_only=False)
    assert checkpoint["global_step"] == kept


def test_plain_nemo_restores_what_was_written_and_its_blank_is_ours(
    repository: Path, swipes: list[str], tmp_path: Path
) -> None:
    words = ["model=tiny", "train.max_steps=2", f"run.dir={tmp_path}"]
    _train("optimised", repository, swipes + words)
    # A process that knows nothing of us: a plain NeMo user.
    code = f"""
import sys, torch
sys.modules["glissando"] = None
from nemo.collections.asr.models import EncDecRNNTModel
model = EncDecRNNTModel.restore_from({str(tmp_path / "model.nemo")!r}, map_location="cpu").eval()
signal = torch.linspace(-1, 1, 37 * 64).reshape(1, 37, 64)
encoded, length = model(processed_signal=signal, processed_signal_length=torch.tensor([64]))
torch.save([encoded.detach(), model.decoder.blank_idx, model.loss._blank,
            model.joint.num_classes_with_blank], {str(tmp_path / "out.pt")!r})
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    encoded, *blanks, classes = torch.load(tmp_path / "out.pt")
    assert blanks == [ENGLISH.blank, ENGLISH.blank]
    assert classes == ENGLISH.classes

    model = restore_model(tmp_path / "model.nemo").eval()
    signal = torch.linspace(-1, 1, 37 * 64).reshape(1, 37, 64)
    ours, _ = model(processed_signal=signal, processed_signal_length=torch.tensor([64]))
    assert torch.equal(ours, encoded)


@pytest.mark.skipif(
    not torch.ops.mkldnn._is_mkldnn_bf16_supported(), reason="this processor has no bf16"
)
def test_mixed_precision_trains_a_ctc_head_beside_the_transducer(
    repository: Path, swipes: list[str], tmp_path: Path
) -> None:
    words = ["model=tiny", "loss.ctc_weight=0.3", "train.precision=bf16-mixed", "optim.clip=1.0"]
    words += ["train.max_steps=40", "train.validate_every=20", f"run.dir={tmp_path}"]
    _train("optimised", repository, swipes + words)
    losses = _losses(tmp_path, "val_loss")
    assert losses[40] < losses[20]
    model = restore_model(tmp_path / "model.nemo")
    assert type(model).__name__ == "EncDecHybridRNNTCTCModel"
    fresh = build_model(OmegaConf.to_container(model.cfg))
    for head in ("ctc_decoder", "joint"):  # both heads have learnt
        pairs = zip(
            getattr(model, head).parameters(), getattr(fresh, head).parameters(), strict=True
        )
        assert all((one - other).abs().max() > 0.01 for one, other in pairs)


def test_a_loss_that_is_not_finite_stops_the_run_and_saves_the_batch(
    repository: Path, swipes: list[str], tmp_path: Path
) -> None:
    from glissando.training.monitors import NonFiniteError

    words = ["model=tiny", "train.max_steps=50", "optim.lr=1e20", "optim.warmup=0", "optim.clip=0"]
    with pytest.raises(NonFiniteError, match=r"non_finite_batch_\d+.pt: \w+ \(") as caught:
        _train("optimised", repository, [*swipes, *words, f"run.dir={tmp_path}"])
    (saved,) = tmp_path.glob("non_finite_batch_*.pt")
    batch = torch.load(saved)
    assert batch["words"][0] in str(caught.value)
    assert batch["points"].shape[0] == len(batch["words"]) == 16


def test_a_run_killed_within_an_epoch_resumes_as_if_it_had_not_been(
    repository: Path, swipes: list[str], tmp_path: Path
) -> None:
    # Dropout on, so that the random state must continue too; and the average, which must as well.
    words = [*swipes, "model=tiny", "train.max_steps=40", "encoder.dropout=0.1"]
    words += ["encoder.layer_drop=0.2", "train.average=0.9", "augment.drop=0.3", "augment.cut=0.1"]
    words += ["train.checkpoint_every=5", "train.validate_every=20"]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    expected = _train("optimised", repository, [*words, f"run.dir={whole}"])
    process = _start(repository, [*words, f"run.dir={killed}"])
    deadline = time.monotonic() + 240
    while max(_losses(killed), default=0) < 17:  # the epoch has 12 steps: this is its second
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert max(_losses(killed)) < 40
    last = killed / "checkpoints" / "last.ckpt"
    metrics = _train("optimised", repository, [*words, f"run.dir={killed}", f"resume={last}"])
    assert _losses(killed) == pytest.approx(_losses(whole), rel=1e-5)
    assert len(_losses(killed)) == 40
    assert metrics["loss"] == pytest.approx(expected["loss"], rel=1e-5)


def test_two_processes_train_as_one_with_batches_twice_as_large(
    repository: Path, swipes: list[str], tmp_path: Path
) -> None:
    words = [*swipes, "model=tiny", "train.max_steps=12", "train.validate_every=6"]
    words += ["augment.enabled=false"]  # each process draws its own distortions
    one, two = tmp_path / "one", tmp_path / "two"
    _train("optimised", repository, [*words, "train.batch_size=32", f"run.dir={one}"])
    process = _start(repository, [*words, "train.devices=2", f"run.dir={two}"])
    assert process.wait(timeout=300) == 0
    assert _losses(two) == pytest.approx(_losses(one), rel=1e-3)
    assert _losses(two, "val_loss") == pytest.approx(_losses(one, "val_loss"), rel=1e-3)
    for name in ("wer", "validation_rows", "steps"):
        measured = [json.loads((run / "metrics.json").read_text())[name] for run in (one, two)]
        assert measured[0] == pytest.approx(measured[1], abs=0.03)


def test_200_real_swipes_are_learnt_by_heart(
    repository: Path, real_data: Path, tmp_path: Path
) -> None:
    rows: list[str] = []
    with gzip.open(real_data / "how-we-swipe" / "hws-train.jsonl.gz", "rt") as file:
        for line in file:
            if json.loads(line)["clean"]:
                rows.append(line)
            if len(rows) == 200:
                break
    manifest = tmp_path / "swipes.jsonl"
    manifest.write_text("".join(rows))
    words = [f"data.train={manifest}", f"data.validation={manifest}", f"data.cache={tmp_path}"]
    words += ["model=tiny", "train.max_steps=600", "train.validate_every=200"]
    words += ["augment.enabled=false", "train.log_every=50", f"run.dir={tmp_path / 'run'}"]
    metrics = _train("optimised", repository, words)
    assert metrics["validation_rows"] == 200
    assert metrics["wer"] == 0.0 and metrics["cer"] == 0.0

    model = restore_model(tmp_path / "run" / "model.nemo")
    swipes = [json.loads(line) for line in rows]
    traces = [Trace.from_points(swipe["points"]) for swipe in swipes]
    spec = feature_spec(read_written_config(tmp_path / "run" / "config.yaml"))
    read = read_greedily(model, spec, load_keyboard("qwerty"), traces)
    assert read == [ENGLISH.normalise(swipe["word"]) for swipe in swipes]
