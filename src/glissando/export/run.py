"""`export_run`: the bundle of a finished training run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from glissando.evaluation import read_swipes
from glissando.export.exporting import TUNING_SWIPES, Exported, ExportError, Trained, export_trained
from glissando.model.build import restore_model
from glissando.model.description import ARCHITECTURE, architecture_to_json
from glissando.training.nemo_settings import feature_spec
from glissando.training.options import read_written_config
from glissando.training.run_folder import RunFolder


def export_run(
    run: Path,
    out: Path,
    *,
    data: Sequence[Path] = (),
    precision: str = "fp32",
    limit: int = TUNING_SWIPES,
    name: str = "",
) -> Exported:
    """Write the bundle of a run, tuned and checked on validation swipes.

    Args:
        run: The run's folder, with `model.nemo` and `config.yaml`.
        out: The bundle's folder; a bundle that is there is replaced.
        data: Validation swipes; those that the run validated on where none are named.
        precision: fp32, fp16 or int8.
        limit: Swipes to tune and check on, at most.
        name: What reports shall call the model; the run's name if empty.

    Raises:
        ExportError: no finished run, or the precision costs too much accuracy.
        ParityError: a graph or the n-best differs from torch.
        DataError: the validation swipes cannot be read.
    """
    folder = RunFolder(run)
    for path in (folder.config, folder.model):
        if not path.is_file():
            raise ExportError(f"{run}: not a finished run: {path.name} is missing")
    config = read_written_config(folder.config)
    sources = list(data) or [Path(config.data.validation)]
    for source in sources:
        if not source.exists():
            raise ExportError(f"{source}: no such validation data; name some with --data")
    swipes = read_swipes(sources, limit=limit)
    trained = Trained(
        model=restore_model(folder.model),
        spec=feature_spec(config),
        name=name or run.resolve().name,
        facts={
            ARCHITECTURE: architecture_to_json(config),
            "training": _facts(folder),
            "tuned_on": [name for name, _ in swipes.files],
        },
    )
    gestures = [row.gesture for row in swipes.rows]
    return export_trained(trained, out, gestures, swipes.keyboards, precision=precision)


def _facts(folder: RunFolder) -> dict[str, Any]:
    if not folder.metrics.is_file():
        return {}
    facts: dict[str, Any] = json.loads(folder.metrics.read_text(encoding="utf-8"))
    return facts
