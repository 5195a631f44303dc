"""What a visitor downloads is listed, and stays small."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from glissando.demo import Site


@pytest.fixture(scope="module")
def tool(repository: Path) -> dict[str, Any]:
    return runpy.run_path(str(repository / "tools/list_download.py"))


def test_page_runtime_and_bundle_are_less_than_12_megabytes(
    built_site: Site, tool: dict[str, Any]
) -> None:
    listed = [*tool["parts"](built_site)]
    assert {part.name for part in listed} == set(built_site.assets)
    assert sum(part.sent for part in listed) < 12_000_000
    *rows, total = tool["table"](listed)
    assert len(rows) == 2 + len(listed)
    assert total.startswith("| **all** |")


def test_one_variant_of_the_runtime_ships(built_site: Site) -> None:
    assert sum(name.endswith(".wasm") for name in built_site.assets) == 1
    assert not [name for name in built_site.assets if "jsep" in name or "webgpu" in name]


def test_a_download_that_is_too_large_is_refused(
    repository: Path, built_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["list_download.py"])
    script = runpy.run_path(str(repository / "tools/list_download.py"))
    script["main"].__globals__["LIMIT"] = 1_000
    with pytest.raises(SystemExit, match="expected less than 1,000"):
        script["main"]()
