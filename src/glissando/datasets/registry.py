"""The corpora that can be read, and how a path finds its reader."""

from __future__ import annotations

from pathlib import Path

from glissando.datasets.futo import FutoReader
from glissando.datasets.how_we_swipe import HowWeSwipeReader
from glissando.datasets.manifest import ManifestReader
from glissando.datasets.prepared import PreparedReader
from glissando.datasets.reading import Reader
from glissando.datasets.records import DataError

READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (PreparedReader(), HowWeSwipeReader(), FutoReader(), ManifestReader())
}
"""Name → reader, in the order they are asked."""

_SUFFIXES = (".jsonl", ".jsonl.gz", ".parquet", ".zip")


def find_readers(source: Path, format_name: str | None = None) -> list[tuple[Reader, Path]]:
    """Which reader reads a source; a folder of data files gives one pair for each file.

    Args:
        source: A file or folder.
        format_name: Name of the reader to use; recognised by content if none.

    Raises:
        DataError: no such path or format, an empty or damaged file, or nothing that is known.
    """
    if format_name is not None and format_name not in READERS:
        raise DataError(f"format {format_name!r} is not known; known: {', '.join(READERS)}")
    if not source.exists():
        raise DataError(f"{source}: no such file or folder")
    candidates = [READERS[format_name]] if format_name else list(READERS.values())
    try:
        for reader in candidates:
            if reader.recognise(source):
                return [(reader, source)]
    except OSError as error:
        raise DataError(f"{source}: cannot read: {error.strerror or error}") from error
    if source.is_dir():
        files = sorted(p for p in source.rglob("*") if p.is_file() and p.name.endswith(_SUFFIXES))
        if files:
            return [pair for file in files for pair in find_readers(file, format_name)]
        raise DataError(f"{source}: no swipes in this folder; expected {_expected(candidates)}")
    if format_name:  # the user knows better
        return [(READERS[format_name], source)]
    raise DataError(f"{source}: format not recognised; expected {_expected(candidates)}")


def _expected(readers: list[Reader]) -> str:
    return "; or ".join(reader.expects for reader in readers)
