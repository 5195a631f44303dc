"""Reads a bundle's folder, hash by hash, and writes one so that it is whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from glissando.bundle.description import (
    BundleError,
    Description,
    FileFacts,
    description_from_json,
)

DESCRIPTION = "bundle.json"
# Far above any real one; a file that claims more is not read into memory.
_MOST_BYTES = 512 * 2**20
_MOST_DESCRIPTION_BYTES = 2**20


@dataclass(frozen=True, eq=False, slots=True)
class Bundle:
    """A bundle as it was read: its description and the checked bytes of every file."""

    description: Description
    files: Mapping[str, bytes]


def read_bundle(folder: Path) -> Bundle:
    """Read all files of a bundle and check them against their hashes.

    Only names that a bundle can have are ever opened, nothing is unpickled and no path is
    followed out of the folder.

    Raises:
        BundleError: no bundle, another schema, a file missing, damaged or too large.
    """
    where = folder / DESCRIPTION
    if not os.path.lexists(where):
        raise BundleError(f"{folder}: no bundle here: {DESCRIPTION} is missing")
    text = _read(where, _MOST_DESCRIPTION_BYTES)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{where}: not JSON: {error}") from error
    description = description_from_json(data, str(where))
    files = {name: _checked(folder, name, facts) for name, facts in description.files.items()}
    return Bundle(description, files)


def write_bundle(folder: Path, description: Description, files: Mapping[str, bytes]) -> Description:
    """Write a bundle beside `folder` and move it there when it is whole.

    Args:
        folder: Where it shall lie; an older bundle there is replaced.
        description: All but the sizes and hashes, which are filled in here.
        files: Contents by name.

    Returns:
        The description as written.

    Raises:
        BundleError: there is something at `folder` that is no bundle.
        OSError: the disk is full or not writable; what was there is left.
    """
    folder = folder.resolve()  # a link stays, and what it leads to is replaced
    is_bundle = (folder / DESCRIPTION).is_file()
    if folder.exists() and not is_bundle and not (folder.is_dir() and not any(folder.iterdir())):
        raise BundleError(f"{folder}: is not empty and no bundle; nothing was written")
    facts = {name: FileFacts(len(data), _sha256(data)) for name, data in files.items()}
    description = replace(description, files=facts)
    content = json.dumps(description.to_json(), indent=1, ensure_ascii=False, allow_nan=False)
    description_from_json(json.loads(content), DESCRIPTION)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.mkdir()
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        (fresh / DESCRIPTION).write_text(content + "\n", encoding="utf-8")
        _put_in_place(fresh, folder, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return description


def _put_in_place(fresh: Path, folder: Path, old: Path) -> None:
    """Move `fresh` to `folder`, and what is there to `old`; all or nothing."""
    if not folder.exists():
        fresh.rename(folder)
        return
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _checked(folder: Path, name: str, facts: FileFacts) -> bytes:
    path = folder / name
    data = _read(path, _MOST_BYTES)
    if len(data) != facts.size:
        raise BundleError(f"{path}: expected {facts.size} bytes, found {len(data)}")
    if _sha256(data) != facts.sha256:
        raise BundleError(f"{path}: damaged: its SHA-256 is not the one in {DESCRIPTION}")
    return data


def _read(path: Path, most: int) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            raise BundleError(f"{path}: the file is missing or not a plain file")
        size = path.stat().st_size
        if size > most:
            raise BundleError(f"{path}: {size} bytes, expected at most {most}")
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise BundleError(f"{path}: cannot read: {error.strerror}") from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
