"""Random access to a prepared folder for training, memory-mapped so that memory stays flat."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from glissando.datasets.arrow_file import ROWS_PER_BATCH, TEXTS, arrow_file
from glissando.datasets.records import DataError
from glissando.datasets.splits import distinct

ROWS_BETWEEN_RELEASES = 64
"""A row lies in eight places of the file, and reading a place maps what lies around it: measured,
1.1 MiB a row (Linux 6.18), so 70 MiB between releases."""


@dataclass(frozen=True, slots=True)
class GestureBatch:
    """Some gestures, padded to the longest of them.

    Attributes:
        points: Float32 `(B, T, 3)`, x, y, t as in `Trace`, zeros after each row's end.
        lengths: Int64 `(B,)`, points of each row.
        words: Labels: the words in the alphabet's spelling.
        layouts: Names of the keyboards' layouts.
        origins: `file:line` that each row was first read from.
    """

    points: NDArray[np.float32]
    lengths: NDArray[np.int64]
    words: list[str]
    layouts: list[str]
    origins: list[str]


@dataclass(frozen=True, slots=True)
class _Lists:
    """Where the mapped file keeps a column of lists, batch by batch.

    Attributes:
        offsets: `(batches,)` first row's offset, counted in int32 from the file's start.
        values: `(batches,)` first value, counted in its own size from the file's start.
    """

    offsets: NDArray[np.int64]
    values: NDArray[np.int64]


class GestureStore:
    """The rows of a prepared folder by number.

    Opening is cheap, and a store that is pickled opens itself again, so loader workers may get
    one whether they are forked or spawned. All of a file is one address range, and the place of
    row i is arithmetic on what the file's batches say of themselves: no Arrow object is made for a
    fetch.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open a prepared folder.

        Raises:
            DataError: no shards there, a damaged one, or no space for the Arrow file.
        """
        self.folder = Path(folder)
        path = arrow_file(self.folder)
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            buffer = pa.py_buffer(self._map)
            reader = pa.ipc.open_file(buffer)
            self._batches = [reader.get_batch(i) for i in range(reader.num_record_batches)]
        except (OSError, ValueError) as error:  # pyarrow's errors are among them
            raise DataError(f"{path}: damaged ({error}); delete it to make it anew") from error
        self._start = buffer.address
        self._rows: int = sum(batch.num_rows for batch in self._batches)
        self._int32 = np.frombuffer(self._map, np.int32, count=len(self._map) // 4)
        self._float32 = self._int32.view(np.float32)
        self._points = self._locate("points", lambda column: column.values.values, 4)
        self._texts = {name: self._locate(name, None, 1) for name in TEXTS}

    def __len__(self) -> int:
        return self._rows

    def __reduce__(self) -> tuple[type[GestureStore], tuple[Path]]:
        return GestureStore, (self.folder,)

    @cached_property
    def word_lengths(self) -> NDArray[np.int32]:
        """`(N,)` letters of each row's label, to sort rows into buckets by."""
        parts = [pc.utf8_length(batch.column("label")).to_numpy() for batch in self._batches]
        self._release()
        return np.concatenate([np.empty(0, np.int32), *parts])

    def users(self) -> set[str]:
        """The users in the folder, without the empty one."""
        return distinct(self.folder, "user") - {""}

    def layouts(self) -> set[str]:
        """The layouts in the folder."""
        return distinct(self.folder, "layout")

    def fetch(self, indices: ArrayLike) -> GestureBatch:
        """The rows of these numbers, in this order.

        Args:
            indices: `(B,)` row numbers from 0; repeats are fine.

        Raises:
            IndexError: a number is negative or too large.
        """
        numbers = np.asarray(indices, dtype=np.int64)
        if numbers.size and not (numbers.min() >= 0 and numbers.max() < self._rows):
            raise IndexError(f"row numbers must lie in 0…{self._rows - 1}")
        batch, row = np.divmod(numbers, ROWS_PER_BATCH)
        count = len(numbers)
        first, lengths = np.empty(count, np.int64), np.empty(count, np.int64)
        for part in self._parts(count):
            first[part], lengths[part] = self._spans(self._points, batch[part], row[part])
        points = np.zeros((count, int(lengths.max(initial=0)), 3), dtype=np.float32)
        begins = self._points.values[batch] + 3 * first
        flat = points.reshape(count, points.shape[1] * 3)
        texts: dict[str, list[str]] = {name: [] for name in TEXTS}
        for part in self._parts(count):
            sizes = (3 * lengths[part]).tolist()
            for line, start, size in zip(flat[part], begins[part].tolist(), sizes, strict=True):
                line[:size] = self._float32[start : start + size]
            for name, found in texts.items():
                found += self._read(self._texts[name], batch[part], row[part])
        words, layouts, origins = (texts[name] for name in TEXTS)
        return GestureBatch(points, lengths, words, layouts, origins)

    def _parts(self, count: int) -> Iterator[slice]:
        """Slices that cover `count` rows; the pages that each maps are given back behind it."""
        for first in range(0, count, ROWS_BETWEEN_RELEASES):
            yield slice(first, first + ROWS_BETWEEN_RELEASES)
            self._release()

    def _spans(
        self, lists: _Lists, batch: NDArray[np.int64], row: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        at = lists.offsets[batch] + row
        first = self._int32[at].astype(np.int64)
        return first, self._int32[at + 1] - first

    def _read(self, lists: _Lists, batch: NDArray[np.int64], row: NDArray[np.int64]) -> list[str]:
        first, sizes = self._spans(lists, batch, row)
        begins = lists.values[batch] + first
        spans = zip(begins.tolist(), (begins + sizes).tolist(), strict=True)
        return [self._map[begin:end].decode() for begin, end in spans]

    def _locate(self, name: str, values: Any, size: int) -> _Lists:
        offsets_at, values_at = [], []
        for batch in self._batches:
            column = batch.column(name)
            buffers = column.buffers()
            offsets = buffers[1]
            data = values(column).buffers()[1] if values else buffers[2]
            offsets_at.append((offsets.address - self._start) // 4)
            # Arrow leaves out the buffer of a batch whose lists are all empty.
            values_at.append((data.address - self._start) // size if data else 0)
        return _Lists(np.array(offsets_at, dtype=np.int64), np.array(values_at, dtype=np.int64))

    def _release(self) -> None:
        """Give the mapped pages back; they stay in the system's cache and are no loss."""
        if hasattr(mmap, "MADV_DONTNEED"):  # no such thing on Windows
            self._map.madvise(mmap.MADV_DONTNEED)
