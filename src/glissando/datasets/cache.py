"""Prepares a source once and finds it again by its content, for scripts that take any source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from glissando.alphabet import ENGLISH, Alphabet
from glissando.datasets.filters import FilterRules
from glissando.datasets.preparation import Preparation, prepare
from glissando.datasets.reading import Advance, idle
from glissando.datasets.records import DataError
from glissando.datasets.schema import SCHEMA_VERSION
from glissando.datasets.shards import REPORT, shard_paths
from glissando.keyboard import Keyboard

_CHUNK = 1 << 20


def prepared(
    source: Path,
    cache_root: Path,
    rules: FilterRules | None = None,
    alphabet: Alphabet = ENGLISH,
    keyboards: Iterable[Keyboard] = (),
    *,
    advance: Advance = idle,
) -> Path:
    """The folder of shards for a source: itself if it is one, else one made under `cache_root`.

    The folder's name is a hash of the source's bytes and of the preparation, so a renamed source
    is found again and a changed one is not mistaken for what it was. Processes may race: the one
    that ends first wins.

    Args:
        source: A prepared folder, a manifest, or whatever `glissando prepare` reads.
        cache_root: Folder of the prepared folders; made as needed.
        rules: The bounds of what is kept; the defaults if none.
        alphabet: What labels are spelt in.
        keyboards: Layouts known beside those that ship.
        advance: Told the bytes read while preparing.

    Raises:
        DataError: as `prepare`.
    """
    if source.is_dir() and shard_paths(source):
        return source
    preparation = Preparation(rules or FilterRules(), tuple(keyboards), alphabet)
    target = cache_root / content_key(source, preparation)
    if not (target / REPORT).is_file():
        try:
            prepare([source], target, preparation, advance=advance)
        except DataError:
            if not (target / REPORT).is_file():  # else another process was faster
                raise
    return target


def content_key(source: Path, preparation: Preparation) -> str:
    """A hash of a file's or folder's bytes and of what is done with them.

    Raises:
        DataError: the source is absent or cannot be read.
    """
    settings = {"schema": SCHEMA_VERSION, **preparation.to_json()}
    digest = hashlib.blake2b(json.dumps(settings).encode(), digest_size=12)
    try:
        for file in _files(source):
            digest.update(f"\0{file.relative_to(source)}\0{file.stat().st_size}\0".encode())
            with file.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
    except OSError as error:
        raise DataError(f"{source}: cannot read: {error.strerror or error}") from error
    return digest.hexdigest()


def _files(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    return sorted(path for path in source.rglob("*") if path.is_file())
