"""Files that cannot be read: empty, cut off, damaged; each error names file and line."""

import gzip
import re
from pathlib import Path

import pytest
from swipe_files import row, write_lines

from glissando.datasets import reading
from glissando.datasets.reading import read_lines, read_objects
from glissando.datasets.records import DataError, Rejection
from glissando.datasets.registry import READERS, find_readers


def test_lines_are_numbered_from_one_and_the_byte_order_mark_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\ntwo")
    assert list(read_lines(path)) == [(1, b"one\n"), (2, b"two")]


def test_gzip_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "named.jsonl"
    path.write_bytes(gzip.compress(b"one\n"))
    assert list(read_lines(path)) == [(1, b"one\n")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_an_empty_file_is_an_error(tmp_path: Path, name: str) -> None:
    path = write_lines(tmp_path / name, [])
    with pytest.raises(DataError, match=f"{re.escape(str(path))}: the file is empty"):
        find_readers(path)


def test_a_truncated_gz_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b"".join(b"%d %d\n" % (i, i * i) for i in range(5000)))
    path.write_bytes(whole[: len(whole) // 2])
    lines = read_lines(path)
    reached = 0
    with pytest.raises(DataError) as error:
        while True:
            reached, _ = next(lines)
    assert 1000 < reached < 4000
    assert str(error.value) == f"{path}:{reached + 1}: truncated: the .gz ends inside this line"


def test_a_damaged_gz_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = bytearray(gzip.compress(b"".join(b"%d %d\n" % (i, i * i) for i in range(5000))))
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(bytes(whole))
    with pytest.raises(DataError, match=rf"{re.escape(str(path))}:\d+: damaged .gz"):
        list(read_lines(path))


def test_a_line_without_end_does_not_fill_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 1 << 20)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * (1 << 20) + b"x")
    with pytest.raises(DataError, match="1: a line of more than 1 MiB; expected one row a line"):
        list(read_lines(path))


def test_progress_adds_up_to_the_file(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl.gz", [row()] * 1000)
    seen: list[int] = []
    assert len(list(read_lines(path, seen.append))) == 1000
    assert sum(seen) == path.stat().st_size


def test_malformed_rows_are_rejected_with_their_line_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", ['{"word": "th', "", "[1]", "{}", "[" * 100_000])
    bad, not_object, good, deep = read_objects(path)
    assert isinstance(bad, Rejection)
    assert (bad.reason, bad.origin) == ("malformed_json", f"{path}:1")
    assert bad.message == "not JSON: column 10: Unterminated string starting at"
    assert not_object == Rejection(
        "not_an_object", "expected a JSON object, found list", f"{path}:3"
    )
    assert good == (f"{path}:4", {})
    assert isinstance(deep, Rejection) and deep.reason == "malformed_json"


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nope: no such file or folder"):
        find_readers(tmp_path / "nope")


def test_a_folder_without_swipes_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(DataError, match=r"no swipes in this folder; expected .*\.log files"):
        find_readers(tmp_path)


@pytest.mark.parametrize("content", [b"plain text\n", b'{"a": 1}\n', b"\x00\x01\x02", b"PAR1rest"])
def test_an_unknown_format_says_what_was_expected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.jsonl: (format not recognised|damaged .parquet)"):
        find_readers(path)


def test_a_format_that_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"'csv' is not known; known: {', '.join(READERS)}"):
        find_readers(tmp_path, "csv")


def test_a_folder_of_files_gives_a_reader_for_each(tmp_path: Path) -> None:
    write_lines(tmp_path / "b.jsonl.gz", [row()])
    write_lines(
        tmp_path / "a.jsonl", [{"word": "a", "data": [], "canvas_width": 1, "canvas_height": 1}]
    )
    found = [(reader.name, path.name) for reader, path in find_readers(tmp_path)]
    assert found == [("futo", "a.jsonl"), ("manifest", "b.jsonl.gz")]


def test_a_format_that_is_given_is_not_recognised_again(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"word": "no points here"}])
    [(reader, found)] = find_readers(path, "manifest")
    assert (reader.name, found) == ("manifest", path)
