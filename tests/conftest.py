"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from web_fixtures import built_site, chromium, demo_url, page, phone, serve, visit  # noqa: F401

if TYPE_CHECKING:
    from glissando.bundle import Bundle

ROOT = Path(__file__).resolve().parent.parent

# Other processes share the cores, so that a slow example says nothing.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of recorded human swipes; skips the test where there is none."""
    folder = Path(os.environ.get("GLISSANDO_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "how-we-swipe").is_dir():
        pytest.skip(f"REAL DATA ABSENT: no how-we-swipe under {folder}; set GLISSANDO_DATA")
    return folder


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real transducer bundle with random weights and a hundred words; copy it to change it."""
    from bundles import write_tiny_bundle  # imports torch

    return write_tiny_bundle(tmp_path_factory.mktemp("bundles") / "rnnt", "rnnt")


@pytest.fixture(scope="session")
def tiny_ctc_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for a CTC model."""
    from bundles import write_tiny_bundle

    return write_tiny_bundle(tmp_path_factory.mktemp("bundles") / "ctc", "ctc")


@pytest.fixture(scope="session")
def bundles(tiny_bundle: Path, tiny_ctc_bundle: Path) -> dict[str, Bundle]:
    """Head → that tiny bundle, read."""
    from glissando.bundle import read_bundle

    return {"rnnt": read_bundle(tiny_bundle), "ctc": read_bundle(tiny_ctc_bundle)}
