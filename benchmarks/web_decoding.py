"""From lifting the finger to the word on the page, in Chromium, beside Python on the same swipes.

    python benchmarks/web_decoding.py --data validation.jsonl.gz --out web_decoding.json

Swipes are played in their own time on the served page, candidates following as for a person. After
each, Python decodes the same swipe, so that whatever else the machine does slows both alike. Both
search on one thread. What the page measures begins when it hears that the finger lifted and ends
when the word is in the text; Python's is one call of `decode`. Beside it stand the parts of a
decode as the page's worker measures them.

Before that the page is opened several times, each time in a fresh profile: how long it is from the
navigation until the keyboard is there, until the decoder is, and until a swipe that was made as
soon as there was a keyboard has its word in the text.

How long the browser took to tell the page of the lift is left out: Chromium gives the events that
tests send to a page between two of its pictures, so that they wait as a real finger's do not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import report
from decoding import made_up, real

from glissando.demo import SiteError, open_site
from glissando.runtime import GestureDecoder
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.traces import Gesture

# The hand that tests play swipes with.
sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
from web_fixtures import FLAGS, PHONE, READY, Visit, serving
from web_swipes import Hand, Points, points_of, synthetic, until

MEASURE = "lift to word"
WARM_UP = 10
OPENINGS = 5
SETTLING = 2  # seconds until a browser has done with what it does for itself


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, default=DEFAULT_BUNDLE)
    parser.add_argument("--data", type=Path, help="validation swipes; synthetic ones if not given")
    parser.add_argument("--swipes", type=int, default=100)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="its program")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    options = parser.parse_args()
    try:
        site = open_site(options.bundle)
    except SiteError as error:
        print(f"web_decoding: left out: {error}")
        return
    if options.chromium is None:
        print("web_decoding: left out: no chromium on the PATH; name it with --chromium")
        return
    swipes = real(options.data, options.swipes) if options.data else made_up(options.swipes)
    with serving(site) as url:
        times = played(url, swipes, GestureDecoder.load(options.bundle), options.chromium)
    results = {"swipes": f"{len(swipes)} {'real' if options.data else 'synthetic'}"}
    report.write("web_decoding", results | summary(times), options.out)


def played(
    url: str, swipes: list[Gesture], python: GestureDecoder, chromium: str
) -> dict[str, list[float]]:
    """Milliseconds of each swipe on the page and in Python, by what was measured."""
    from playwright.sync_api import sync_playwright

    times: dict[str, list[float]] = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        for _ in range(OPENINGS):
            time.sleep(SETTLING)
            for name, milliseconds in opened(browser, url).items():
                times.setdefault(name, []).append(milliseconds)
        page = Visit(browser, url, **PHONE).page
        page.wait_for_selector(READY, timeout=90_000)
        hand = Hand(page)
        for number, swipe in enumerate([*swipes[:WARM_UP], *swipes]):
            found = lifted(page, hand, points_of(swipe.trace))
            start = time.perf_counter()
            python.decode(swipe.trace)
            found["python"] = 1000 * (time.perf_counter() - start)
            if number >= WARM_UP and "page" in found:
                for name, milliseconds in found.items():
                    times.setdefault(name, []).append(milliseconds)
        browser.close()
    return times


def opened(browser: Any, url: str) -> dict[str, float]:
    """Milliseconds from the navigation to what one waits for when a page opens."""
    visit = Visit(browser, url, **PHONE)
    page = visit.page
    page.locator(".board").wait_for()
    # Short, and of few events: it is to wait for the page, not to keep it busy.
    Hand(page).swipe([(x, y, t / 4) for x, y, t in synthetic("the")[::6]])
    moments = {"keyboard": "open", "decoder": "ready", "first_word": MEASURE}
    until(lambda: page.evaluate(f"performance.getEntriesByName('{MEASURE}').length"), 90)
    found = {
        name: page.evaluate(
            f"performance.getEntriesByName('{measure}').map(m => m.startTime + m.duration)[0]"
        )
        for name, measure in moments.items()
    }
    visit.context.close()
    return found


def lifted(page: Any, hand: Hand, points: Points) -> dict[str, float]:
    """Play one swipe in its own time, and what the page measured; nothing where it saw a tap."""
    page.evaluate(f"performance.clearMeasures('{MEASURE}')")
    hand.play(points)
    script = (
        f"performance.getEntriesByName('{MEASURE}').map(m => ({{...m.detail, page: m.duration}}))"
    )
    try:
        until(lambda: page.evaluate(script), seconds=2)
    except AssertionError:
        return {}
    return dict(page.evaluate(script)[0])


def summary(times: dict[str, list[float]]) -> dict[str, Any]:
    """Ratio first, then median and 95th percentile of everything."""
    page, python = (float(np.median(times[name])) for name in ("page", "python"))
    found: dict[str, Any] = {"page_over_python": page / python, "measured": len(times["page"])}
    for name, values in sorted(times.items()):
        found[f"{name}_ms_p50"] = float(np.median(values))
        found[f"{name}_ms_p95"] = float(np.quantile(values, 0.95))
    return found


if __name__ == "__main__":
    main()
