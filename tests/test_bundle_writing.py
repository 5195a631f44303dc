from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from bundles import description

from glissando.bundle import LEXICON, LEXICON_LICENCE, BundleError, read_bundle, write_bundle


@pytest.fixture
def copy(tiny_bundle: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_bundle, tmp_path / "bundle")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_no_bundle_is_never_replaced(tmp_path: Path) -> None:
    files = {**dict.fromkeys(graph_names(), b"x"), LEXICON: b"x", LEXICON_LICENCE: b"x"}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("years of work")
    for name in ("mine", "file"):
        with pytest.raises(BundleError, match="no bundle; nothing was written"):
            write_bundle(tmp_path / name, description("rnnt"), files)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    assert names(tmp_path) == ["file", "mine"]
    (tmp_path / "empty").mkdir()
    write_bundle(tmp_path / "empty", description("rnnt"), files)
    read_bundle(tmp_path / "empty")


def graph_names() -> list[str]:
    return ["features.onnx", "encoder.onnx", "decoder.onnx", "joiner.onnx"]


def test_an_older_bundle_is_replaced_whole(copy: Path, tiny_ctc_bundle: Path) -> None:
    newer = read_bundle(tiny_ctc_bundle)
    link = copy.parent / "link"
    link.symlink_to(copy)
    write_bundle(link, newer.description, newer.files)
    assert names(copy) == names(tiny_ctc_bundle)
    assert read_bundle(copy).files == newer.files
    assert names(copy.parent) == ["bundle", "link"]


@pytest.mark.parametrize("failing", ["write_bytes", "write_text", "rename"])
def test_a_failure_leaves_the_older_bundle(
    copy: Path, tiny_ctc_bundle: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    older, newer = read_bundle(copy), read_bundle(tiny_ctc_bundle)
    real = getattr(Path, failing)

    def full(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "encoder.onnx" or failing == "write_text" or path.suffix == ".tmp":
            raise OSError(28, "No space left on device")
        return real(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, failing, full)
        with pytest.raises(OSError, match="No space left"):
            write_bundle(copy, newer.description, newer.files)
    assert read_bundle(copy).files == older.files
    assert names(copy.parent) == ["bundle"]


def test_a_description_that_does_not_fit_its_files_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="files: missing or not expected"):
        write_bundle(tmp_path / "new", description("rnnt"), {"../x": b"", LEXICON: b"x"})
    assert not names(tmp_path)
