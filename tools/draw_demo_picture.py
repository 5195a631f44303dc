"""Photographs the demo on a phone's screen for the README: docs/pictures/demo.png.

Its swipes are synthetic: of each word the first that is read as it. Needs the built page, and a
Chromium: python tools/draw_demo_picture.py
"""

from __future__ import annotations

import argparse
import shutil
import time
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from glissando import GestureDecoder
from glissando.demo import DemoServer, open_site
from glissando.keyboard import load_keyboard
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.synthesis import synthesize
from glissando.traces import Trace

OUT = Path(__file__).resolve().parent.parent / "docs/pictures/demo.png"
WRITTEN, UNDER_WAY = "glide your finger from letter to letter and", "words"
WIDTH, HEIGHT = 390, 700
SURE = 0.8


def swipe_for(word: str, decoder: GestureDecoder) -> Trace:
    """The first synthetic swipe that is surely read as the word."""
    for seed in count():
        rng = np.random.default_rng(seed)
        trace = next(synthesize([word], load_keyboard("qwerty"), rng=rng).traces())
        best = decoder.decode(trace, n=1)
        if best and best[0].word == word and best[0].probability > SURE:
            return trace
    raise AssertionError("unreachable")


def play(page: Any, trace: Trace, *, lift: bool) -> None:
    """Draw a swipe with a finger, in its own time."""
    session = page.context.new_cdp_session(page)
    box = page.locator(".letters").bounding_box()
    begin = time.time()
    for at, (x, y, t) in enumerate(trace.points().tolist()):
        time.sleep(max(0.0, begin + t / 1000 - time.time()))
        place = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": 0}
        kind = "touchMove" if at else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    if lift:
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.locator(".candidate[aria-pressed=true]").wait_for()


def main() -> None:
    """Serve, swipe and photograph."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the program")
    parser.add_argument("--scheme", default="light", choices=["light", "dark"])
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    decoder = GestureDecoder.load()
    with DemoServer(open_site(DEFAULT_BUNDLE)) as server, sync_playwright() as driver:
        Thread(target=server.serve_forever, daemon=True).start()
        browser = driver.chromium.launch(
            executable_path=arguments.chromium, args=["--headless", "--no-sandbox"]
        )
        context = browser.new_context(
            color_scheme=arguments.scheme,
            device_scale_factor=2,
            viewport={"width": WIDTH, "height": HEIGHT},
            has_touch=True,
            is_mobile=True,
        )
        page = context.new_page()
        page.goto(server.url)
        page.locator(".typing:not([aria-busy=true])").wait_for(timeout=90_000)
        for word in WRITTEN.split():
            play(page, swipe_for(word, decoder), lift=True)
        play(page, swipe_for(UNDER_WAY, decoder), lift=False)
        time.sleep(0.5)
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(arguments.out))
        browser.close()
        server.shutdown()
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
