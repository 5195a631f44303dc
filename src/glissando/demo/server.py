"""Serves the demo's files over HTTP, and nothing else."""

from __future__ import annotations

import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from glissando.demo.headers import SECURITY_HEADERS, caching, media_type
from glissando.demo.site import Site, SiteError


class DemoServer(ThreadingTCPServer):
    """A server of one site; `serve_forever` runs it, `shutdown` ends it from another thread.

    Args:
        site: What to serve.
        host: The address to listen on; a loopback address keeps it on this machine.
        port: The port, 0 for any free one.

    Raises:
        SiteError: the port is taken or not allowed, or there is no such address.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Site, host: str = "127.0.0.1", port: int = 0) -> None:
        self.site = site
        try:
            family, _, _, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            self.address_family = family
            super().__init__((str(address[0]), port), _Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SiteError(
                f"cannot listen on {host}, port {port}: {reason}; --port 0 takes any free port"
            ) from error

    @property
    def url(self) -> str:
        """Where the page is."""
        host, port = self.server_address[:2]
        name = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{name}:{port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that hung up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection for many files
    timeout = 60.0
    server: DemoServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        found = self.server.site.find(path.removeprefix("/"))
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        name, asset = found
        known = self.headers.get("If-None-Match", "")
        fresh = asset.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else HTTPStatus.OK)
        self.send_header("ETag", asset.etag)
        self.send_header("Cache-Control", caching(name))
        if not fresh:
            self.send_header("Content-Type", media_type(name))
            self.send_header("Content-Length", str(len(asset.content)))
        self.end_headers()
        if with_body and not fresh:
            self.wfile.write(asset.content)

    def end_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def version_string(self) -> str:
        return "glissando"

    def log_message(self, format: str, *args: Any) -> None:
        """Keep no log of who asked for what."""
