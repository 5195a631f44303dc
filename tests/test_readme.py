from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_readmes_python_runs_as_it_stands(repository: Path, tmp_path: Path) -> None:
    blocks = BLOCK.findall((repository / "README.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 2
    program = "\n".join(blocks)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    words = [line.split()[0] for line in done.stdout.splitlines()]
    assert "the" in words
    assert "add" in (tmp_path / "words.txt").read_text(encoding="utf-8")
