r"""Adapts a bundle to each of some people, and measures it on swipes of theirs held back.

    python tools/measure_finetuning.py default validation.jsonl.gz \
        --json finetuning.json --markdown finetuning.md

What is written after each person is kept: the same command goes on where it was stopped. The people
are those of the data with enough swipes whose names hash lowest; a bundle is good for others if it
reads a sample of everybody else's swipes as before.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Any

from glissando.bundle import read_bundle
from glissando.evaluation import read_swipes
from glissando.evaluation.swipes import swipe_id
from glissando.finetuning import Recipe, finetune
from glissando.keyboard import Keyboard
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.traces import Gesture

PARTS = ("held_back", "general")

Numbers = dict[str, Any]


def choose(people: Mapping[str, Sequence[Gesture]], count: int, fewest: int) -> list[str]:
    """So many people with so many swipes at least, by chance but always the same ones."""
    able = [name for name, swipes in people.items() if name and len(swipes) >= fewest]
    if len(able) < count:
        raise SystemExit(f"only {len(able)} people have {fewest} swipes, expected {count}")
    return sorted(able, key=digest)[:count]


def digest(name: str) -> str:
    """What stands for a person in the numbers."""
    return hashlib.blake2b(name.encode(), digest_size=4).hexdigest()


def sample(swipes: Sequence[Gesture], without: str, count: int) -> list[Gesture]:
    """Swipes of everybody but one, always the same ones."""
    others = [gesture for gesture in swipes if gesture.user != without]
    return sorted(others, key=swipe_id)[:count]


def measure(
    bundle: Path,
    own: Sequence[Gesture],
    others: Sequence[Gesture],
    boards: Mapping[str, Keyboard],
    recipe: Recipe,
    hold_back: float,
) -> Numbers:
    """One person's numbers."""
    start = process_time()
    with tempfile.TemporaryDirectory() as folder:
        done = finetune(
            bundle,
            own,
            Path(folder) / "bundle",
            boards,
            validation=others,
            hold_back=hold_back,
            recipe=recipe,
            checked=1,
        )
    assert done.general
    return {
        "trained_on": done.trained_on,
        "held_back": asdict(done.held_back),
        "general": asdict(done.general),
        "written": done.written is not None,
        "cpu_seconds": round(process_time() - start, 1),
    }


def table(numbers: Numbers) -> Iterator[str]:
    """What adapting a bundle to each of some people brought, a person a row."""
    people = numbers["people"].values()
    yield f"## Adapted to one person: {', '.join(file['name'] for file in numbers['data'])}"
    yield ""
    recipe, share = numbers["recipe"], 1 - numbers["hold_back"]
    yield f"`glissando finetune` of {numbers['bundle']['name']} on the first {share:.0%} of a"
    yield f"person's swipes, {recipe['steps']} steps; top-1 in percent on the person's later swipes"
    yield "and on everybody else's. A row with * was refused: others lost more than a point."
    yield ""
    yield "| person | trained on | later | before | after | everybody else | before | after |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for place, person in enumerate(people, start=1):
        cells = " | ".join(change_cells(person[part]) for part in PARTS)
        mark = "" if person["written"] else "*"
        yield f"| {place}{mark} | {person['trained_on']} | {cells} |"
    total = {part: together([person[part] for person in people]) for part in PARTS}
    trained = sum(person["trained_on"] for person in people)
    cells = " | ".join(change_cells(total[part]) for part in PARTS)
    yield f"| all | {trained} | {cells} |"
    seconds = sorted(person["cpu_seconds"] for person in people)
    yield ""
    median = seconds[len(seconds) // 2]
    yield f"A person took {median:.0f} s of one slow core (median), measuring included."


def change_cells(change: Numbers) -> str:
    """How many swipes, and top-1 before and after."""
    return f"{change['n']:,} | {change['before']:.1f} | {change['after']:.1f}"


def together(changes: Sequence[Numbers]) -> Numbers:
    """Changes of several people as one, every swipe counting once."""
    n = sum(change["n"] for change in changes)
    sides = {
        side: sum(change["n"] * change[side] for change in changes) / n
        for side in ("before", "after")
    }
    return {"n": n, **sides}


def main() -> None:
    """Measure person after person; equal inputs give equal numbers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", help="a bundle's folder, or default")
    parser.add_argument("data", type=Path, help="swipes of people whom the bundle has not seen")
    parser.add_argument("--json", type=Path, required=True, help="file for the numbers")
    parser.add_argument("--markdown", type=Path, help="file for the table")
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--fewest", type=int, default=60, help="swipes that a person must have")
    parser.add_argument("--hold-back", type=float, default=0.3)
    parser.add_argument("--others", type=int, default=600, help="swipes of others to check on")
    a = parser.parse_args()
    bundle = DEFAULT_BUNDLE if a.bundle == "default" else Path(a.bundle)
    swipes = read_swipes([a.data])
    gestures = [row.gesture for row in swipes.rows]
    people: dict[str, list[Gesture]] = {}
    for gesture in gestures:
        people.setdefault(gesture.user, []).append(gesture)
    recipe = Recipe()
    description = read_bundle(bundle).description
    what: Numbers = {
        "bundle": {"name": description.name, "encoder": description.files["encoder.onnx"].sha256},
        "data": [{"name": name, "sha256": sha256} for name, sha256 in swipes.files],
        "hold_back": a.hold_back,
        "fewest": a.fewest,
        "others": a.others,
        "recipe": asdict(recipe),
    }
    known = kept(a.json, what)
    for name in choose(people, a.people, a.fewest):
        person = digest(name)
        if person not in known:
            others = sample(gestures, name, a.others)
            numbers = measure(bundle, people[name], others, swipes.keyboards, recipe, a.hold_back)
            known[person] = numbers
            text = json.dumps({**what, "people": known}, indent=1)
            a.json.write_text(text + "\n", encoding="utf-8")
        print(person, json.dumps(known[person]), flush=True)
    if a.markdown:
        text = "".join(f"{line}\n" for line in table({**what, "people": known}))
        a.markdown.write_text(text, encoding="utf-8")


def kept(path: Path, what: Numbers) -> dict[str, Numbers]:
    """People whom an earlier run of the same measurement has done."""
    if not path.is_file():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    if {name: found.get(name) for name in what} != what:
        raise SystemExit(f"{path}: holds another measurement; name another file")
    people: dict[str, Numbers] = found["people"]
    return people


if __name__ == "__main__":
    main()
