"""The run's diary: one JSON line a reading, the same to the console and to TensorBoard."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

log = logging.getLogger("glissando")


class History:
    """Appends readings to `history.jsonl`; one that resumes first drops what lies ahead of it."""

    def __init__(self, path: Path, board: Any = None) -> None:
        """Keep the path; `board` is TensorBoard's `SummaryWriter`, or None."""
        self._path, self._board = path, board

    def resume(self, step: int) -> None:
        """Forget readings beyond a checkpoint's step: they will be made again."""
        kept = [row for row in read_history(self._path) if row["step"] <= step]
        self._path.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")

    def training(self, step: int, readings: dict[str, float]) -> None:
        """Record loss, learning rate and throughput."""
        shown = "  ".join(f"{name} {value:.4g}" for name, value in readings.items())
        log.info("step %d  %s", step, shown)
        self._record(step, readings)

    def validation(self, step: int, scores: dict[str, float]) -> None:
        """Record loss (nats a word), WER and CER of greedy decoding."""
        log.info(
            "step %d  VALIDATION  loss %.3f  WER %.2f %%  CER %.2f %%  (greedy, no lexicon)",
            step,
            scores["val_loss"],
            100 * scores["val_wer"],
            100 * scores["val_cer"],
        )
        self._record(step, scores)

    def words(self, step: int, pairs: Iterable[tuple[str, str]]) -> None:
        """Show decoded words beside the truth."""
        lines = [
            f"  {'ok ' if truth == decoded else '   '} {truth:<16} {decoded or '(nothing)'}"
            for truth, decoded in pairs
        ]
        log.info("step %d  word -> decoded\n%s", step, "\n".join(lines))
        if self._board is not None:
            self._board.add_text("predictions", "    " + "\n    ".join(lines), step)

    def _record(self, step: int, values: dict[str, float]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, **values}) + "\n")
        if self._board is not None:
            for name, value in values.items():
                self._board.add_scalar(name, value, step)


def read_history(path: Path) -> Iterator[dict[str, float]]:
    """The readings of a run, oldest first; none if there is no file.

    A last line that a crash cut short is left out.
    """
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return
