"""A prepared folder: Parquet shards and a report, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from glissando.datasets.reading import Advance, idle
from glissando.datasets.records import DataError, Located
from glissando.datasets.schema import SCHEMA, SCHEMA_VERSION, RowBuffer, conform, rows
from glissando.traces import Gesture

REPORT = "report.json"
ROWS_PER_GROUP = 8192
GROUPS_PER_SHARD = 16
ROWS_PER_BATCH = 1024


class ShardWriter:
    """Appends rows to the Parquet shards of an existing folder, as a context manager.

    `write_shards` adds the promise that the folder appears complete or not at all.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rows_per_group: int = ROWS_PER_GROUP,
        groups_per_shard: int = GROUPS_PER_SHARD,
    ) -> None:
        self.folder = folder
        self.rows = 0
        self.shards = 0
        self._rows_per_group = rows_per_group
        self._groups_per_shard = groups_per_shard
        self._buffer = RowBuffer()
        self._file: Any = None
        self._groups = 0
        self._facts: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:  # the error that ended the block is the one to show
            with suppress(OSError, pa.ArrowException):
                self._release()

    def add(self, gesture: Gesture, label: str, origin: str) -> None:
        """Append one row; `label` is the word in the alphabet's spelling."""
        self._buffer.add(gesture, label, origin)
        if len(self._buffer) >= self._rows_per_group:
            self._write(self._buffer.drain())

    def write_batch(self, batch: Any) -> None:
        """Append a `pyarrow.RecordBatch` with the columns of `SCHEMA`, of any length.

        Much faster than `add` for rows that are made in bulk.
        """
        if len(self._buffer):
            self._write(self._buffer.drain())
        self._write(conform(batch))

    def describe(self, **facts: Any) -> None:
        """Facts (JSON values) to stand in the folder's report beside rows and shards."""
        self._facts.update(facts)

    def close(self) -> None:
        """Write what is left and the report."""
        if len(self._buffer):
            self._write(self._buffer.drain())
        if not self.shards:  # an empty folder must still say what its columns are
            self._open_shard()
        self._release()
        report = {"schema_version": SCHEMA_VERSION, "rows": self.rows, **self._facts}
        write_report(self.folder, report)

    def _release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _write(self, batch: Any) -> None:
        for start in range(0, batch.num_rows, self._rows_per_group):
            group = batch.slice(start, self._rows_per_group)
            if self._file is None or self._groups >= self._groups_per_shard:
                self._open_shard()
            self._file.write_batch(group, row_group_size=group.num_rows)
            self._groups += 1
            self.rows += group.num_rows

    def _open_shard(self) -> None:
        self._release()
        path = self.folder / f"shard-{self.shards:05d}.parquet"
        self._file = pq.ParquetWriter(path, SCHEMA, compression="zstd", write_statistics=False)
        self.shards += 1
        self._groups = 0


@contextmanager
def write_shards(folder: Path, *, overwrite: bool = False) -> Iterator[ShardWriter]:
    """A writer for a new prepared folder that appears only when the block ends without error.

    Raises:
        DataError: the folder exists already, or it cannot be written (no space, no permission).
    """
    with atomic_folder(folder, overwrite=overwrite) as staging, ShardWriter(staging) as writer:
        yield writer


@contextmanager
def atomic_folder(folder: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A hidden folder to fill, renamed to `folder` when the block ends and removed if it fails.

    Args:
        folder: The folder to make; may exist if empty.
        overwrite: Replace a prepared folder that is there already (never another folder).

    Raises:
        DataError: `folder` is taken, or writing failed.
    """
    folder = folder.absolute()
    check_free(folder, overwrite=overwrite)
    staging = folder.with_name(f".{folder.name}.partial-{uuid.uuid4().hex[:8]}")
    try:
        staging.mkdir(parents=True)
        yield staging
        if overwrite and folder.exists():
            shutil.rmtree(folder)
        staging.rename(folder)
    except (OSError, pa.ArrowInvalid) as error:
        raise DataError(f"{folder}: cannot write: {cause(error)}; nothing was kept") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_free(folder: Path, *, overwrite: bool = False) -> None:
    """Refuse a folder whose contents would be lost or mixed.

    Raises:
        DataError: `folder` is a file, or holds something.
    """
    if folder.is_dir():
        if any(folder.iterdir()) and not (overwrite and (folder / REPORT).is_file()):
            hint = "give --overwrite" if (folder / REPORT).is_file() else "choose another folder"
            raise DataError(f"{folder}: exists and is not empty; {hint}")
    elif folder.exists():
        raise DataError(f"{folder}: is a file, expected a folder to write to")


def shard_paths(folder: Path) -> list[Path]:
    """The shards of a prepared folder in order; empty if it is none."""
    return sorted(folder.glob("shard-*.parquet"))


def existing_shards(folder: Path) -> list[Path]:
    """The shards of a prepared folder in order.

    Raises:
        DataError: there are none.
    """
    paths = shard_paths(folder)
    if not paths:
        raise DataError(f"{folder}: no shards; make them with `glissando prepare`")
    return paths


def read_batches(folder: Path, columns: list[str] | None = None) -> Iterator[Any]:
    """Record batches of a prepared folder, some rows in memory at a time.

    Args:
        folder: A prepared folder.
        columns: The columns to read, all if none.

    Raises:
        DataError: no shards there, or a shard is damaged.
    """
    for path in existing_shards(folder):
        yield from read_shard(path, columns)


def read_shard(
    path: Path, columns: list[str] | None = None, advance: Advance = idle
) -> Iterator[Any]:
    """Record batches of one shard, as `read_batches`."""
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            missing = set(SCHEMA.names) - set(file.schema_arrow.names)
            if missing:
                raise DataError(f"{path}: columns missing: {', '.join(sorted(missing))}")
            bytes_a_row = path.stat().st_size / max(file.metadata.num_rows, 1)
            for batch in file.iter_batches(batch_size=ROWS_PER_BATCH, columns=columns):
                yield batch
                advance(round(bytes_a_row * batch.num_rows))
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path}: not a readable shard: {error}") from error


def read_rows(folder: Path) -> Iterator[tuple[Located, str]]:
    """Every row of a prepared folder in order: the gesture with its origin, and its label.

    Raises:
        DataError: as `read_batches`.
    """
    for batch in read_batches(folder):
        yield from rows(conform(batch))


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """Write a folder's `report.json`."""
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (folder / REPORT).write_text(text + "\n", encoding="utf-8")


def read_report(folder: Path) -> dict[str, Any]:
    """A prepared folder's `report.json`; empty if there is none.

    Raises:
        DataError: the file is damaged.
    """
    path = folder / REPORT
    if not path.is_file():
        return {}
    try:
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path}: not JSON: {error}") from error
    return report


def cause(error: Exception) -> str:
    """Why reading or writing failed, in the system's words where it has some."""
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error)
