"""The wheel as a user gets it: an empty environment, no extra, nothing of the repository."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

BASE = {"glissando", "numpy", "onnxruntime"}
# What onnxruntime itself asks for, and what every environment has.
BROUGHT_ALONG = {"flatbuffers", "packaging", "protobuf", "pip", "setuptools", "sympy", "mpmath"}
BROUGHT_ALONG |= {"coloredlogs", "humanfriendly", "typing_extensions"}

SERVING = """
from threading import Thread
from urllib.request import urlopen
from glissando.demo import DemoServer, open_site
from glissando.runtime.decoder import DEFAULT_BUNDLE

site = open_site(DEFAULT_BUNDLE)
with DemoServer(site) as server:
    Thread(target=server.serve_forever, daemon=True).start()
    for name, asset in site.assets.items():
        with urlopen(server.url + name) as answer:
            assert answer.read() == asset.content, name
            print(answer.headers["Content-Type"], name)
    server.shutdown()
"""

PROGRAM = """
import json, re, sys
from pathlib import Path
import numpy as np
from glissando import GestureDecoder

decoder = GestureDecoder.load()
keys = np.array([decoder.keyboard.centres[letter] for letter in "keyboard"])
along = np.linspace(0, len(keys) - 1, 60)
path = [np.interp(along, range(len(keys)), column) for column in keys.T]
found = decoder.decode(np.column_stack([*path, np.linspace(0, 1200, 60)]))
from glissando.decoding.kernel import is_compiled
# Not ru_maxrss, which counts what the parent had before this program took its place.
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps({
    "word": found[0].word,
    "words": len(decoder.words),
    "megabytes": int(peak[1]) / 1024,
    "compiled": is_compiled(),
    "heavy": sorted({"torch", "nemo", "onnx", "pyarrow", "typer"} & set(sys.modules)),
}))
"""


@pytest.fixture(scope="module")
def installed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A python of its own with the wheel in it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    made_here = (".*", "runs", "data", "__pycache__", "*.native", "node_modules")
    shutil.copytree(repository, source, ignore=shutil.ignore_patterns(*made_here))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", folder, source], check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment", with_pip=True)
    python = folder / "environment/bin/python"
    limits = ["-c", repository / "constraints.txt"]
    subprocess.run([python, "-m", "pip", "install", "-q", *limits, wheel], check=True)
    return python


@pytest.mark.slow
def test_the_wheel_alone_decodes_a_swipe_in_little_memory(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["word"] == "keyboard"
    assert said["words"] >= 150_000
    assert said["megabytes"] < 250
    assert said["compiled"] is (shutil.which("cc") is not None)
    assert said["heavy"] == []


@pytest.mark.slow
def test_the_wheel_brings_numpy_and_onnxruntime_and_nothing_heavier(installed: Path) -> None:
    done = subprocess.run(
        [installed, "-m", "pip", "list", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    names = {package["name"].lower().replace("-", "_") for package in json.loads(done.stdout)}
    assert names >= BASE
    assert names - BASE <= BROUGHT_ALONG


@pytest.mark.slow
def test_the_wheel_alone_serves_the_demo(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run([installed, "-c", SERVING], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "text/html; charset=utf-8 index.html" in done.stdout
    assert "application/wasm assets/" in done.stdout
    assert "application/octet-stream bundle/encoder.onnx" in done.stdout
