"""Random access: every row as it was written, in any order, from any process."""

import multiprocessing
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from swipe_files import write_prepared as write

from glissando.datasets import DataError, GestureStore, ShardWriter, arrow_file, store, write_shards
from glissando.traces import Gesture, Trace

COORDINATES = st.floats(-4, 4, width=32)
WORDS = st.text("abcxyz'é", min_size=1, max_size=20)


@st.composite
def gestures(draw: st.DrawFn) -> Gesture:
    count = draw(st.integers(1, 30))
    column = hnp.arrays(np.float32, count, elements=COORDINATES)
    steps = draw(hnp.arrays(np.int16, count, elements=st.integers(0, 500)))
    return Gesture(
        trace=Trace.from_arrays(draw(column), draw(column), np.cumsum(steps)),
        word=draw(WORDS),
        user=draw(st.sampled_from(["", "u1", "u2"])),
        layout=draw(st.sampled_from(["qwerty", "azerty"])),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(gestures(), min_size=1, max_size=40),
    group=st.integers(1, 9),
    batch=st.integers(1, 9),
    data=st.data(),
)
def test_what_is_written_is_fetched(
    rows: list[Gesture],
    group: int,
    batch: int,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow_file, "ROWS_PER_BATCH", batch)
        patch.setattr(store, "ROWS_PER_BATCH", batch)
        patch.setattr(store, "ROWS_BETWEEN_RELEASES", 3)
        with ShardWriter(folder, rows_per_group=group, groups_per_shard=2) as writer:
            for number, gesture in enumerate(rows):
                writer.add(gesture, gesture.word, f"é:{number}")
        opened = GestureStore(folder)
        numbers = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=50))
        found = opened.fetch(numbers)
    assert len(opened) == len(rows)
    assert opened.word_lengths.tolist() == [len(gesture.word) for gesture in rows]
    assert opened.users() == {gesture.user for gesture in rows} - {""}
    assert opened.layouts() == {gesture.layout for gesture in rows}
    assert found.words == [rows[n].word for n in numbers]
    assert found.layouts == [rows[n].layout for n in numbers]
    assert found.origins == [f"é:{n}" for n in numbers]
    assert found.lengths.tolist() == [len(rows[n].trace) for n in numbers]
    longest = max((len(rows[n].trace) for n in numbers), default=0)
    assert found.points.shape == (len(numbers), longest, 3)
    for at, n in enumerate(numbers):
        length = len(rows[n].trace)
        np.testing.assert_array_equal(found.points[at, :length], rows[n].trace.points())
        assert not found.points[at, length:].any()


def test_types_are_what_training_needs(tmp_path: Path) -> None:
    found = GestureStore(write(tmp_path / "a", ["The", "an"])).fetch(np.array([1]))
    assert (found.points.dtype, found.lengths.dtype) == (np.float32, np.int64)
    assert found.points.flags.writeable and found.points.flags.owndata


@pytest.mark.parametrize("numbers", [[-1], [2], [0, 1, 99]])
def test_a_row_that_is_not_there(tmp_path: Path, numbers: list[int]) -> None:
    opened = GestureStore(write(tmp_path / "a", ["The", "an"]))
    with pytest.raises(IndexError, match="row numbers must lie in 0…1"):
        opened.fetch(numbers)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_process_reads_the_same(tmp_path: Path, method: str) -> None:
    opened = GestureStore(write(tmp_path / "a", ["The", "an"]))
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        found = pool.submit(opened.fetch, [1, 0]).result(timeout=60)
    assert found.words == ["an", "the"]
    np.testing.assert_array_equal(found.points, opened.fetch([1, 0]).points)


def test_a_pickled_store_is_its_path(tmp_path: Path) -> None:
    opened = GestureStore(write(tmp_path / "a", ["The"] * 1000))
    pickled = pickle.dumps(opened)
    assert len(pickled) < 500
    assert pickle.loads(pickled).fetch([999]).words == ["the"]


def test_the_arrow_file_is_made_once_and_anew_when_the_shards_change(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ["One"])
    GestureStore(folder)
    [first] = folder.glob(".random-access-*.arrow")
    made = first.stat().st_mtime_ns
    GestureStore(folder)
    assert first.stat().st_mtime_ns == made
    for shard in folder.glob("*.parquet"):
        shard.unlink()
    write(tmp_path / "b", ["Two", "three"])
    (tmp_path / "b" / "shard-00000.parquet").rename(folder / "shard-00000.parquet")
    assert GestureStore(folder).fetch([0, 1]).words == ["two", "three"]
    [second] = folder.glob(".random-access-*.arrow")
    assert second != first
    os.utime(folder / "shard-00000.parquet", (0, 0))  # as if other rows of the same size
    GestureStore(folder)
    [third] = folder.glob(".random-access-*.arrow")
    assert third != second


def test_a_folder_that_may_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "a", ["One"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    assert GestureStore(folder).fetch([0]).words == ["one"]
    assert len(list((tmp_path / "cache" / "glissando").iterdir())) == 1
    assert not list(folder.glob(".*"))


def test_damage_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for folder in (tmp_path, tmp_path / "nope"):
        with pytest.raises(DataError, match="no shards; make them with `glissando prepare`"):
            GestureStore(folder)
    assert list(tmp_path.iterdir()) == []
    folder = write(tmp_path / "a", ["One"] * 50)
    GestureStore(folder)
    [path] = folder.glob(".*.arrow")
    path.write_bytes(path.read_bytes()[:-64])
    with pytest.raises(DataError, match=r"\.arrow: damaged \(.*; delete it to make it anew"):
        GestureStore(folder)


def test_an_empty_store(tmp_path: Path) -> None:
    opened = GestureStore(write(tmp_path / "a", []))
    assert (len(opened), opened.word_lengths.tolist(), opened.users()) == (0, [], set())
    assert opened.fetch([]).points.shape == (0, 0, 3)


def test_word_lengths_count_letters_not_bytes(tmp_path: Path) -> None:
    labels = ["don't", "été"]
    with write_shards(tmp_path / "a") as writer:
        for label in labels:
            trace = Trace.from_arrays([0, 1], [0, 1], [0, 9])
            writer.add(Gesture(trace, label), label, "a:1")
    assert GestureStore(tmp_path / "a").word_lengths.tolist() == [5, 3]
