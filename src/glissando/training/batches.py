"""Which swipes make up batch k, as a pure function of seed and k; and what such a batch holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from glissando.alphabet import Alphabet

Rows = NDArray[np.int64]


@dataclass
class SwipeBatch:
    """Swipes as they lie in the store, padded; features come later, on the training device.

    Attributes:
        number: Position of the batch in the run's endless sequence of batches.
        points: Float32 `(B, T, 3)`: x, y in fractions of the letter area, t in milliseconds.
        lengths: Int64 `(B,)` points of each swipe.
        labels: Int64 `(B, U)` label ids, 0 beyond each word.
        label_lengths: Int64 `(B,)` letters of each word.
        keyboards: Int64 `(B,)` index into the data module's keyboards.
        words: The words as the alphabet spells them.
        origins: file:line that each swipe was read from.
    """

    number: int
    points: Tensor
    lengths: Tensor
    labels: Tensor
    label_lengths: Tensor
    keyboards: Tensor
    words: list[str]
    origins: list[str]

    def pin_memory(self) -> SwipeBatch:
        """The same batch in page-locked memory, for fast copies to a GPU."""
        tensors = ("points", "lengths", "labels", "label_lengths", "keyboards")
        pinned = {name: getattr(self, name).pin_memory() for name in tensors}
        return SwipeBatch(self.number, words=self.words, origins=self.origins, **pinned)


class Store(Protocol):
    """Random access to prepared swipes; `glissando.datasets.GestureStore` is one."""

    def __len__(self) -> int: ...

    def fetch(self, indices: Rows) -> Any:
        """The swipes at these rows, as a `GestureBatch`."""


class SwipeBatches(torch.utils.data.Dataset[SwipeBatch]):
    """A map from (batch number, rows) to the batch; what the loader's processes run."""

    def __init__(self, store: Store, alphabet: Alphabet, layouts: Sequence[str]) -> None:
        self._store = store
        self._alphabet = alphabet
        self._layouts = {name: index for index, name in enumerate(layouts)}

    def __getitem__(self, request: tuple[int, Rows]) -> SwipeBatch:
        number, rows = request
        found = self._store.fetch(rows)
        spelt = [self._alphabet.encode(word) for word in found.words]
        label_lengths = np.array([len(ids) for ids in spelt])
        labels = np.zeros((len(spelt), label_lengths.max()), dtype=np.int64)
        for row, ids in enumerate(spelt):
            labels[row, : len(ids)] = ids
        return SwipeBatch(
            number=number,
            points=torch.from_numpy(found.points),
            lengths=torch.from_numpy(found.lengths),
            labels=torch.from_numpy(labels),
            label_lengths=torch.from_numpy(label_lengths),
            keyboards=torch.tensor([self._layouts[name] for name in found.layouts]),
            words=found.words,
            origins=found.origins,
        )


class TrainingOrder(torch.utils.data.Sampler[tuple[int, Rows]]):
    """The endless sequence of shuffled batches, bucketed by word length.

    Each epoch is a new permutation. Runs of `pool` batches are sorted by word length before
    they are cut, so that a batch's labels need little padding, and batches are shuffled again.
    Batch k depends on the seed and k alone: a resumed run asks for the batches that follow.

    Args:
        word_lengths: `(N,)` letters of each row's word.
        batch_size: Swipes per batch and process.
        seed: Seed of the order.
        pool: Batches that are sorted together.
        rank: Which of the processes this is.
        world: How many processes share each step's swipes.
    """

    def __init__(
        self,
        word_lengths: NDArray[np.int32],
        *,
        batch_size: int,
        seed: int,
        pool: int,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        if len(word_lengths) < world:
            raise ValueError(f"{len(word_lengths)} swipes cannot feed {world} processes")
        self.start = 0
        self._lengths = word_lengths
        self._size = min(batch_size * world, len(word_lengths) // world * world)
        self._seed, self._pool, self._rank, self._world = seed, pool, rank, world
        self._epoch: tuple[int, list[Rows]] = (-1, [])

    @property
    def batches_per_epoch(self) -> int:
        """Batches in one pass over the data; what does not fill a batch waits for the next."""
        return len(self._lengths) // self._size

    def __iter__(self) -> Iterator[tuple[int, Rows]]:
        number = self.start
        while True:
            yield number, self.rows(number)
            number += 1

    def rows(self, number: int) -> Rows:
        """This process's rows of batch `number`."""
        epoch, position = divmod(number, self.batches_per_epoch)
        if self._epoch[0] != epoch:
            self._epoch = (epoch, self._shuffle(epoch))
        return self._epoch[1][position][self._rank :: self._world]

    def _shuffle(self, epoch: int) -> list[Rows]:
        random = np.random.default_rng((self._seed, epoch))
        order = random.permutation(len(self._lengths))
        order = order[: self.batches_per_epoch * self._size]
        batches: list[Rows] = []
        for first in range(0, len(order), self._pool * self._size):
            pool = order[first : first + self._pool * self._size]
            pool = pool[np.argsort(self._lengths[pool], kind="stable")]
            batches.extend(np.split(pool, len(pool) // self._size))
        return [batches[index] for index in random.permutation(len(batches))]


class ValidationOrder(torch.utils.data.Sampler[tuple[int, Rows]]):
    """Every row once, similar word lengths together; each process gets its share of each batch.

    Processes meet after every batch, so each gets as many batches, none of them empty.
    """

    def __init__(
        self, word_lengths: NDArray[np.int32], *, batch_size: int, rank: int = 0, world: int = 1
    ) -> None:
        if len(word_lengths) < world:
            raise ValueError(f"{len(word_lengths)} swipes cannot feed {world} processes")
        order = np.argsort(word_lengths, kind="stable")
        count = max(1, len(order) // (batch_size * world))
        self._batches = [batch[rank::world] for batch in np.array_split(order, count)]

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[tuple[int, Rows]]:
        return iter(enumerate(self._batches))
