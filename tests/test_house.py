from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

HEAVY_ROOMS = {"cli", "export", "finetuning", "model", "training"}
TRAINING_STACK = (
    "hydra lightning nemo numba omegaconf onnx pytorch_lightning torch transformers typer wandb"
)
# The rooms that a decoder in somebody's app stands on: numpy and onnxruntime must be enough.
BASE_ROOMS = {
    "alphabet",
    "bundle",
    "decoding",
    "demo",
    "features",
    "fields",
    "keyboard",
    "lexicon",
    "runtime",
    "traces",
}
BEYOND_BASE = "click datasets matplotlib pandas psutil pyarrow rich scipy sklearn tqdm yaml"

IMPORT_WITHOUT = """
import importlib, pkgutil, sys
blocked, rooms = (set(text.split()) for text in sys.argv[1:])

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ImportError(f"{name} is out of bounds here")

sys.meta_path.insert(0, Wall())
import glissando
for module in pkgutil.walk_packages(
    glissando.__path__, "glissando.", onerror=lambda name: None
):
    if module.name.split(".")[1] in rooms:
        importlib.import_module(module.name)
        print(module.name)
"""


def rooms_of(package: Path) -> set[str]:
    modules = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    return modules | {path.parent.name for path in package.glob("*/__init__.py")}


@pytest.fixture(scope="module")
def rooms(repository: Path) -> set[str]:
    return rooms_of(repository / "src" / "glissando")


@pytest.fixture(scope="module")
def contracts(repository: Path) -> dict[str, dict[str, Any]]:
    config = tomllib.loads((repository / "pyproject.toml").read_text())
    return {contract["id"]: contract for contract in config["tool"]["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def files(repository: Path) -> list[Path]:
    """Everything that is or could be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    found = [repository / name for name in listed if name]
    return [path for path in found if path.is_file()]


def import_without(blocked: str, rooms: set[str]) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT, blocked, " ".join(rooms)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[1] for name in done.stdout.split()}


def test_the_light_rooms_import_without_the_training_stack(rooms: set[str]) -> None:
    light = rooms - HEAVY_ROOMS
    assert {"traces", "alphabet", "keyboard", "features"} <= light
    assert import_without(TRAINING_STACK, light) == light


def test_the_rooms_a_decoder_needs_import_with_the_base_install_alone(rooms: set[str]) -> None:
    base = rooms & BASE_ROOMS
    assert import_without(f"{TRAINING_STACK} {BEYOND_BASE}", base) == base


def test_the_dependency_rule_holds(repository: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=repository,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_name_every_room_there_is(
    rooms: set[str], contracts: dict[str, dict[str, Any]]
) -> None:
    light = {f"glissando.{room}" for room in rooms - HEAVY_ROOMS}
    assert set(contracts["light"]["source_modules"]) == light
    without_nemo = {f"glissando.{room}" for room in rooms & HEAVY_ROOMS - {"model", "training"}}
    assert set(contracts["nemo"]["source_modules"]) == without_nemo
    assert set(contracts["light"]["forbidden_modules"]) <= set(TRAINING_STACK.split())


def test_importing_glissando_takes_no_time() -> None:
    measure = "import time; start = time.process_time(); import glissando; "
    measure += "print(time.process_time() - start)"
    seconds = [
        float(subprocess.check_output([sys.executable, "-c", measure], text=True)) for _ in range(3)
    ]
    assert min(seconds) < 0.3


def test_no_source_file_is_longer_than_300_lines(files: list[Path], repository: Path) -> None:
    lengths = {
        path.relative_to(repository): len(path.read_text().splitlines())
        for path in files
        if path.suffix == ".py"
    }
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


# A folder of one machine, or of the place where the project is worked on, means nothing elsewhere.
ONES_OWN_PLACE = re.compile(
    rb"(?<![\w.:/*-])/(?:work|opt|root|home|Users|mnt)/\w|file:///\w|[.]library/|[A-Z]:\\Users"
)


def test_no_file_names_a_place_on_somebodys_machine(files: list[Path], repository: Path) -> None:
    named = []
    for path in files:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if b"\0" not in line and ONES_OWN_PLACE.search(line):
                named.append(f"{path.relative_to(repository)}:{number}: {line[:80]!r}")
    assert named == []


def test_the_command_on_a_base_install_names_the_extra() -> None:
    code = "import sys; sys.modules['typer'] = None; from glissando.cli.entry import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install 'glissando[cli]'" in done.stderr
