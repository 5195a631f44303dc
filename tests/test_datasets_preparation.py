"""From sources to shards and report, and once only where a cache is used."""

import gzip
import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from swipe_files import line_points, point, row, write_lines

from glissando.alphabet import ENGLISH, Alphabet
from glissando.datasets import (
    DataError,
    FilterRules,
    GestureStore,
    Preparation,
    Report,
    cache,
    prepare,
    prepared,
    read_rows,
    shared_users,
)
from glissando.datasets.preparation import source_bytes
from glissando.keyboard import Keyboard

MIXED = [
    row("The", user="a"),
    "{",
    row("h4x0r"),
    row("Don’t", user="b"),
    row(points=[point()]),
    row("x1"),
]


def test_rows_are_kept_or_counted_with_the_first_line_of_each_reason(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", MIXED)
    report = prepare([source], tmp_path / "out")
    rows = list(read_rows(tmp_path / "out"))
    assert [(label, found.gesture.word, found.origin) for found, label in rows] == [
        ("the", "The", f"{source}:1"),
        ("don't", "Don’t", f"{source}:4"),
    ]
    written = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (written["rows_in"], written["kept"]) == (report.rows_in, report.kept) == (6, 2)
    assert {r: (s["count"], s["first"]) for r, s in written["set_aside"].items()} == {
        "malformed_json": (1, f"{source}:2"),
        "not_in_alphabet": (2, f"{source}:3"),
        "too_few_points": (1, f"{source}:5"),
    }
    assert written["set_aside"]["not_in_alphabet"]["message"].startswith("word 'h4x0r': '4'")
    assert written["sources"] == [str(source)]
    assert written["preparation"]["rules"]["max_points"] == FilterRules().max_points


def test_the_summary_is_for_people(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", MIXED)
    split = {"train": 0.5, "validation": 0.5}
    report = prepare([source], tmp_path / "out", Preparation(split=split))
    lines = report.summary().splitlines()
    assert lines[0] == "rows in             6"
    assert lines[5].startswith("  not_in_alphabet        2  first: ")
    assert lines[5].endswith("a.jsonl:3: word 'h4x0r': '4' is not in the alphabet")


def test_several_sources_of_several_formats_and_prepared_ones(tmp_path: Path) -> None:
    futo = {"word": "Two", "data": line_points(4), "canvas_width": 9, "canvas_height": 9}
    sources = [
        write_lines(tmp_path / "a.jsonl", [row("One")]),
        write_lines(tmp_path / "b.jsonl", [futo]),
    ]
    prepare(sources, tmp_path / "first")
    prepare([tmp_path / "first", sources[0]], tmp_path / "second")
    found = [(label, located.origin[-9:]) for located, label in read_rows(tmp_path / "second")]
    assert found == [("one", "a.jsonl:1"), ("two", "b.jsonl:1"), ("one", "a.jsonl:1")]


def test_users_are_split_and_never_shared(tmp_path: Path) -> None:
    rows = [row(user=f"u{n % 40}") for n in range(200)]
    source = write_lines(tmp_path / "a.jsonl", rows)
    shares = {"train": 0.5, "validation": 0.3, "test": 0.2}
    report = prepare([source], tmp_path / "out", Preparation(split=shares))
    folders = [tmp_path / "out" / name for name in shares]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "report.json",
        "test",
        "train",
        "validation",
    ]
    assert {f.name: len(GestureStore(f)) for f in folders} == report.splits
    assert sum(report.splits.values()) == 200 and min(report.splits.values()) > 0
    for one in folders:
        assert all(shared_users(one, other) == set() for other in folders if other != one)
    assert "warning" not in report.summary()
    prepare([tmp_path / "out"], tmp_path / "together")
    assert len(GestureStore(tmp_path / "together")) == 200


def test_rows_without_a_user_are_split_with_a_warning(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", [row()] * 100)
    shares = {"train": 0.5, "validation": 0.5}
    report = prepare([source], tmp_path / "out", Preparation(split=shares))
    assert min(report.splits.values()) > 20
    assert "warning: 100 rows name no user and were split row by row" in report.summary()


def test_nothing_to_keep_is_an_error_that_says_why(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", [row("x1"), row("x2"), row(points=[point()])])
    with pytest.raises(DataError) as error:
        prepare([source], tmp_path / "out")
    assert str(error.value) == (
        f"{source}: no row could be kept of 3; 2 for not_in_alphabet, first at {source}:1: "
        "word 'x1': '1' is not in the alphabet"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_source_that_breaks_off_leaves_a_tally_and_no_folder(tmp_path: Path) -> None:
    good = gzip.compress(b"".join(json.dumps(row()).encode() + b"\n" for _ in range(9000)))
    source = tmp_path / "a.jsonl.gz"
    source.write_bytes(good[: len(good) * 2 // 3])
    report = Report()
    with pytest.raises(DataError, match=r"a\.jsonl\.gz:\d+: truncated"):
        prepare([source], tmp_path / "out", report=report)
    assert report.kept > 1000
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl.gz"]


def test_a_taken_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", MIXED)
    report = Report()
    with pytest.raises(DataError, match="exists and is not empty"):
        prepare([source], tmp_path, report=report)
    assert report.rows_in == 0
    prepare([source], tmp_path / "out")
    prepare([source], tmp_path / "out", overwrite=True)


def test_a_keyboard_and_letters_of_ones_own(tmp_path: Path) -> None:
    board = Keyboard("mine", "lt", 0.1, 0.3, {"b": (0.1, 0.5), "ū": (0.5, 0.5)})
    source = write_lines(tmp_path / "a.jsonl", [row("Bū", keyboard={"layout": "mine"})])
    with pytest.raises(DataError, match="1 for unknown_keyboard"):
        prepare([source], tmp_path / "out")
    made = Preparation(keyboards=(board,), alphabet=Alphabet("bū"))
    prepare([source], tmp_path / "out", made)
    assert GestureStore(tmp_path / "out").fetch([0]).words == ["bū"]


def test_progress_reaches_the_size_of_the_sources(tmp_path: Path) -> None:
    first = write_lines(tmp_path / "a.jsonl", [row()] * 2000)
    prepare([first], tmp_path / "out")
    sources = [first, tmp_path / "out" / "shard-00000.parquet"]
    seen: list[int] = []
    prepare(sources, tmp_path / "again", advance=seen.append)
    assert sum(seen) == pytest.approx(source_bytes(sources), rel=1e-3)


def test_a_source_is_prepared_once_and_found_by_content(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", MIXED)
    folder = prepared(source, tmp_path / "cache")
    assert folder.parent == tmp_path / "cache"
    made = (folder / "report.json").stat().st_mtime_ns
    renamed = source.rename(tmp_path / "b.jsonl")
    assert prepared(renamed, tmp_path / "cache") == folder
    assert (folder / "report.json").stat().st_mtime_ns == made
    assert prepared(folder, tmp_path / "cache") == folder
    others = [
        prepared(renamed, tmp_path / "cache", FilterRules(min_points=1)),
        prepared(renamed, tmp_path / "cache", alphabet=Alphabet(ENGLISH.letters + "4")),
        prepared(renamed, tmp_path / "cache", keyboards=[Keyboard("k", "en", 1, 1, {"a": (0, 0)})]),
        prepared(write_lines(renamed, [*MIXED, row("more")]), tmp_path / "cache"),
        prepared(write_lines(renamed, [*MIXED, row("less")]), tmp_path / "cache"),
    ]
    assert len({folder, *others}) == 6
    assert [len(GestureStore(f)) for f in (folder, *others)] == [2, 3, 2, 2, 3, 3]


def _prepared(queue: Any, start: Any, source: Path, root: Path) -> None:
    start.wait()
    queue.put(prepared(source, root))


def test_two_processes_may_prepare_the_same(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", [row()] * 3000)
    context = multiprocessing.get_context("fork")
    queue, start = context.Queue(), context.Barrier(3)
    arguments = (queue, start, source, tmp_path / "cache")
    workers = [context.Process(target=_prepared, args=arguments) for _ in range(3)]
    for worker in workers:
        worker.start()
    folders = {queue.get(timeout=60) for _ in workers}
    for worker in workers:
        worker.join()
    [folder] = folders
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [folder.name]
    assert len(GestureStore(folder)) == 3000


def test_a_cache_of_something_absent(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nope: cannot read: No such file or directory"):
        cache.prepared(tmp_path / "nope", tmp_path / "cache")
