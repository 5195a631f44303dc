"""Lists what a visitor of the demo downloads: page, runtime and bundle, each file compressed.

python tools/list_download.py            # a table; exit code 1 where it is too much
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glissando.demo import Site, open_site
from glissando.runtime.decoder import DEFAULT_BUNDLE

LIMIT = 12_000_000  # bytes
_LEVEL = 6  # of gzip: what web servers use


@dataclass(frozen=True, slots=True)
class Part:
    """One file.

    Attributes:
        name: Its path beside the page.
        size: Bytes as it lies.
        sent: Bytes as a web host sends it, gzipped where that makes it smaller.
    """

    name: str
    size: int
    sent: int


def parts(site: Site) -> Iterator[Part]:
    """All files of a site, the largest first."""
    sizes = [
        Part(name, len(asset.content), min(len(asset.content), _gzipped(asset.content)))
        for name, asset in site.assets.items()
    ]
    yield from sorted(sizes, key=lambda part: -part.sent)


def table(listed: list[Part]) -> Iterator[str]:
    """The files as a Markdown table, and their sum."""
    total = Part("**all**", sum(part.size for part in listed), sum(part.sent for part in listed))
    yield "| file | kB | compressed, kB |"
    yield "| --- | ---: | ---: |"
    for part in [*listed, total]:
        yield f"| {part.name} | {part.size / 1000:,.0f} | {part.sent / 1000:,.0f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, default=DEFAULT_BUNDLE)
    listed = [*parts(open_site(parser.parse_args().bundle))]
    print("\n".join(table(listed)))
    total = sum(part.sent for part in listed)
    if total >= LIMIT:
        raise SystemExit(f"{total:,} bytes, expected less than {LIMIT:,}")


def _gzipped(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=_LEVEL, mtime=0))


if __name__ == "__main__":
    main()
