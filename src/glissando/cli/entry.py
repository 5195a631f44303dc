"""Where the `glissando` command begins: says what to install where the base install lacks it."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command, or end in one line that names the extra it needs."""
    try:
        from glissando.cli.main import app
    except ModuleNotFoundError as error:
        sys.exit(f"glissando: {error.name} is missing; pip install 'glissando[cli]'")
    app()
