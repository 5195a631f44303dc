"""Prepares corpora for training: read, check, filter, split, write shards and a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from glissando.alphabet import ENGLISH, Alphabet
from glissando.datasets.filters import FilterRules, Judge
from glissando.datasets.reading import Advance, Reader, idle
from glissando.datasets.records import DataError, Rejection, Row
from glissando.datasets.registry import find_readers
from glissando.datasets.report import Report
from glissando.datasets.shards import ShardWriter, atomic_folder, write_report
from glissando.datasets.splits import Fractions, assign
from glissando.keyboard import Keyboard


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is to be done to a corpus, the same every time.

    Attributes:
        rules: The bounds of what is kept.
        keyboards: Layouts known beside those that ship.
        alphabet: What labels are spelt in.
        split: Shares of the users; everything goes into one folder if none.
        format_name: The corpus, recognised by content if none.
    """

    rules: FilterRules = field(default_factory=FilterRules)
    keyboards: tuple[Keyboard, ...] = ()
    alphabet: Alphabet = ENGLISH
    split: Fractions | None = None
    format_name: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The settings as a JSON object."""
        return asdict(self)


def prepare(
    sources: Sequence[Path],
    out: Path,
    preparation: Preparation | None = None,
    *,
    report: Report | None = None,
    overwrite: bool = False,
    advance: Advance = idle,
) -> Report:
    """Write every row of the sources that passes to Parquet shards in `out`.

    Memory does not grow with the data. `out` appears complete or not at all, with `report.json`;
    with a split it holds one such folder for each.

    Args:
        sources: Files and folders of any known format.
        out: The folder to make.
        preparation: What to do; the defaults if none.
        report: The tally to fill; pass one to read it when an error ends the work.
        overwrite: Replace a prepared folder that is at `out`.
        advance: Told the bytes read, as `source_bytes` counts them.

    Raises:
        DataError: a source cannot be read to its end, `out` cannot be written, or nothing was
            kept.
    """
    preparation = preparation or Preparation()
    report = Report() if report is None else report
    judge = Judge(preparation.rules, preparation.keyboards, preparation.alphabet)
    inputs = [pair for s in sources for pair in find_readers(s, preparation.format_name)]
    facts = {"sources": [str(path) for _, path in inputs], "preparation": preparation.to_json()}
    with atomic_folder(out, overwrite=overwrite) as staging:
        with ExitStack() as stack:
            writers = _open_writers(staging, preparation.split, stack)
            _write(_rows(inputs, advance), judge, preparation.split, writers, report)
            if not report.kept:
                raise DataError(f"{', '.join(map(str, sources))}: {_why_nothing(report)}")
            for writer in writers.values():
                writer.describe(**facts, **report.to_json())
        if preparation.split:
            write_report(staging, {**facts, **report.to_json()})
    return report


def source_bytes(sources: Iterable[Path]) -> int:
    """The size on disk of files and folders, the total of what `advance` is told."""
    return sum(
        file.stat().st_size
        for source in sources
        for file in (source.rglob("*") if source.is_dir() else [source])
        if file.is_file()
    )


def _open_writers(
    folder: Path, split: Fractions | None, stack: ExitStack
) -> dict[str, ShardWriter]:
    if not split:
        return {"": stack.enter_context(ShardWriter(folder))}
    for name in split:
        (folder / name).mkdir()
    return {name: stack.enter_context(ShardWriter(folder / name)) for name in split}


def _write(
    rows: Iterable[Row],
    judge: Judge,
    split: Fractions | None,
    writers: Mapping[str, ShardWriter],
    report: Report,
) -> None:
    report.splits.update(dict.fromkeys(split or (), 0))
    for row in rows:
        if isinstance(row, Rejection):
            report.reject(row)
            continue
        label = judge.label(row)
        if isinstance(label, Rejection):
            report.reject(label)
            continue
        user = row.gesture.user
        name = assign(user or row.origin, split) if split else ""
        report.keep(user, name)
        writers[name].add(row.gesture, label, row.origin)


def _rows(inputs: Iterable[tuple[Reader, Path]], advance: Advance) -> Iterator[Row]:
    for reader, path in inputs:
        yield from reader.read(path, advance)


def _why_nothing(report: Report) -> str:
    if not report.set_aside:
        return "no rows"
    worst = max(report.set_aside.values(), key=lambda entry: entry.count)
    return (
        f"no row could be kept of {report.rows_in:,}; {worst.count:,} for {worst.first.reason}, "
        f"first at {worst.first.origin}: {worst.first.message}"
    )
