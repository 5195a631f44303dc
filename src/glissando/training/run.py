"""One training run, from the command line's words to the run folder."""

from __future__ import annotations

import logging
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning.pytorch as lightning
from lightning.pytorch.loggers import TensorBoardLogger
from omegaconf import OmegaConf

from glissando.alphabet import ENGLISH
from glissando.model.build import build_model, load_weights, parameter_count
from glissando.training.averaging import WeightAverage
from glissando.training.checkpoints import (
    AtomicCheckpointIO,
    check_resumable,
    checkpoint_callbacks,
)
from glissando.training.config import Config
from glissando.training.cuda_graph import EncoderGraph, why_not
from glissando.training.curves import draw_curves
from glissando.training.data_module import SwipeDataModule
from glissando.training.discriminative import train_against_rivals
from glissando.training.hardware import Hardware, choose_hardware
from glissando.training.history import History
from glissando.training.monitors import Deadline, FiniteGuard, RandomState, Throughput
from glissando.training.nemo_settings import feature_spec, nemo_settings
from glissando.training.options import write_config
from glissando.training.outcome import kept_and_last, save_best_as_nemo
from glissando.training.run_folder import RunFolder, git_commit
from glissando.training.sources import Sources, open_sources
from glissando.training.transducer_loss import CpuTransducerLoss
from glissando.training.word_errors import PredictionLogger, RecordingWER

log = logging.getLogger("glissando")

PROTOCOL = "greedy decoding, no lexicon"
SYNTHETIC_PROTOCOL = f"{PROTOCOL}, SYNTHETIC swipes: no accuracy claim"


def train(config: Config) -> dict[str, Any]:
    """Train, and leave a run folder behind.

    Args:
        config: The resolved configuration.

    Returns:
        What `metrics.json` holds.

    Raises:
        NonFiniteError: the loss or a gradient became NaN; the batch is saved and named.
        CheckpointError: a checkpoint cannot be written, or `resume` is none.
        OSError: data or the run folder cannot be read or written.
    """
    if config.resume:
        resumed = check_resumable(Path(config.resume))["global_step"]
    commit = git_commit()  # of the code that is loaded now; it may change while we train
    folder = RunFolder.open(config.run.dir, config.run.recipe)
    log.info("run folder: %s", folder.path)
    hardware = choose_hardware(config)
    lightning.seed_everything(config.train.seed, workers=True, verbose=False)
    sources = open_sources(config, ENGLISH)
    data = SwipeDataModule(
        config,
        train=sources.train,
        validation=sources.validation,
        keyboards=sources.keyboards,
        alphabet=ENGLISH,
        spec=feature_spec(config),
        workers=hardware.workers,
    )
    schedule = _schedule(config, sources)
    board = TensorBoardLogger(folder.path, name="", version=folder.tensorboard.name)
    history = History(folder.history, board.experiment)
    if config.resume:
        history.resume(resumed)
    throughput = Throughput(history, config.train.log_every)
    trainer = _trainer(config, hardware, folder, history, throughput, board, schedule)
    # Lightning clips no gradients of a fused optimiser where precision is mixed.
    fused = not hardware.precision.endswith("-mixed")
    settings = nemo_settings(config, hardware.workers, schedule.steps, fused=fused)
    model = _model(settings, trainer, hardware)
    if config.init:
        load_weights(model, Path(config.init))
    if config.mmi.weight:
        train_against_rivals(model, ENGLISH, config.mmi)
    if trainer.is_global_zero:
        write_config(config, folder.config)
        OmegaConf.save(OmegaConf.create(settings), folder.nemo_config)
    log.info(
        "model %s: %.2f M parameters; %d training and %d validation swipes; %d steps",
        config.model,
        parameter_count(model) / 1e6,
        len(sources.train),
        len(sources.validation),
        schedule.steps,
    )
    trainer.fit(model, datamodule=data, ckpt_path=config.resume or None)
    # Training against rivals trades WER without a list for words found with one, so WER says
    # nothing of which weights are best.
    best, last = kept_and_last(trainer, model, data, folder, keep_last=config.mmi.weight > 0)
    folder.close()
    if not trainer.is_global_zero:
        return {}
    save_best_as_nemo(model, folder)
    metrics = {
        "wer": best["val_wer"],
        "cer": best["val_cer"],
        "loss": best["val_loss"],
        "best_step": best["step"],
        "last": last,
        "steps": trainer.global_step,
        "samples_per_second": round(throughput.samples_per_second, 1),
        "parameters": parameter_count(model),
        "train_rows": len(sources.train),
        "validation_rows": len(sources.validation),
        "model": config.model,
        "protocol": SYNTHETIC_PROTOCOL if sources.synthetic else PROTOCOL,
        "git_commit": commit,
    }
    folder.write_json(folder.metrics, metrics)
    title = f"{config.run.recipe}, {config.model}, {len(sources.train)} swipes"
    draw_curves(folder.history, folder.curves, title)
    _report(metrics, folder)
    return metrics


@dataclass(frozen=True)
class Schedule:
    """Optimiser steps of the run, and between validations."""

    steps: int
    validate_every: int


def _schedule(config: Config, sources: Sources) -> Schedule:
    rows = len(sources.train)
    swipes = config.train.batch_size * config.train.accumulate * config.train.devices
    epochs = config.data.synthetic_epochs if sources.synthetic else config.train.epochs
    steps = config.train.max_steps or max(2, math.ceil(epochs * rows / swipes))
    return Schedule(steps, config.train.validate_every or max(1, rows // swipes))


def _model(settings: dict[str, Any], trainer: Any, hardware: Hardware) -> Any:
    model = build_model(settings, trainer)
    model.wer = RecordingWER(model.decoding)
    if hardware.accelerator == "cpu" and hasattr(model, "joint"):
        # NeMo's CPU losses are Python loops; ours takes raw logits.
        model.joint.log_softmax = False
        fastemit = settings["loss"]["warprnnt_numba_kwargs"]["fastemit_lambda"]
        model.loss = CpuTransducerLoss(
            blank=model.joint.num_classes_with_blank - 1,
            reduction=settings["rnnt_reduction"],
            fastemit_lambda=fastemit,
        )
    return model


def _trainer(
    config: Config,
    hardware: Hardware,
    folder: RunFolder,
    history: History,
    throughput: Throughput,
    board: TensorBoardLogger,
    schedule: Schedule,
) -> lightning.Trainer:
    callbacks: list[lightning.Callback] = [
        RandomState(config.train.seed),
        FiniteGuard(folder),
        throughput,
        PredictionLogger(folder, history, config.run.show_words),
        *checkpoint_callbacks(folder, config.train),
    ]
    if config.train.average:
        callbacks.append(WeightAverage(config.train.average))
    if reason := why_not(config, hardware.accelerator):
        log.info("encoder: no CUDA graph: %s", reason)
    else:
        callbacks.append(EncoderGraph(config.train.batch_size))
    if config.train.max_minutes:
        callbacks.append(Deadline(config.train.max_minutes))
    return lightning.Trainer(
        accelerator=hardware.accelerator,
        devices=config.train.devices,
        strategy="ddp" if config.train.devices > 1 else "auto",
        precision=hardware.precision,  # type: ignore[arg-type]  # a string from the command line
        max_steps=schedule.steps,
        max_epochs=-1,
        accumulate_grad_batches=config.train.accumulate,
        gradient_clip_val=config.optim.clip or None,
        val_check_interval=schedule.validate_every * config.train.accumulate,
        check_val_every_n_epoch=None,
        num_sanity_val_steps=0,
        log_every_n_steps=schedule.validate_every,
        use_distributed_sampler=False,
        logger=board,
        callbacks=callbacks,
        plugins=[AtomicCheckpointIO()],
        enable_progress_bar=config.run.progress and sys.stdout.isatty(),
        enable_model_summary=False,
    )


def _report(metrics: dict[str, Any], folder: RunFolder) -> None:
    log.info(
        "WER %.2f %%, CER %.2f %% at step %d (%s)",
        100 * metrics["wer"],
        100 * metrics["cer"],
        metrics["best_step"],
        metrics["protocol"],
    )
    log.info("written: %s (.nemo, metrics.json, learning_curves.png, checkpoints)", folder.path)
