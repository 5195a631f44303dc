"""All files of the demo in memory, by the path that a browser asks for them with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from glissando.bundle import read_bundle
from glissando.demo.headers import SECURITY_HEADERS

_INDEX = "index.html"
# A wheel holds the page; in a checkout it lies where `npm run build` left it.
_PAGES = (Path(__file__).with_name("page"), Path(__file__).parents[3] / "web" / "dist")


class SiteError(RuntimeError):
    """The demo cannot be served or written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file.

    Attributes:
        content: Its bytes.
        etag: What a browser compares its copy by, quotes included.
    """

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Site:
    """Every file there is; what is not in the table cannot be asked for.

    Attributes:
        assets: Files by path, relative to the page and with `/` between its parts.
    """

    assets: Mapping[str, Asset]

    def find(self, path: str) -> tuple[str, Asset] | None:
        """The name and the file that a URL's path stands for, decoded and without its first /."""
        name = path + _INDEX if path == "" or path.endswith("/") else path
        asset = self.assets.get(name)
        return (name, asset) if asset else None


def open_site(bundle: Path, page: Path | None = None) -> Site:
    """Read the page and a bundle, which the page finds in `bundle/` beside itself.

    Args:
        bundle: The bundle's folder; its files are checked.
        page: Folder of the built page; None for the one that this installation has.

    Raises:
        SiteError: the page was not built.
        BundleError: no bundle there, or a damaged one.
    """
    page = page or next((folder for folder in _PAGES if (folder / _INDEX).is_file()), _PAGES[-1])
    if not (page / _INDEX).is_file():
        raise SiteError(
            "the page of the demo was not built; `make page` builds it in a checkout, "
            "and wheels bring it"
        )
    files = dict(read_bundle(bundle).files)
    files["bundle.json"] = (bundle / "bundle.json").read_bytes()
    contents = {f"bundle/{name}": content for name, content in files.items()}
    for path in sorted(page.rglob("*")):
        if path.is_file():
            contents[path.relative_to(page).as_posix()] = path.read_bytes()
    return Site({name: Asset(content, _etag(content)) for name, content in contents.items()})


def write_site(site: Site, folder: Path) -> int:
    """Write the demo as files that any web host can serve, from any path.

    `_headers` gives the security headers to hosts that read such a file.

    Returns:
        Bytes written.

    Raises:
        SiteError: the folder is there and not empty.
        OSError: the disk is full or not writable.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise SiteError(f"{folder}: is not an empty folder; nothing was written")
    lines = [f"  {name}: {value}\n" for name, value in SECURITY_HEADERS.items()]
    files = {name: asset.content for name, asset in site.assets.items()}
    files["_headers"] = ("/*\n" + "".join(lines)).encode()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sum(map(len, files.values()))


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
