"""THE schema of a training run: every field, its default and its meaning, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from glissando.datasets.filters import FilterRules
from glissando.fields import option
from glissando.model.architecture import Architecture


@dataclass
class DataConfig:
    """Where swipes come from and which are used."""

    train: str = option(
        "data/train_final_train.jsonl", "training manifest, raw logs or prepared folder"
    )
    validation: str = option(
        "data/train_final_val.jsonl", "validation manifest, raw logs or prepared folder"
    )
    cache: str = option(".glissando/cache", "folder where manifests are prepared once, by content")
    filters: FilterRules = field(default_factory=FilterRules)
    keyboards: list[str] = field(
        default_factory=list,
        metadata={"meaning": "more keyboards (.json files) that rows may name as their layout"},
    )
    workers: int = option(12, "loader processes, persistent, at most one per spare core")
    prefetch: int = option(4, "batches that each loader process keeps ready")
    pool: int = option(16, "batches sorted together by word length, so that padding is small")
    synthetic_epochs: float = option(
        4.0, "`train.epochs` where there is no data and the embedded synthetic set serves"
    )


@dataclass
class AugmentConfig:
    """Random geometry and time, drawn anew for every swipe.

    Standard deviations, in keys, but for `drop` and `cut`.
    """

    enabled: bool = option(True, "distort the training swipes")
    offset: float = option(0.12, "shift of the whole swipe")
    scale: float = option(0.03, "stretch of each axis, relative to 1")
    shear: float = option(0.02, "shift of x by y and of y by x, keys per key")
    jitter: float = option(0.02, "noise of each point")
    bend: float = option(0.0, "smooth deviation of the path, drawn anew about once a letter")
    tempo: float = option(0.15, "stretch of the clock, standard deviation of its logarithm")
    pace: float = option(0.0, "the same, drawn anew about once a letter: uneven speed")
    drop: float = option(0.0, "largest share of a swipe's inner points that is left out")
    cut: float = option(0.0, "largest share of a swipe's points that is cut off its end")


@dataclass
class MmiConfig:
    """Discriminative training: the right word against those that the search takes for it."""

    weight: float = option(
        0.0,
        "weight of the MMI loss beside the transducer's own, 0 for none; with it a run keeps its "
        "last weights, whatever WER says",
    )
    candidates: int = option(8, "words that compete for a swipe, the right one among them")
    lexicon: str = option("en", "word list that rivals come from: a name or a file")
    prior_weight: float = option(0.6, "weight of the list's log prior, as in the search")


@dataclass
class OptimConfig:
    """AdamW with linear warm-up and cosine annealing."""

    lr: float = option(1e-3, "highest learning rate")
    min_lr: float = option(1e-5, "learning rate at the end")
    warmup: float = option(0.05, "share of the steps that the rate rises, below 1")
    beta1: float = option(0.9, "decay of the mean of gradients")
    beta2: float = option(0.98, "decay of the mean of squared gradients")
    weight_decay: float = option(1e-3, "decoupled weight decay")
    clip: float = option(1.0, "bound of the gradient's norm, 0 for none")


@dataclass
class TrainConfig:
    """How long, how fast and on what."""

    batch_size: int = option(256, "swipes per batch and process")
    accumulate: int = option(1, "batches per optimiser step (gradient accumulation)")
    epochs: float = option(30.0, "passes over the data; decides max_steps where that is 0")
    max_steps: int = option(0, "optimiser steps of the schedule, 0 for as many as `epochs` gives")
    max_minutes: float = option(0.0, "stop after so many minutes, 0 for never")
    seed: int = option(1, "seed of weights, order, dropout and augmentation")
    validate_every: int = option(0, "optimiser steps between validations, 0 for once an epoch")
    checkpoint_every: int = option(500, "optimiser steps between writes of last.ckpt")
    log_every: int = option(50, "optimiser steps between lines of the log")
    accelerator: str = option("auto", "auto, gpu or cpu")
    devices: int = option(1, "processes: GPUs, or CPU processes joined by gloo")
    threads: int = option(0, "CPU threads of the network, 0 for as many as torch takes")
    precision: str = option("auto", "auto, bf16-mixed, 16-mixed or 32-true")
    cuda_graph: bool = option(True, "on one GPU, replay the encoder as a CUDA graph")
    average: float = option(
        0.0, "decay of a moving average of the weights, which is then what is kept; 0 for none"
    )


@dataclass
class RunConfig:
    """What a run leaves behind."""

    dir: str = option("", "run folder; empty for a new one under runs/")
    recipe: str = option("", "name of the recipe, for the log")
    show_words: int = option(8, "validation words logged beside what was decoded, each time")
    progress: bool = option(True, "show progress bars, where a person watches")


@dataclass
class Config(Architecture):
    """Everything that a run can be told as `key=value`."""

    model: str = option(
        "auto", "full, small or tiny, and ctc, joined by '-'; auto: full on CUDA, else small"
    )
    config: str = option("", "YAML file of more such keys, which the command line overrides")
    init: str = option("", "run folder or .nemo file whose weights to start from, in a new run")
    resume: str = option("", "checkpoint to continue: its schedule, position and random state")
    data: DataConfig = field(default_factory=DataConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    mmi: MmiConfig = field(default_factory=MmiConfig)
    optim: OptimConfig = field(default_factory=OptimConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    run: RunConfig = field(default_factory=RunConfig)
