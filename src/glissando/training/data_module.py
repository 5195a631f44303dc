"""Feeds NeMo: loads batches of swipes, distorts them and computes features on the device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lightning.pytorch as lightning
import numpy as np
import torch
from nemo.collections.asr.data.audio_to_text_dali import DALIOutputs
from torch import Tensor
from torch.utils.data import DataLoader

from glissando.alphabet import Alphabet
from glissando.features import FeatureSpec
from glissando.keyboard import Keyboard
from glissando.model.frontend import SwipeFeatures
from glissando.training.augment import augment
from glissando.training.batches import (
    Store,
    SwipeBatch,
    SwipeBatches,
    TrainingOrder,
    ValidationOrder,
)
from glissando.training.config import Config


class FeatureBatch(DALIOutputs):
    """NeMo's container of processed features, which its models take without a preprocessor.

    Attributes:
        swipes: The batch that the features were made of, for logs and failure reports.
    """

    def __init__(self, features: Tensor, swipes: SwipeBatch) -> None:
        count, _, frames = features.shape
        super().__init__(
            {
                "processed_signal": features,
                "processed_signal_len": torch.full((count,), frames, device=features.device),
                "transcript": swipes.labels,
                "transcript_len": swipes.label_lengths,
            }
        )
        self.swipes = swipes

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._outs)

    @property
    def size(self) -> int:
        """Swipes in the batch, B."""
        return len(self.swipes.words)


class SwipeDataModule(lightning.LightningDataModule):
    """Lightning's data module over two prepared stores.

    Its state is how many batches training has taken, so that a resumed run continues with the
    next one; order and augmentation are functions of the seed and that number.
    """

    def __init__(
        self,
        config: Config,
        *,
        train: Any,
        validation: Any,
        keyboards: dict[str, Keyboard],
        alphabet: Alphabet,
        spec: FeatureSpec,
        workers: int,
    ) -> None:
        """Keep the stores; nothing is read yet.

        Args:
            config: The resolved configuration.
            train: `GestureStore` to train on.
            validation: `GestureStore` to validate on.
            keyboards: Layout name → keyboard, for every layout in the stores.
            alphabet: Letters of the labels.
            spec: Features to compute.
            workers: Loader processes.
        """
        super().__init__()
        self._config, self._alphabet, self._workers = config, alphabet, workers
        self._train, self._validation = train, validation
        self._layouts = sorted(keyboards)
        self._frontend = SwipeFeatures(spec)
        boards = [keyboards[name] for name in self._layouts]
        self._centres = torch.from_numpy(
            np.stack([board.centre_array(spec.letters) for board in boards])
        )
        self._key_sizes = torch.from_numpy(np.stack([board.key_size for board in boards]))
        self._start = 0

    def state_dict(self) -> dict[str, Any]:
        """How many batches training has taken, for the checkpoint."""
        assert self.trainer is not None
        return {"batches": self.trainer.fit_loop.epoch_loop.batch_progress.total.ready}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue behind the batches that the checkpoint had seen."""
        self._start = state_dict["batches"]

    def train_dataloader(self) -> DataLoader[SwipeBatch]:
        """Endless shuffled batches from where the run stands."""
        order = self.training_order()
        order.start = self._start
        return self._loader(self._train, order)

    def val_dataloader(self) -> DataLoader[SwipeBatch]:
        """Every validation swipe once."""
        rank, world = self._rank()
        order = ValidationOrder(
            self._validation.word_lengths,
            batch_size=self._config.train.batch_size,
            rank=rank,
            world=world,
        )
        return self._loader(self._validation, order)

    def training_order(self) -> TrainingOrder:
        """The order of this process, from batch 0."""
        rank, world = self._rank()
        return TrainingOrder(
            self._train.word_lengths,
            batch_size=self._config.train.batch_size,
            seed=self._config.train.seed,
            pool=self._config.data.pool,
            rank=rank,
            world=world,
        )

    def on_after_batch_transfer(self, batch: SwipeBatch, dataloader_idx: int) -> FeatureBatch:
        """Distort (in training only) and featurise, on the device that trains."""
        return self.featurise(batch, training=bool(self.trainer and self.trainer.training))

    def featurise(self, batch: SwipeBatch, *, training: bool) -> FeatureBatch:
        """Features of a batch; in training of its distorted swipes."""
        points, lengths = batch.points, batch.lengths
        if self._centres.device != points.device:
            self._centres = self._centres.to(points.device)
            self._key_sizes = self._key_sizes.to(points.device)
        centres, key_sizes = self._centres[batch.keyboards], self._key_sizes[batch.keyboards]
        with torch.no_grad():
            if training:
                rank, world = self._rank()
                seed = (self._config.train.seed * 1_000_003 + batch.number) * world + rank
                generator = torch.Generator(points.device).manual_seed(seed)
                points, lengths = augment(
                    points, lengths, key_sizes, self._config.augment, generator
                )
            return FeatureBatch(self._frontend(points, lengths, centres, key_sizes), batch)

    def _loader(self, store: Store, order: Any) -> DataLoader[SwipeBatch]:
        return DataLoader(
            SwipeBatches(store, self._alphabet, self._layouts),
            sampler=order,
            batch_size=None,
            num_workers=self._workers,
            persistent_workers=self._workers > 0,
            prefetch_factor=self._config.data.prefetch if self._workers else None,
            pin_memory=torch.cuda.is_available(),
        )

    def _rank(self) -> tuple[int, int]:
        if self.trainer is None:
            return 0, 1
        return self.trainer.global_rank, self.trainer.world_size
