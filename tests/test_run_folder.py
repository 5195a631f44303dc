"""Files that a crash cannot cost, and the run's diary."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glissando.training.history import History, read_history
from glissando.training.run_folder import RunFolder, git_commit, write_atomically


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "last.ckpt"
    target.write_text("old")

    def half(path: Path) -> None:
        path.write_text("ne")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(target, half)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
    write_atomically(target, lambda path: path.write_text("new") and None)
    assert target.read_text() == "new"


def test_a_resumed_history_forgets_what_lies_ahead(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    history = History(path)
    for step in (10, 20, 30):
        history.training(step, {"train_loss": float(step)})
    history.resume(20)
    history.training(30, {"train_loss": 3.0})
    assert [row["train_loss"] for row in read_history(path)] == [10.0, 20.0, 3.0]


def test_a_line_that_a_crash_cut_short_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text('{"step": 1, "train_loss": 2.0}\n{"step": 2, "trai')
    assert list(read_history(path)) == [{"step": 1, "train_loss": 2.0}]
    assert list(read_history(tmp_path / "absent")) == []


def test_processes_of_one_run_share_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GLISSANDO_RUN_DIR", raising=False)
    first = RunFolder.open("", "mine")
    assert RunFolder.open("", "mine").path == first.path
    first.close()
    assert "GLISSANDO_RUN_DIR" not in os.environ
    assert RunFolder.open("here", "mine").path == Path("here")
    first.close()


def test_the_commit_is_a_hash() -> None:
    commit = git_commit().rstrip("+")
    assert len(commit) == 40 and int(commit, 16)
