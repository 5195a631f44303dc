"""Where a run's swipes come from: paths, the embedded default, keyboards, shared users."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from swipe_files import row, write_lines

from glissando.alphabet import ENGLISH
from glissando.training.config import Config, DataConfig
from glissando.training.sources import open_sources


def _config(folder: Path, train: list[object], validation: list[object]) -> Config:
    data = DataConfig(
        train=str(write_lines(folder / "train.jsonl", train)),
        validation=str(write_lines(folder / "validation.jsonl", validation)),
        cache=str(folder / "cache"),
    )
    return Config(data=data)


def test_a_manifest_is_prepared_once_and_found_again(tmp_path: Path) -> None:
    config = _config(tmp_path, [row("the"), row("cat")], [row("dog")])
    sources = open_sources(config, ENGLISH)
    assert (len(sources.train), len(sources.validation), sources.synthetic) == (2, 1, False)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").rglob("*.parquet")}
    open_sources(config, ENGLISH)
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").rglob("*.parquet")}
    assert before == after and len(before) == 2


def test_users_on_both_sides_are_counted_in_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    train = [row(user=user) for user in ("ann", "bob", "cai", "")]
    validation = [row(user=user) for user in ("bob", "cai", "dee", "")]
    with caplog.at_level(logging.WARNING, "glissando"):
        open_sources(_config(tmp_path, train, validation), ENGLISH)
    assert "2 of the 3 validation users are also in train" in caplog.text


def test_users_on_one_side_raise_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "glissando"):
        open_sources(_config(tmp_path, [row(user="ann")], [row(user="bob")]), ENGLISH)
    assert caplog.text == ""


def test_without_data_the_synthetic_set_serves_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.WARNING, "glissando"):
        sources = open_sources(Config(), ENGLISH)
    assert sources.synthetic and len(sources.train) > 1000
    assert "NO DATA" in caplog.text and "SYNTHETIC" in caplog.text
    assert not sources.train.users() & sources.validation.users()


def test_a_path_that_was_typed_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"data.train=mine.jsonl: no such file"):
        open_sources(Config(data=DataConfig(train="mine.jsonl")), ENGLISH)


def test_rows_may_name_a_keyboard_that_the_configuration_brings(
    tmp_path: Path, repository: Path
) -> None:
    board = (repository / "src/glissando/keyboard/azerty-fr.json").read_text()
    (tmp_path / "mine.json").write_text(board.replace('"azerty"', '"mine"'))
    swipe = row(keyboard={"layout": "mine", "width": 360, "height": 180})
    config = _config(tmp_path, [swipe], [swipe])
    with pytest.raises(ValueError, match="layout 'mine' is not known"):
        open_sources(config, ENGLISH)
    config.data.keyboards = [str(tmp_path / "mine.json")]
    assert open_sources(config, ENGLISH).keyboards["mine"].centres["a"][1] < 0.2
