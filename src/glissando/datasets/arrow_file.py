"""Shards turned into one memory-mappable Arrow file, the form that random access reads."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from glissando.datasets.records import DataError
from glissando.datasets.schema import POINT_COLUMNS
from glissando.datasets.shards import cause, existing_shards, read_batches

ROWS_PER_BATCH = 4096
"""Rows of every batch but the last, so that a row's batch follows from its number."""

TEXTS = ("label", "layout", "origin")
_VERSION = 1
_POINT = pa.list_(pa.field("xyt", pa.float32(), nullable=False), 3)
_SCHEMA = pa.schema(
    [
        pa.field("points", pa.list_(pa.field("point", _POINT, nullable=False)), nullable=False),
        *(pa.field(name, pa.string(), nullable=False) for name in TEXTS),
    ]
)


def arrow_file(folder: Path) -> Path:
    """The Arrow file of a prepared folder, made on the first call beside the shards.

    Its name holds a fingerprint of the shards, so a folder that was prepared again gets a new
    one. Where the folder cannot be written to, the file goes to the user's cache.

    Raises:
        DataError: no shards there, one is damaged, or there is no space for the file.
    """
    name = f".random-access-{_fingerprint(folder)}.arrow"
    places = [folder, _user_cache()]
    for place in places:
        if (place / name).is_file():
            return place / name
    place = next(place for place in places if os.access(place, os.W_OK) or place is places[-1])
    try:
        place.mkdir(parents=True, exist_ok=True)
        _convert(folder, place / name)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{place / name}: cannot write: {cause(error)}") from error
    if place == folder:
        _remove_older(folder, name)
    return place / name


def _fingerprint(folder: Path) -> str:
    stats = [
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for path in existing_shards(folder)
    ]
    return hashlib.blake2b(repr((_VERSION, stats)).encode(), digest_size=8).hexdigest()


def _user_cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "glissando"


def _convert(folder: Path, target: Path) -> None:
    """Write the file under another name and rename it: processes may race, the last one wins."""
    staging = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        with pa.OSFile(str(staging), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
            for batch in _even_batches(_columns(folder)):
                writer.write_batch(batch)
        staging.replace(target)
    finally:
        staging.unlink(missing_ok=True)


def _columns(folder: Path) -> Iterator[Any]:
    for batch in read_batches(folder, columns=[*POINT_COLUMNS, *TEXTS]):
        lists = [batch.column(name) for name in POINT_COLUMNS]
        offsets = lists[0].offsets
        if not all(column.offsets.equals(offsets) for column in lists):
            raise DataError(f"{folder}: a row has x, y and t of different lengths")
        flat = np.stack([column.values.to_numpy() for column in lists], axis=1).ravel()
        points = pa.FixedSizeListArray.from_arrays(pa.array(flat), type=_POINT)
        yield pa.RecordBatch.from_arrays(
            [
                pa.ListArray.from_arrays(offsets, points, type=_SCHEMA.field("points").type),
                *(batch.column(name) for name in TEXTS),
            ],
            schema=_SCHEMA,
        )


def _even_batches(batches: Iterator[Any]) -> Iterator[Any]:
    """The same rows in batches of `ROWS_PER_BATCH`, the last one shorter."""
    waiting: list[Any] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count < ROWS_PER_BATCH:
            continue
        table = pa.Table.from_batches(waiting)
        whole = count - count % ROWS_PER_BATCH
        for start in range(0, whole, ROWS_PER_BATCH):
            yield _one_batch(table.slice(start, ROWS_PER_BATCH))
        rest = table.slice(whole)
        waiting, count = rest.to_batches(), rest.num_rows
    if count:
        yield _one_batch(pa.Table.from_batches(waiting))


def _one_batch(table: Any) -> Any:
    return table.combine_chunks().to_batches()[0]


def _remove_older(folder: Path, keep: str) -> None:
    for path in folder.glob(".random-access-*.arrow"):
        if path.name != keep:
            path.unlink(missing_ok=True)
