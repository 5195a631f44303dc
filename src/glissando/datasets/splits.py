"""Splits rows so that no user is in two splits, and counts users that two folders share."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path

import pyarrow.compute as pc

from glissando.datasets.records import DataError
from glissando.datasets.shards import read_batches

Fractions = Mapping[str, float]
"""Name of a split → its share of the users; the shares sum to 1."""


def parse_fractions(text: str) -> dict[str, float]:
    """Read `train=0.9,validation=0.1`.

    Raises:
        DataError: another form, a name twice, or shares that do not sum to 1.
    """
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, share = (piece.strip() for piece in part.partition("="))
        try:
            value = float(share)
        except ValueError:
            value = math.nan
        if not name.isidentifier() or name in shares or not 0 < value <= 1:
            raise DataError(
                f"split {text!r}: {part.strip()!r} is wrong; expected train=0.9,validation=0.1"
            )
        shares[name] = value
    total = math.fsum(shares.values())
    if not math.isclose(total, 1, abs_tol=1e-6):
        raise DataError(f"split {text!r}: the shares sum to {total:g}, expected 1")
    return shares


def assign(user: str, fractions: Fractions) -> str:
    """The split of a user: always the same for the same id and shares, on any machine.

    The id's hash is a point in 0…1 and the splits follow each other there, so a user who joins
    later moves nobody else.
    """
    digest = hashlib.blake2b(user.encode(), digest_size=8).digest()
    place = int.from_bytes(digest, "big") / 2**64
    reached = 0.0
    name = ""
    for name, share in fractions.items():
        reached += share
        if place < reached:
            return name
    return name  # the shares' sum may fall short of 1 by rounding


def distinct(folder: Path, column: str) -> set[str]:
    """The values of a text column of a prepared folder.

    Raises:
        DataError: no shards there, or a shard is damaged.
    """
    values: set[str] = set()
    for batch in read_batches(folder, columns=[column]):
        values.update(pc.unique(batch.column(column)).to_pylist())
    return values


def shared_users(one: Path, other: Path) -> set[str]:
    """The users that two prepared folders have in common; rows without a user count for none.

    Raises:
        DataError: as `distinct`.
    """
    return (distinct(one, "user") & distinct(other, "user")) - {""}
