"""Prepared folders: what goes in comes out, and they appear whole or not at all."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from swipe_files import gesture, line_points
from swipe_files import write_prepared as write

from glissando.datasets import DataError, ShardWriter, read_rows, write_shards
from glissando.datasets.schema import SCHEMA, point_lists
from glissando.datasets.shards import read_batches, read_report, shard_paths
from glissando.traces import Gesture, Trace


def test_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    original = Gesture(
        trace=Trace.from_points(line_points(7)),
        word="Don’t",
        user="u",
        sentence="Don’t.",
        layout="azerty",
        width=360.0,
        height=174.5,
        is_err=True,
        clean=False,
        source="here",
    )
    with write_shards(tmp_path / "out") as writer:
        writer.add(original, "don't", "a:1")
        writer.describe(made_by="a test")
    [(located, label)] = read_rows(tmp_path / "out")
    assert (label, located.origin) == ("don't", "a:1")
    assert located.gesture.to_row() == original.to_row()
    report = read_report(tmp_path / "out")
    assert (report["rows"], report["made_by"]) == (1, "a test")


def test_many_rows_make_many_groups_and_shards_in_order(tmp_path: Path) -> None:
    with ShardWriter(tmp_path, rows_per_group=4, groups_per_shard=2) as writer:
        for number in range(19):
            writer.add(gesture(count=2 + number), "the", str(number))
    assert [pq.read_metadata(path).num_rows for path in shard_paths(tmp_path)] == [8, 8, 3]
    assert [located.origin for located, _ in read_rows(tmp_path)] == [str(n) for n in range(19)]


def test_batches_of_columns_are_cut_into_groups(tmp_path: Path) -> None:
    lengths = np.array([1, 2, 3, 0, 4])
    values = np.arange(10, dtype=np.float32)
    columns = {name: point_lists(lengths, values) for name in "xyt"}
    columns |= {name: pa.array(["a"] * 5) for name in SCHEMA.names if name not in columns}
    for name, kind in (("width", pa.float64()), ("height", pa.float64())):
        columns[name] = pa.array([1.0] * 5, kind)
    for name in ("is_err", "clean"):
        columns[name] = pa.array([False] * 5)
    with ShardWriter(tmp_path, rows_per_group=2, groups_per_shard=9) as writer:
        writer.add(gesture(), "the", "first")
        writer.write_batch(pa.RecordBatch.from_pydict(columns))
    rows = [located.gesture.trace.x.tolist() for located, _ in read_rows(tmp_path)]
    assert rows[1:] == [[0], [1, 2], [3, 4, 5], [], [6, 7, 8, 9]]
    assert writer.rows == 6
    assert pq.ParquetFile(shard_paths(tmp_path)[0]).num_row_groups == 4


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), write_shards(tmp_path / "out") as writer:
        for _ in range(10_000):
            writer.add(gesture(), "the", "a:1")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    program = """
import resource, sys
import numpy as np
from pathlib import Path
from glissando.datasets import DataError, write_shards
from glissando.traces import Gesture, Trace
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
noise = np.random.default_rng(1)
try:
    with write_shards(Path(sys.argv[1])) as writer:
        for _ in range(20_000):
            trace = Trace.from_arrays(noise.random(9), noise.random(9), np.arange(9))
            writer.add(Gesture(trace, "the"), "the", "a:1")
except DataError as error:
    print(error)
"""
    out = tmp_path / "out"
    ran = subprocess.run(
        [sys.executable, "-c", program, str(out)], capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{out}: cannot write: File too large; nothing was kept\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    for overwrite in (False, True):
        with (
            pytest.raises(DataError, match="exists and is not empty; choose another folder"),
            write_shards(tmp_path, overwrite=overwrite),
        ):
            pass
    assert (tmp_path / "precious.txt").read_text() == "mine"
    with (
        pytest.raises(DataError, match="is a file, expected a folder"),
        write_shards(tmp_path / "precious.txt"),
    ):
        pass


def test_a_prepared_folder_is_replaced_only_when_asked(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", ["Old"])
    with pytest.raises(DataError, match="give --overwrite"), write_shards(folder):
        pass
    with write_shards(folder, overwrite=True) as writer:
        writer.add(gesture("New"), "new", "b:1")
    assert [label for _, label in read_rows(folder)] == ["new"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_damaged_and_missing_shards(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no shards; make them with `glissando prepare`"):
        list(read_batches(tmp_path))
    folder = write(tmp_path / "out", ["The"])
    shard = shard_paths(folder)[0]
    shard.write_bytes(shard.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"shard-00000\.parquet: not a readable shard"):
        list(read_batches(folder))
    pq.write_table(pa.table({"label": ["the"]}), shard)
    with pytest.raises(DataError, match=r"shard-00000\.parquet: columns missing: clean, height"):
        list(read_batches(folder))
    (folder / "report.json").write_text("{")
    with pytest.raises(DataError, match=r"report\.json: not JSON"):
        read_report(folder)


def test_no_rows_at_all_still_make_a_readable_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", [])
    assert list(read_rows(folder)) == []
    assert json.loads((folder / "report.json").read_text())["rows"] == 0
