"""The served demo over real connections: what it answers, what it never answers, and how."""

from __future__ import annotations

import gzip
import http.client
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner
from web_fixtures import serving

from glissando.bundle import BundleError
from glissando.cli.main import app
from glissando.demo import DemoServer, Site, SiteError, open_site, write_site
from glissando.demo import site as site_module
from glissando.demo.headers import SECURITY_HEADERS
from glissando.runtime.decoder import DEFAULT_BUNDLE

PAGE = {
    "index.html": b"<!doctype html><title>page</title>",
    "assets/main-1a2b.js": b"export const word = 'hello'",
    "assets/ort-1a2b.wasm": b"\0asm",
    "gallery/index.html": b"<!doctype html><title>gallery</title>",
    "sw.js": b"self.skipWaiting()",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small page, and a file beside it that nobody may get."""
    folder = tmp_path_factory.mktemp("demo") / "page"
    for name, content in PAGE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder.parent / "secret.txt").write_text("secret")
    return folder


@pytest.fixture(scope="module")
def site(page: Path) -> Site:
    return open_site(DEFAULT_BUNDLE, page)


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with serving(site) as url:
        yield urlsplit(url).netloc


Answer = tuple[int, dict[str, str], bytes]


def ask(address: str, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_every_file_comes_whole_and_as_what_it_is(address: str) -> None:
    kinds = {
        "/": "text/html; charset=utf-8",
        "/gallery/": "text/html; charset=utf-8",
        "/assets/main-1a2b.js": "text/javascript; charset=utf-8",
        "/assets/ort-1a2b.wasm": "application/wasm",
        "/bundle/bundle.json": "application/json",
        "/bundle/encoder.onnx": "application/octet-stream",
        "/bundle/lexicon.txt.gz": "application/gzip",
        "/bundle/lexicon.LICENSE": "text/plain; charset=utf-8",
    }
    for path, kind in kinds.items():
        status, headers, body = ask(address, f"{path}?version=1#top")
        assert (status, headers["Content-Type"]) == (200, kind), path
        assert "Content-Encoding" not in headers
        name = path[1:] + "index.html" if path.endswith("/") else path[1:]
        bundle_file = DEFAULT_BUNDLE / name.removeprefix("bundle/")
        assert body == (bundle_file.read_bytes() if "bundle/" in name else PAGE[name])
    assert gzip.decompress(ask(address, "/bundle/lexicon.txt.gz")[2])


@pytest.mark.parametrize("path", ["/", "/nowhere", "/bundle/bundle.json"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_bears_the_security_headers(address: str, path: str, method: str) -> None:
    status, headers, body = ask(address, path, method)
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert status == {"POST": 501}.get(method, 404 if path == "/nowhere" else 200)
    assert method != "HEAD" or body == b""


def test_the_policy_lets_no_inline_script_and_no_stranger_in() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_a_browser_asks_again_only_for_what_changed(address: str) -> None:
    _, headers, _ = ask(address, "/")
    assert headers["Cache-Control"] == "no-cache"
    again = ask(address, "/", If_None_Match=f'"other", W/{headers["ETag"]}')
    assert (again[0], again[2]) == (304, b"")
    assert again[1]["ETag"] == headers["ETag"]
    assert ask(address, "/", If_None_Match='"other"')[0] == 200
    assert "immutable" in ask(address, "/assets/main-1a2b.js")[1]["Cache-Control"]


def test_one_connection_carries_many_requests(address: str) -> None:
    connection = http.client.HTTPConnection(address, timeout=10)
    for path in ("/", "/sw.js", "/nowhere", "/"):
        connection.request("GET", path)
        connection.getresponse().read()
    assert connection.sock is not None  # the server did not close it
    connection.close()


DOTS = st.sampled_from(["..", ".", "%2e%2e", "..%2f", "%2e%2e%5c", "..\\", "", "~", "%00", "//"])
PARTS = DOTS | st.sampled_from(["bundle", "assets", "secret.txt", "etc", "passwd", "site.py"])


@given(parts=st.lists(PARTS | st.text(max_size=6).map(quote), min_size=1, max_size=8))
def test_no_path_leads_out_of_the_site(address: str, site: Site, parts: list[str]) -> None:
    status, _, body = ask(address, "/" + "/".join(parts))
    known = {asset.content for asset in site.assets.values()}
    assert body in known if status == 200 else status == 404
    assert b"secret" not in body


@given(path=st.text(max_size=60))
def test_only_names_in_the_table_are_found(site: Site, path: str) -> None:
    found = site.find(path)
    assert found is None or found[0] in site.assets


@given(sent=st.binary(min_size=1, max_size=200))
def test_nonsense_on_the_wire_ends_no_server(address: str, sent: bytes) -> None:
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(sent)
        raw.shutdown(socket.SHUT_WR)
        try:
            while raw.recv(65536):
                pass
        except ConnectionResetError:
            pass
    assert ask(address, "/sw.js")[0] == 200


def test_the_default_is_loopback_and_the_port_can_be_read(site: Site) -> None:
    with DemoServer(site) as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert server.server_address[1] > 0
    if socket.has_ipv6:
        with DemoServer(site, "::1") as server:
            assert server.url.startswith("http://[::1]:")


@pytest.mark.parametrize(("host", "said"), [("127.0.0.1", "in use"), ("no.such.host.", "no.such")])
def test_a_port_that_cannot_be_had_is_one_clear_line(site: Site, host: str, said: str) -> None:
    with DemoServer(site) as server, pytest.raises(SiteError, match=said) as caught:
        DemoServer(site, host, server.server_address[1])
    assert "--port" in str(caught.value)


def test_a_page_that_was_not_built_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="make page"):
        open_site(DEFAULT_BUNDLE, tmp_path)


def test_a_damaged_bundle_is_not_served(page: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        open_site(tmp_path, page)


def test_a_written_site_holds_the_same_files_and_tells_hosts_the_headers(
    site: Site, tmp_path: Path
) -> None:
    size = write_site(site, tmp_path / "site")
    written = {
        path.relative_to(tmp_path / "site").as_posix(): path.read_bytes()
        for path in (tmp_path / "site").rglob("*")
        if path.is_file()
    }
    headers = written.pop("_headers").decode()
    assert written == {name: asset.content for name, asset in site.assets.items()}
    assert size == sum(map(len, written.values())) + len(headers)
    assert all(f"  {name}: {value}\n" in headers for name, value in SECURITY_HEADERS.items())
    with pytest.raises(SiteError, match="not an empty folder"):
        write_site(site, tmp_path / "site")


def run(monkeypatch: pytest.MonkeyPatch, page: Path, *arguments: Any) -> Any:
    monkeypatch.setattr(site_module, "_PAGES", (page,))
    return CliRunner().invoke(app, ["demo", *map(str, arguments)])


def test_the_command_writes_a_site(
    monkeypatch: pytest.MonkeyPatch, page: Path, tmp_path: Path
) -> None:
    done = run(monkeypatch, page, "--build", tmp_path / "site")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "site/bundle/bundle.json").is_file()
    again = run(monkeypatch, page, "--build", tmp_path / "site")
    assert again.exit_code == 2
    assert "not an empty folder" in again.output


def test_the_command_says_that_a_port_is_taken(
    monkeypatch: pytest.MonkeyPatch, site: Site, page: Path
) -> None:
    with DemoServer(site) as server:
        done = run(monkeypatch, page, "--port", server.server_address[1])
    assert done.exit_code == 2
    assert "in use" in done.output
    assert "Traceback" not in done.output


def test_the_built_page_asks_for_nothing_by_an_absolute_path(built_site: Site) -> None:
    html = {name: asset.content for name, asset in built_site.assets.items() if "html" in name}
    assert html
    for name, content in html.items():
        assert b'="/' not in content, name
        assert b"<script>" not in content, name


def test_the_page_opens_in_chromium(demo_url: str, visit: Callable[..., Any]) -> None:
    opened = visit(demo_url)
    assert opened.page.title()
    assert opened.page.evaluate("self.crossOriginIsolated") is True
