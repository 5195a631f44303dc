"""How every benchmark tells its result: a table on the screen, JSON for the record."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("glissando", "numpy", "pyarrow", "numba", "torch", "nemo_toolkit", "onnxruntime")


def write(name: str, results: dict[str, Any], out: Path | None = None) -> None:
    """Print results and, where `out` is given, write them as JSON with the machine's facts.

    Args:
        name: Name of the benchmark.
        results: Field → JSON value; put the ratio first and units into the names.
        out: File to write, its folder made as needed.
    """
    width = max(map(len, results), default=0)
    print(name)
    for field, value in results.items():
        print(f"  {field:<{width}}  {_round(value)}")
    if out is not None:
        record = {"benchmark": name, **results, "machine": machine()}
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """What the numbers were measured on: processor, cores, versions, date."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", "unset"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": _versions(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _round(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value
