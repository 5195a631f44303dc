"""Reads the swipes to evaluate on: every row with its flags, nothing filtered in silence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from glissando.datasets import DataError, Located, Rejection, Report
from glissando.datasets.reading import Advance, idle
from glissando.datasets.records import Row
from glissando.datasets.registry import find_readers
from glissando.datasets.shards import shard_paths
from glissando.evaluation.matching import match_key
from glissando.keyboard import Keyboard, keyboard_names, load_keyboard
from glissando.traces import Gesture


class Rows(StrEnum):
    """Which swipes of a source are decoded."""

    HEADLINE = "headline"
    CLEAN = "clean"
    ALL = "all"

    def refuses(self, gesture: Gesture) -> tuple[str, str] | None:
        """Reason and message if a swipe is not among them."""
        if gesture.is_err and self is not Rows.ALL:
            return "flagged", "the recorder flagged the swipe as wrong"
        if not gesture.clean and self is Rows.CLEAN:
            return "not_clean", "did not pass the corpus's strict check"
        return None

    @property
    def meaning(self) -> str:
        """What they are, for a protocol."""
        return {
            Rows.HEADLINE: "every swipe that its recorder did not flag as wrong (is_err)",
            Rows.CLEAN: "swipes that passed the corpus's strict check (clean)",
            Rows.ALL: "every swipe, also those that their recorder flagged as wrong (is_err)",
        }[self]


@dataclass(frozen=True, slots=True)
class Swipes:
    """What was read.

    Attributes:
        rows: The swipes to decode, in the sources' order.
        keyboards: Layout → keyboard, for every layout of the rows.
        report: Rows kept, and rows set aside by reason.
        files: Name and SHA-256 of every data file.
    """

    rows: list[Located]
    keyboards: dict[str, Keyboard]
    report: Report
    files: tuple[tuple[str, str], ...]


def read_swipes(
    sources: Sequence[Path],
    *,
    rows: Rows = Rows.HEADLINE,
    limit: int | None = None,
    keyboards: Iterable[Keyboard] = (),
    format_name: str | None = None,
    advance: Advance = idle,
) -> Swipes:
    """Read prepared folders, manifests and raw corpora.

    A row that is not chosen, is no swipe, has no word, or was drawn on an unknown layout is set
    aside and counted in the report, never dropped in silence.

    Args:
        sources: Files and folders of any known format.
        rows: Which swipes to take.
        limit: Take so many at most: those whose ids hash lowest, so the same ones every time.
        keyboards: Layouts known beside those that ship; they win where names clash.
        format_name: The corpus, recognised by content if none.
        advance: Told the bytes read.

    Raises:
        DataError: a source cannot be read, or no row is left; names the file and the first row
            that was set aside.
    """
    known = {name: load_keyboard(name) for name in keyboard_names()}
    known.update((keyboard.name, keyboard) for keyboard in keyboards)
    report = Report()
    taken: list[Located] = []
    inputs = [pair for source in sources for pair in find_readers(source, format_name)]
    for reader, path in inputs:
        for row in reader.read(path, advance):
            verdict = row if isinstance(row, Rejection) else _judge(row, rows, known)
            if isinstance(verdict, Rejection):
                report.reject(verdict)
            else:
                report.keep(verdict.gesture.user)
                taken.append(verdict)
    if not taken:
        raise DataError(f"{', '.join(map(str, sources))}: {_why_nothing(report)}")
    if limit is not None and limit < len(taken):
        order = sorted(range(len(taken)), key=lambda at: swipe_id(taken[at].gesture))
        taken = [taken[at] for at in sorted(order[:limit])]
    layouts = {row.gesture.layout for row in taken}
    files = tuple(named for _, path in inputs for named in _digests(path))
    return Swipes(taken, {name: known[name] for name in sorted(layouts)}, report, files)


def swipe_id(gesture: Gesture) -> str:
    """A hash of what was drawn, by whom and for which word; the same wherever it is stored."""
    digest = hashlib.blake2b(f"{gesture.user}\0{gesture.word}\0".encode(), digest_size=8)
    digest.update(gesture.trace.points().tobytes())
    return digest.hexdigest()


def _judge(row: Located, rows: Rows, known: Mapping[str, Keyboard]) -> Row:
    gesture = row.gesture
    if refusal := rows.refuses(gesture):
        return Rejection(*refusal, row.origin)
    if not match_key(gesture.word):
        return Rejection("empty_word", f"word {gesture.word!r} has no letters", row.origin)
    if gesture.layout not in known:
        message = f"layout {gesture.layout!r} is not known; known: {', '.join(sorted(known))}"
        return Rejection("unknown_keyboard", message, row.origin)
    return row


def _why_nothing(report: Report) -> str:
    if not report.set_aside:
        return "no swipes to evaluate on"
    worst = max(report.set_aside.values(), key=lambda entry: entry.count)
    return (
        f"none of {report.rows_in:,} rows to evaluate on; {worst.count:,} for "
        f"{worst.first.reason}, first at {worst.first.origin}: {worst.first.message}"
    )


def _digests(source: Path) -> Iterator[tuple[str, str]]:
    found = shard_paths(source) or sorted(p for p in source.rglob("*") if p.is_file())
    for path in found if source.is_dir() else [source]:
        name = str(path.relative_to(source.parent))
        with path.open("rb") as file:
            yield name, hashlib.file_digest(file, "sha256").hexdigest()
