"""Reads the text of a word list into words and weights, the usual form of it in bulk."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 1 << 26
"""A list that unpacks to more is refused: half a million words take 8 MB."""
_MAX_LINES, _MAX_LETTERS, _MAX_STREAMS = 2_000_000, 100, 1000
_MAX_WEIGHT, _MAX_DIGITS = 1200, 4
_TAB, _NEWLINE, _ZERO, _HASH = b"\t\n0#"
_DIGITS = b"0123456789"
_SPACE = " \t\r\v\f"
_SPACES = np.frombuffer(_SPACE.encode(), np.uint8)


class LexiconError(ValueError):
    """A word list that cannot be read; the message names the file, and the line if any."""


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """What a word list says.

    Attributes:
        header: Key → value of the `# key: value` comments above the first word.
        words: W words, none twice.
        weights: Float64 `(W,)`; NaN where the line has none.
    """

    header: dict[str, str]
    words: list[str]
    weights: NDArray[np.float64]


def decompressed(data: bytes, where: str) -> bytes:
    """`data`, unpacked if it begins as gzip does or if `where` ends in .gz.

    Raises:
        LexiconError: damaged, cut off, or larger than `MAX_BYTES` when unpacked.
    """
    if not data.startswith(b"\x1f\x8b") and not where.endswith(".gz"):
        return data
    texts: list[bytes] = []
    while data or not texts:  # several streams may stand behind each other
        unpacking = zlib.decompressobj(wbits=31)
        try:
            texts.append(unpacking.decompress(data, MAX_BYTES - sum(map(len, texts)) + 1))
        except zlib.error as error:
            raise LexiconError(f"{where}: damaged or truncated .gz: {error}") from error
        if sum(map(len, texts)) > MAX_BYTES or len(texts) > _MAX_STREAMS:
            raise LexiconError(
                f"{where}: unpacks to more than {MAX_BYTES >> 20} MB, too much for words"
            )
        if not unpacking.eof:
            raise LexiconError(f"{where}: damaged or truncated .gz: it ends too early")
        data = unpacking.unused_data
    return b"".join(texts)


def read_rows(data: bytes, where: str) -> Rows:
    """The words of a list's text, with their weights.

    Raises:
        LexiconError: not UTF-8, or a weight that is none; names `where` and the line.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if len(data) > MAX_BYTES or data.count(b"\n") > _MAX_LINES:
        raise LexiconError(f"{where}: more than {_MAX_LINES:,} lines, too much for words")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LexiconError(f"{where}:{line}: not UTF-8 text") from error
    header, start = _header(text)
    body = data[len(text[:start].encode()) :]
    weights = _weights_in_bulk(body)
    if weights is not None:
        words = body.translate(None, _DIGITS).decode().split("\t\n")[:-1]
        if len(set(words)) == len(words):
            _check_length(words, where)
            return Rows(header, words, weights)
    found: dict[str, float] = {}
    for number, word, weight in _lines(text):
        found.setdefault(word, _weight(weight, f"{where}:{number}: word {word!r}"))
    _check_length(list(found), where)
    return Rows(header, list(found), np.fromiter(found.values(), np.float64, len(found)))


def _check_length(words: list[str], where: str) -> None:
    longest = max(words, key=len, default="")
    if len(longest) > _MAX_LETTERS:
        raise LexiconError(
            f"{where}: word {longest[:20]!r}… has {len(longest)} letters, "
            f"expected at most {_MAX_LETTERS}"
        )


def line_of(text: str, wanted: str) -> int:
    """Number of the line that has a word."""
    return next(number for number, word, _ in _lines(text) if word == wanted)


def _header(text: str) -> tuple[dict[str, str], int]:
    """The comments at the top, and where what follows them begins."""
    header: dict[str, str] = {}
    start = 0
    while text.startswith("#", start):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        key, colon, value = text[start + 1 : end].partition(":")
        if colon:
            header.setdefault(key.strip(), value.strip())
        start = min(end + 1, len(text))
    return header, start


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        word, _, weight = line.partition("\t")
        word = word.strip(_SPACE)
        if word and not word.startswith("#"):
            yield number, word, weight.strip(_SPACE)


def _weight(text: str, what: str) -> float:
    if not text:
        return math.nan
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= _MAX_WEIGHT:
        raise LexiconError(
            f"{what}: weight {text!r}: expected 100 * log10(occurrences in a billion words), "
            f"0 to {_MAX_WEIGHT}"
        )
    return weight


def _weights_in_bulk(body: bytes) -> NDArray[np.float64] | None:
    """The weights, if each line is a word without digits, a tab, a whole number and a line feed.

    Otherwise None. Says nothing of whether the words are UTF-8 or come twice.
    """
    codes = np.frombuffer(body, np.uint8)
    tabs, ends = np.flatnonzero(codes == _TAB), np.flatnonzero(codes == _NEWLINE)
    if not len(ends) or len(tabs) != len(ends) or ends[-1] != len(codes) - 1:
        return None
    starts = np.concatenate([[0], ends[:-1] + 1])
    digits = ends - tabs - 1
    if not ((starts < tabs) & (digits > 0) & (digits <= _MAX_DIGITS)).all():
        return None
    edges = codes[np.concatenate([starts, tabs - 1])]
    if (edges[:, None] == _SPACES).any() or (codes[starts] == _HASH).any():
        return None
    weights = np.zeros(len(ends))
    for place in range(int(digits.max())):
        digit = codes[ends - 1 - place].astype(np.int16) - _ZERO  # or what stands before the number
        inside = place < digits
        if (inside & ((digit < 0) | (digit > 9))).any():
            return None
        weights += np.where(inside, digit, 0) * float(10**place)
    total = np.count_nonzero((codes >= _ZERO) & (codes <= _ZERO + 9))
    return weights if total == digits.sum() and weights.max() <= _MAX_WEIGHT else None
