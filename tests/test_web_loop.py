"""Record on the page, prepare, finetune: the way from a finger to weights of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner
from web_fixtures import PHONE, READY
from web_swipes import Hand, points_of, until

from glissando import GestureDecoder
from glissando.cli.main import app
from glissando.evaluation import read_swipes
from glissando.traces import Gesture

COUNT, OTHERS = 40, 300


@pytest.fixture(scope="module")
def people(real_data: Path) -> dict[str, list[Gesture]]:
    """The validation set's swipes by person; those that the page would take for taps left out."""
    swipes = read_swipes([real_data / "how-we-swipe" / "hws-validation.jsonl.gz"])
    found: dict[str, list[Gesture]] = {}
    for gesture in (row.gesture for row in swipes.rows):
        if np.ptp(gesture.trace.x) > 0.1:
            found.setdefault(gesture.user, []).append(gesture)
    return found


@pytest.mark.slow
def test_swipes_recorded_on_the_page_adapt_the_model(
    people: dict[str, list[Gesture]],
    demo_url: str,
    visit: Callable[..., Any],
    tmp_path: Path,
) -> None:
    user = min(name for name, swipes in people.items() if len(swipes) >= COUNT)
    mine = people.pop(user)[:COUNT]
    others = [gesture for swipes in people.values() for gesture in swipes][::10][:OTHERS]
    recorded = tmp_path / "mine.jsonl"
    record(visit(demo_url, **PHONE).page, mine, recorded)
    # The page prompts words of its own; these fingers wrote others.
    rows = [json.loads(line) for line in recorded.read_text().splitlines()]
    words = [gesture.word for gesture in mine]
    write(recorded, [{**row, "word": word} for row, word in zip(rows, words, strict=True)])
    write(tmp_path / "others.jsonl", [gesture.to_row() for gesture in others])

    prepared = command("prepare", recorded, "--out", tmp_path / "prepared")
    assert re.search(rf"kept +{COUNT}\n", prepared), prepared
    said = command(
        "finetune", "default", tmp_path / "prepared", "--out", tmp_path / "bundle",
        "--validation", tmp_path / "others.jsonl", "--steps", 30,
    )  # fmt: skip
    rate = r"top-1 [\d.]+ % before, [\d.]+ % after"
    assert re.search(rf"held back  {rate}, of {COUNT // 4} swipes", said), said
    assert re.search(rf"others     {rate}, of {OTHERS} swipes", said), said
    decoder = GestureDecoder.load(tmp_path / "bundle")
    assert decoder.description.facts["finetuned"]["trained_on"] == COUNT * 3 // 4
    best = [decoder.decode(gesture.trace, n=1)[0].word for gesture in others]
    right = sum(word == gesture.word for word, gesture in zip(best, others, strict=True))
    assert right > OTHERS / 2


def record(page: Any, gestures: list[Gesture], file: Path) -> None:
    """Swipe them one after the other on the page, and download what it kept."""
    page.wait_for_selector(READY, timeout=90_000)
    page.evaluate("location.hash = '#record'")
    page.locator(".prompt .now").wait_for()
    hand, count = Hand(page), page.locator(".count")
    for number, gesture in enumerate(gestures, start=1):
        hand.swipe(points_of(gesture.trace))
        until(lambda kept=f"{number} swipe": count.inner_text().startswith(kept))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(file)


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def command(*arguments: object) -> str:
    done = CliRunner().invoke(app, list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    return done.output
