"""`glissando demo`: a page to swipe on, decoded in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    bundle: Annotated[
        Path | None, typer.Option(help="The bundle's folder; the one that ships if not given.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for any free port.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    build: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write the page as files for any web host, and serve nothing."
        ),
    ] = None,
) -> None:
    """Serve a page to swipe on. It decodes in the browser: no swipe leaves the device.

    Example: glissando demo --port 8080
    """
    from glissando.demo import DemoServer, open_site, write_site
    from glissando.runtime.decoder import DEFAULT_BUNDLE

    site = open_site(bundle or DEFAULT_BUNDLE)
    if build is not None:
        size = write_site(site, build)
        typer.echo(f"written    {build} ({size / 1e6:.1f} MB)")
        return
    with DemoServer(site, host, port) as server:
        typer.echo(f"serving    {server.url}   (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("ended")
