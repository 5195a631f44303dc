"""Reads what `glissando prepare` and `synthesize` write, to filter, split or mix it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from glissando.datasets.reading import Advance, idle
from glissando.datasets.records import Row
from glissando.datasets.schema import SCHEMA, conform, rows
from glissando.datasets.shards import read_shard, shard_paths


class PreparedReader:
    """A folder of Parquet shards or one of them; rows keep the origin they were first read from."""

    name = "prepared"
    expects = "what glissando prepare wrote"

    def recognise(self, path: Path) -> bool:
        """Whether these are shards."""
        if path.is_dir():
            return bool(shard_paths(path))
        try:
            return set(pq.read_schema(path).names) >= set(SCHEMA.names)
        except pa.ArrowInvalid:
            return False

    def read(self, path: Path, advance: Advance = idle) -> Iterator[Row]:
        """Every row in order."""
        for shard in shard_paths(path) if path.is_dir() else [path]:
            for batch in read_shard(shard, advance=advance):
                for located, _label in rows(conform(batch)):
                    yield located
