"""Reads the raw logs of How We Swipe (Leiva et al., MobileHCI 2021), as published.

A log holds one touch event a line. The `.json` beside it tells about the volunteer and is not
needed. A word that was swiped again after a miss gives one gesture for each try.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np

from glissando.datasets.reading import Advance, idle, read_lines
from glissando.datasets.records import DataError, Located, Rejection, Row
from glissando.keyboard import Keyboard, load_keyboard
from glissando.traces import Gesture, Trace, TraceError

_HEADER = b"sentence timestamp "
_FIELDS = 12
_EVENTS = ("touchstart", "touchmove", "touchend")
_ROWS_SHOWN = 3.7  # keyb_height spans three letter rows and a strip of 0.7 row below them


class HowWeSwipeReader:
    """A folder or zip of `.log` files, or one of them; the user is the log's name, hashed."""

    name = "how-we-swipe"
    expects = "a folder or .zip of How We Swipe's raw .log files"

    def recognise(self, path: Path) -> bool:
        """Whether there is a log that begins with the columns' names."""
        if path.is_dir():
            return any(_has_header(log) for log in _logs(path))
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return bool(_members(archive))
        return path.suffix == ".log" and _has_header(path)

    def read(self, path: Path, advance: Advance = idle) -> Iterator[Row]:
        """Every swipe of every log; events that make no swipe come as rejections."""
        if path.is_file() and zipfile.is_zipfile(path):
            yield from _read_zip(path, advance)
            return
        for log in _logs(path) if path.is_dir() else [path]:
            empty = log.stat().st_size == 0
            yield from _read_log(str(log), () if empty else read_lines(log, advance))


def _logs(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*.log") if p.is_file() and p.name[0] != ".")


def _has_header(log: Path) -> bool:
    with log.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    logs = (m for m in archive.infolist() if m.filename.endswith(".log"))
    named = (m for m in logs if PurePath(m.filename).name[0] != ".")
    return sorted(named, key=lambda member: member.filename)


def _read_zip(path: Path, advance: Advance) -> Iterator[Row]:
    log = ""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in _members(archive):
                log = f"/{member.filename}"
                with archive.open(member) as file:
                    yield from _read_log(f"{path}{log}", enumerate(file, start=1))
                advance(member.compress_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise DataError(f"{path}{log}: damaged .zip: {error}") from error


def _read_log(name: str, lines: Iterable[tuple[int, bytes]]) -> Iterator[Row]:
    log = _Log(name)
    empty = True
    for number, line in lines:
        if number > 1 or not line.startswith(_HEADER):
            empty = False
            yield from log.feed(number, line)
    yield from log.end()
    if empty:
        yield Rejection("empty_log", "the log has no events", f"{name}:1")


@dataclass(frozen=True, slots=True)
class _Event:
    kind: str
    sentence: str
    word: str
    width: float
    height: float
    flagged: bool
    point: tuple[float, float, float]  # pixels, pixels, epoch milliseconds


@dataclass(slots=True)
class _Stray:
    """Consecutive lines that belong to no swipe, for one reason."""

    reason: str
    message: str
    line: int
    word: str
    count: int = 1


class _Log:
    """Follows the events of one log: the swipe under way, and lines that belong to none."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._user = hashlib.sha256(PurePath(name).stem.encode()).hexdigest()[:10]
        self._swipe: list[_Event] = []
        self._first = 0  # line of the swipe's touchstart
        self._stray: _Stray | None = None

    def feed(self, number: int, line: bytes) -> Iterator[Row]:
        event = _parse(line)
        if isinstance(event, Rejection):
            yield from self._set_aside(number, event.reason, event.message)
        elif event.kind == "touchstart":
            yield from self.end()
            self._swipe, self._first = [event], number
        elif not self._swipe or self._swipe[0].word != event.word:
            # The page emptied its queue when an upload was acknowledged, in mid-swipe too.
            message = f"events of {event.word!r} without a touchstart"
            yield from self._unfinished()
            yield from self._set_aside(number, "no_touchstart", message, event.word)
            if event.kind == "touchend":
                yield from self._stray_ends()
        else:
            self._swipe.append(event)
            if event.kind == "touchend":
                yield from self._stray_ends()
                yield self._gesture()
                self._swipe = []

    def end(self) -> Iterator[Row]:
        yield from self._stray_ends()
        yield from self._unfinished()

    def _set_aside(self, line: int, reason: str, message: str, word: str = "") -> Iterator[Row]:
        if self._stray and (self._stray.reason, self._stray.word) == (reason, word):
            self._stray.count += 1
            return
        yield from self._stray_ends()
        self._stray = _Stray(reason, message, line, word)

    def _stray_ends(self) -> Iterator[Row]:
        stray, self._stray = self._stray, None
        if stray:
            message = f"{stray.message} (lines in a row: {stray.count})"
            yield Rejection(stray.reason, message, f"{self._name}:{stray.line}")

    def _unfinished(self) -> Iterator[Row]:
        if self._swipe:
            message = f"swipe of {self._swipe[0].word!r} without a touchend"
            yield Rejection("no_touchend", message, f"{self._name}:{self._first}")
            self._swipe = []

    def _gesture(self) -> Row:
        start = self._swipe[0]
        height = start.height * 3 / _ROWS_SHOWN
        points = np.array([event.point for event in self._swipe])
        origin = f"{self._name}:{self._first}"
        try:
            trace = Trace.from_arrays(*(points / (start.width, height, 1.0)).T)
        except TraceError as error:
            return Rejection(error.reason, str(error), origin)
        gesture = Gesture(
            trace=trace,
            word=start.word,
            user=self._user,
            sentence=start.sentence,
            layout="qwerty",
            width=start.width,
            height=height,
            is_err=start.flagged,
            clean=not start.flagged and _is_clean(trace, start.word, load_keyboard("qwerty")),
            source=HowWeSwipeReader.name,
        )
        return Located(gesture, origin)


def _parse(line: bytes) -> _Event | Rejection:
    fields = line.decode(errors="replace").split()
    if len(fields) != _FIELDS:
        # An upload that was not acknowledged in time was sent again with the next swipe, each
        # event with one more flag; the first copy stands further up.
        again = len(fields) > _FIELDS and set(fields[_FIELDS - 1 :]) <= {"0", "1"}
        reason = "sent_again" if again else "ill_formed_line"
        return Rejection(reason, f"expected {_FIELDS} fields, found {len(fields)}", "")
    sentence, time, width, height, kind, x, y, _, _, _, word, flag = fields
    try:
        if kind not in _EVENTS or flag not in ("0", "1"):
            raise ValueError(f"event {kind!r} with flag {flag!r}")
        event = _Event(
            kind=kind,
            sentence=sentence.replace("_", " "),
            word=word,
            width=float(width),
            height=float(height),
            flagged=flag == "1",
            point=(float(x), float(y), float(time)),
        )
        if not (0 < event.width < np.inf and 0 < event.height < np.inf):
            raise ValueError(f"keyboard of {width} by {height}")
    except ValueError as error:
        return Rejection("ill_formed_line", str(error), "")
    return event


def _is_clean(trace: Trace, word: str, keyboard: Keyboard) -> bool:
    """Whether the swipe went near every letter, without jumps: the corpus's strict subset.

    At least 4 points and 2 letters, at most 10 s, no step of more than 0.35 of the width, and
    every letter passed within 1.5 keys.
    """
    if len(trace) < 4 or len(word) < 2 or trace.duration > 10_000:
        return False
    if np.abs(np.diff(trace.x)).max() > 0.35:
        return False
    centres = keyboard.centre_array("".join(sorted(set(word.lower()) & set(keyboard.centres))))
    path = np.stack([trace.x, trace.y], axis=1)
    keys_off = (path[:, None] - centres) / keyboard.key_size  # (T, letters, 2)
    return bool((np.linalg.norm(keys_off, axis=2).min(axis=0) <= 1.5).all())
