"""The page without its network, without its bundle, and with less of a browser than most have."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from web_fixtures import PHONE, READY, Visit, serving
from web_swipes import Hand, synthetic, until, write

from glissando.demo import DemoServer, Site, write_site
from glissando.demo.site import Asset

SLOW = 90_000  # milliseconds: other jobs share the cores

pytestmark = pytest.mark.slow


def wait_until_kept(page: Any) -> None:
    """Until the service worker has everything and answers for this page."""
    until(lambda: page.evaluate("!!navigator.serviceWorker.controller"), 60)


def test_the_page_opens_and_decodes_without_its_server(
    built_site: Site, visit: Callable[..., Visit]
) -> None:
    with serving(built_site) as url:
        opened = visit(url, **PHONE)
        page = opened.page
        page.locator(READY).wait_for(timeout=SLOW)
        word = write(page, Hand(page), synthetic("people"))
        wait_until_kept(page)
    opened.context.set_offline(True)  # and the server is gone, too
    page.goto(f"{url}?from=somewhere")
    page.locator(READY).wait_for(timeout=SLOW)
    assert write(page, Hand(page), synthetic("people")) == word
    page.get_by_role("link", name="Gallery").click()
    page.locator(".card").first.wait_for()
    forget_network_errors(opened)


def test_a_newer_bundle_takes_the_old_ones_place_only_whole(
    built_site: Site, visit: Callable[..., Visit]
) -> None:
    name = "bundle/bundle.json"
    description = json.loads(built_site.assets[name].content)
    description["name"] = "newer"
    description["decoding"]["width"] = 1
    changed = Asset(json.dumps(description).encode(), '"newer"')
    newer = Site({**built_site.assets, name: changed})
    broken = Site({key: value for key, value in newer.assets.items() if "encoder" not in key})
    with DemoServer(built_site) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        opened = visit(server.url, **PHONE)
        page = opened.page
        page.locator(READY).wait_for(timeout=SLOW)
        wait_until_kept(page)

        def bundle_that_a_page_would_get() -> str:
            description = page.evaluate("fetch('./bundle/bundle.json').then(it => it.json())")
            return str(description["name"])

        old = bundle_that_a_page_would_get()
        assert old != "newer"
        server.site = broken
        assert bundle_that_a_page_would_get() == old
        server.site = newer
        assert bundle_that_a_page_would_get() == "newer"
        server.shutdown()
        thread.join()
    assert bundle_that_a_page_would_get() == "newer"
    forget_network_errors(opened)


def test_a_bundle_that_fails_to_load_is_told_and_tried_again(
    visit: Callable[..., Visit], demo_url: str
) -> None:
    opened = visit(f"{demo_url}icon.svg", **PHONE)
    page = opened.page
    # One route for all of it: Chromium now and then never answers one that is set up while the
    # page ends a worker whose requests are held.
    answers: dict[str, Callable[[Any], None]] = {"encoder.onnx": lambda route: route.abort()}

    def answer(route: Any) -> None:
        answers.get(route.request.url.rpartition("/")[2], lambda route: route.continue_())(route)

    page.route("**/bundle/*", answer)
    page.goto(demo_url)
    alert = page.get_by_role("alert")
    alert.wait_for(timeout=SLOW)
    assert "The decoder did not load" in alert.inner_text()
    assert "encoder.onnx" in alert.inner_text()
    for name, wrong in (
        ("bundle.json", {"status": 404, "body": "not here"}),
        ("joiner.onnx", {"body": "damaged"}),
        ("lexicon.txt.gz", {"body": "damaged"}),
    ):
        answers.clear()
        answers[name] = lambda route, wrong=wrong: route.fulfill(**wrong)
        page.get_by_role("button", name="Try again").click()
        alert.get_by_text(name).wait_for(timeout=SLOW)
    answers.clear()
    page.get_by_role("button", name="Try again").click()
    page.locator(READY).wait_for(timeout=SLOW)
    assert write(page, Hand(page), synthetic("people"))
    forget_network_errors(opened)


def test_a_plain_host_and_a_browser_without_threads_or_service_workers(
    built_site: Site, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    """Any static host, without a header of ours, so that nothing is isolated."""
    write_site(built_site, tmp_path / "site")
    handler = partial(Quiet, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        opened = visit(f"{url}icon.svg", **PHONE, service_workers="block")
        page = opened.page
        page.add_init_script("delete Navigator.prototype.serviceWorker")
        page.goto(url)
        page.locator(READY).wait_for(timeout=SLOW)
        assert page.evaluate("typeof SharedArrayBuffer") == "undefined"
        assert page.evaluate("'serviceWorker' in navigator") is False
        assert write(page, Hand(page), synthetic("people"))
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def forget_network_errors(visit: Visit) -> None:
    """Chromium itself logs every request that fails; nothing else may be there."""
    others = [error for error in visit.errors if "Failed to load resource" not in error]
    assert others == []
    visit.errors.clear()
