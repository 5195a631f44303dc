"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
