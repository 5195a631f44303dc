"""Recorded swipes: readers of each corpus, filters, splits, Parquet shards, and random access."""

from glissando.datasets.cache import prepared
from glissando.datasets.filters import FilterRules
from glissando.datasets.preparation import Preparation, prepare
from glissando.datasets.records import DataError, Located, Rejection
from glissando.datasets.report import Report
from glissando.datasets.shards import ShardWriter, read_rows, write_shards
from glissando.datasets.splits import shared_users
from glissando.datasets.store import GestureBatch, GestureStore

__all__ = [
    "DataError",
    "FilterRules",
    "GestureBatch",
    "GestureStore",
    "Located",
    "Preparation",
    "Rejection",
    "Report",
    "ShardWriter",
    "prepare",
    "prepared",
    "read_rows",
    "shared_users",
    "write_shards",
]
