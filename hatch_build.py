"""Compiles the beam search's kernel into the package where there is a C compiler."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("src/glissando/decoding")
SOURCE, LIBRARY = FOLDER / "kernel.c", FOLDER / "kernel.native"


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the library to wheels; without a compiler the wheel is pure and searches in numpy."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and name the platform that the library runs on."""
        root = Path(self.root)
        if not compile_kernel(root / SOURCE, root / LIBRARY):
            self.app.display_warning("no C compiler: the search will run in numpy, slower")
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"  # ctypes loads it: any Python will do
        build_data["artifacts"].append(str(LIBRARY))


def compile_kernel(source: Path, library: Path) -> bool:
    """Whether there was a compiler and it made the library."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None or sys.platform == "win32":
        return False
    command = [compiler, "-O3", "-shared", "-fPIC", "-o", str(library), str(source), "-lm"]
    return subprocess.run(command, check=False).returncode == 0
