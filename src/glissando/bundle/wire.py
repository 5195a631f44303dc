"""Reads protobuf's wire format, as far as ONNX files use it, trusting nothing in it.

Source: protobuf.dev/programming-guides/encoding. Messages are read level by level, when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_MOST_FIELDS = 1 << 18  # in one message, some twenty times what a real graph has


class WireError(ValueError):
    """Bytes that are no protobuf message."""


class Message:
    """The fields of one message, by number.

    Scalars are integers (of fixed size: their bits), all else is bytes.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._fields: dict[int, list[int | memoryview]] = {}
        for count, (number, value) in enumerate(_fields(memoryview(data))):
            if count == _MOST_FIELDS:
                raise WireError(f"more than {_MOST_FIELDS} fields in one message")
            self._fields.setdefault(number, []).append(value)

    def __contains__(self, number: int) -> bool:
        return number in self._fields

    def parts(self, number: int) -> list[memoryview]:
        """All values of a field that holds bytes, text or messages."""
        values = self._fields.get(number, [])
        parts = [value for value in values if isinstance(value, memoryview)]
        if len(parts) != len(values):
            raise WireError(f"field {number}: expected bytes, found a number")
        return parts

    def messages(self, number: int) -> Iterator[Message]:
        """The messages of a field that may come again."""
        return map(Message, self.parts(number))

    def content(self, number: int) -> memoryview:
        """The bytes of a field that comes at most once; none where it is absent.

        Of two, a parser would merge messages and drop bytes; an honest file has one.
        """
        return _single(self.parts(number), number, memoryview(b""))

    def message(self, number: int) -> Message:
        """The message of a field that comes at most once; an empty one where it is absent."""
        return Message(self.content(number))

    def text(self, number: int) -> str:
        """The text of a field that comes at most once; empty where it is absent."""
        try:
            return str(self.content(number), "utf-8")
        except UnicodeDecodeError as error:
            raise WireError(f"field {number}: not UTF-8") from error

    def texts(self, number: int) -> list[str]:
        """The texts of a field that may come again."""
        return [str(part, "utf-8", "replace") for part in self.parts(number)]

    def integers(self, number: int) -> list[int]:
        """All signed integers of a field, packed or not."""
        found: list[int] = []
        for value in self._fields.get(number, []):
            if isinstance(value, int):
                found.append(_signed(value))
                continue
            at = 0
            while at < len(value):
                packed, at = _varint(value, at)
                found.append(_signed(packed))
                if len(found) > _MOST_FIELDS:
                    raise WireError(f"field {number}: more than {_MOST_FIELDS} numbers")
        return found

    def integer(self, number: int) -> int:
        """The integer of a field that comes at most once; 0 where it is absent."""
        return _single(self.integers(number), number, 0)

    def stored(self, number: int, size: int) -> int:
        """How many numbers a field holds: of `size` bytes each when packed, 0 for varints."""
        count = 0
        for value in self._fields.get(number, []):
            if isinstance(value, int):
                count += 1
            elif size:
                count += len(value) // size
            else:  # a varint ends with its first byte below 128
                count += int(np.count_nonzero(np.frombuffer(value, np.uint8) < 128))
        return count


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise WireError(f"no wire type {kind}")
        part = data[at : at + size]
        if len(part) != size:
            raise WireError("cut off")
        at += size
        yield number, part if kind == _BYTES else int.from_bytes(part, "little")


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    if at < len(data) and data[at] < 128:  # most are short
        return data[at], at + 1
    value = 0
    for shift in range(0, 70, 7):
        if at == len(data):
            raise WireError("cut off")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise WireError("a number of more than ten bytes")


def _signed(value: int) -> int:
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def _single(values: list[T], number: int, default: T) -> T:
    if len(values) > 1:
        raise WireError(f"field {number} comes {len(values)} times, expected once")
    return values[0] if values else default
