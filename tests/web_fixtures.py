"""Fixtures for tests of the page: the served demo, and a Chromium that watches what it does.

`tests/conftest.py` makes them known to every test. Where the page was not built, or Chromium is
absent, a test that asks for them skips and says so; in continuous integration it fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest

from glissando.demo import DemoServer, Site, SiteError, open_site
from glissando.runtime.decoder import DEFAULT_BUNDLE

# Debian's wrapper talks about Google's services unless told not to; a container has no sandbox.
FLAGS = ["--headless", "--no-sandbox", "--disable-background-networking"]
# A phone, as `browser.new_context` takes it.
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
READY = ".typing:not([aria-busy=true])"  # the keyboard is there before the decoder


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """The address of a site, on a free port of this machine, while the block lasts."""
    with DemoServer(site) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def built_site() -> Site:
    """The built page with the bundle that ships; skips where the page was not built."""
    return _site_with(DEFAULT_BUNDLE)


@pytest.fixture(scope="session")
def demo_url(built_site: Site) -> Iterator[str]:
    """The served demo with the bundle that ships."""
    with serving(built_site) as url:
        yield url


@pytest.fixture
def serve() -> Iterator[Callable[[Site | Path], str]]:
    """Serves a site of one's own, or the page with the bundle in a folder, for this test."""
    with ExitStack() as stack:

        def start(what: Site | Path) -> str:
            site = _site_with(what) if isinstance(what, Path) else what
            return stack.enter_context(serving(site))

        yield start


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running `playwright.sync_api.Browser`; skips where there is no Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="PLAYWRIGHT ABSENT")
    program = os.environ.get("GLISSANDO_CHROMIUM") or shutil.which("chromium")
    if not program:
        _do_without("CHROMIUM ABSENT: no chromium on the PATH; set GLISSANDO_CHROMIUM")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One page in a browser context of its own, and what went wrong on it so far.

    Attributes:
        page: The `playwright.sync_api.Page`.
        context: Its context; `context.set_offline(True)` cuts the network.
        errors: Errors and warnings on the console, and exceptions nobody caught.
        strangers: Requests to any other origin than the page's.
    """

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(20_000)
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self._origin = _origin(url)
        self.context.on("request", lambda request: self._judge(request.url))
        self.page = self.context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        self.page.goto(url)

    def _judge(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob") and _origin(url) != self._origin:
            self.strangers.append(url)

    def _listen(self, message: Any) -> None:
        # Of a picture opened by itself Chromium asks the host for an icon; our page names its own.
        of_chromium = message.location["url"].endswith("/favicon.ico")
        if message.type in ("error", "warning") and not of_chromium:
            self.errors.append(f"{message.type}: {message.text}")


@pytest.fixture(scope="module")
def phone(chromium: Any, demo_url: str) -> Iterator[Visit]:
    """A phone that the tests of a module share; in the end nothing may have gone wrong on it."""
    one = Visit(chromium, demo_url, **PHONE)
    one.page.wait_for_selector(READY, timeout=90_000)
    yield one
    one.context.close()
    found = f"errors {one.errors}, requests elsewhere {one.strangers}"
    assert not one.errors and not one.strangers, found


@pytest.fixture
def page(phone: Visit) -> Iterator[Any]:
    """The phone's page with the view to type in and nothing written; it may be resized."""
    start_anew(phone.page)
    yield phone.page
    phone.page.set_viewport_size(PHONE["viewport"])


def start_anew(page: Any) -> None:
    """Bring up the view to type in, with nothing written."""
    page.evaluate("location.hash = '#type'")
    page.get_by_role("button", name="Clear").click()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """Opens a page: `visit(url, **PHONE)`; keywords are those of `browser.new_context`.

    After the test no visit may hold an error or a request to another origin; a test that
    provokes errors empties `errors` when it has looked at them.
    """
    visits: list[Visit] = []

    def open_page(url: str, **options: Any) -> Visit:
        visits.append(Visit(chromium, url, **options))
        return visits[-1]

    yield open_page
    for one in visits:
        one.context.close()
    # pytest rewrites no assertions of this module, so that they have to say what they found.
    errors = [one.errors for one in visits if one.errors]
    strangers = [one.strangers for one in visits if one.strangers]
    assert not errors and not strangers, f"errors {errors}, requests elsewhere {strangers}"


def _do_without(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def _site_with(bundle: Path) -> Site:
    try:
        return open_site(bundle)
    except SiteError as error:
        _do_without(f"PAGE NOT BUILT: {error}")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
