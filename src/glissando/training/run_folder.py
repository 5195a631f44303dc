"""What a run leaves behind, and how it is written so that a crash never costs what was there."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

# Processes that Lightning starts for the same run must find the same folder.
_ENVIRONMENT = "GLISSANDO_RUN_DIR"


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in its place in one step.

    Whatever stops the writing (a crash, a full disk), the previous file stays whole.

    Raises:
        OSError: the disk is full or not writable; the temporary file is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class RunFolder:
    """Names of the files in a run's folder, and the small ones' writers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.yaml"
        self.nemo_config = path / "nemo_config.yaml"
        self.history = path / "history.jsonl"
        self.metrics = path / "metrics.json"
        self.model = path / "model.nemo"
        self.curves = path / "learning_curves.png"
        self.checkpoints = path / "checkpoints"
        self.last = self.checkpoints / "last.ckpt"
        self.best = self.checkpoints / "best.ckpt"
        self.predictions = path / "predictions"
        self.tensorboard = path / "tensorboard"

    @classmethod
    def open(cls, wanted: str, recipe: str) -> RunFolder:
        """The folder asked for, or a new one named by time and recipe under `runs/`."""
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        inherited = os.environ.get(_ENVIRONMENT)
        path = Path(wanted or inherited or f"runs/{stamp}-{recipe}")
        os.environ[_ENVIRONMENT] = str(path)
        path.mkdir(parents=True, exist_ok=True)
        return cls(path)

    def close(self) -> None:
        """Let the next run of this process choose its own folder."""
        os.environ.pop(_ENVIRONMENT, None)

    def write_json(self, path: Path, content: dict[str, Any]) -> None:
        """Write a JSON object, atomically."""
        text = json.dumps(content, indent=2, allow_nan=False) + "\n"
        write_atomically(path, lambda file: _write_text(file, text))

    def write_predictions(self, step: int, pairs: Iterable[tuple[str, str]]) -> None:
        """Write every validation word beside what was decoded, tab-separated."""
        lines = [f"{truth}\t{decoded}\n" for truth, decoded in pairs]
        path = self.predictions / f"step_{step:07d}.tsv"
        text = "word\tdecoded\n" + "".join(lines)
        write_atomically(path, lambda file: _write_text(file, text))


def git_commit() -> str:
    """The commit of the code that runs, with `+` if it was changed since; empty if unknown."""
    here = Path(__file__).resolve().parent
    try:
        commit = _git(here, "rev-parse", "HEAD")
        return commit + ("+" if _git(here, "status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
