"""Fits the synthetic swipes' parameters to recorded ones and writes human.json.

    python tools/fit_synthesis.py hws-train.jsonl.gz

Method of simulated moments (McFadden, Econometrica 57, 1989), the moments being quantiles: swipe
the same words by as many synthetic users, take the same measures of both, and change the
parameters until the quantiles agree. The same random numbers are used for every trial, so that
only parameters make a difference. What phones report is measured directly, one phone a user.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import asdict, astuple, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import ks_2samp

from glissando.datasets.manifest import ManifestReader
from glissando.datasets.reading import idle
from glissando.datasets.records import Located
from glissando.keyboard import Keyboard, load_keyboard
from glissando.synthesis import HumanParameters, SwipeBatch, load_parameters, synthesize
from glissando.synthesis.letters import spell
from glissando.synthesis.measures import Measures, measure
from glissando.synthesis.parameters import Device
from glissando.synthesis.people import draw_people
from glissando.traces import Gesture

Floats = NDArray[np.float64]

OUT = Path(__file__).resolve().parent.parent / "src/glissando/synthesis/human.json"
SOURCE = (
    "How We Swipe (Leiva, Kim, Cui, Bi & Oulasvirta, MobileHCI 2021), train split, rows that the "
    "study's page did not flag as errors"
)
QUANTILES = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
MAX_POINTS, MAX_TIME = 600, 10_000.0  # longer ones are pauses, not swipes
DEVICES, SWIPES_OF_A_DEVICE = 96, 10
STEP = 0.1  # of the finite differences, in the units of `encode`
PULL = 0.05  # back to the start, for what the measures do not decide

# Parameters that may be zero or negative, with the size of a natural step; the logarithm of all
# others is fitted.
LINEAR = {
    "split_logit": 1.5,
    "split_tempo": 1.5,
    "split_at": 0.3,
    "overlap": 0.2,
    "overlap_straight": 0.2,
    "overlap_tempo": 0.2,
    "hold_logit": 1.5,
    "hold_keys": 0.5,
    "hold_tempo": 1.5,
    "ends_tempo": 0.7,
    "spread_tempo": 0.7,
    "overshoot": 0.2,
    "offset_y": 0.1,
}
NAMES = [field.name for field in fields(HumanParameters) if field.name != "devices"]


def read_swipes(path: Path, keyboard: Keyboard) -> list[Gesture]:
    """The swipes to fit: not flagged, two keys or more, neither tiny nor endless."""
    found = (row.gesture for row in ManifestReader().read(path, idle) if isinstance(row, Located))
    return [
        gesture
        for gesture in found
        if not gesture.is_err
        and 4 <= len(gesture.trace) <= MAX_POINTS
        and gesture.trace.duration <= MAX_TIME
        and len(set(gesture.word)) > 1
        and set(gesture.word) <= set(keyboard.centres)
    ]


def by_user(gestures: list[Gesture]) -> dict[str, list[Gesture]]:
    """The swipes of each user, users in the order of their ids."""
    users: dict[str, list[Gesture]] = defaultdict(list)
    for gesture in gestures:
        users[gesture.user].append(gesture)
    return dict(sorted(users.items()))


def measure_device(swipes: list[Gesture], keyboard: Keyboard) -> Device:
    """What a user's swipes tell of the phone: its screen, its clock, and what it leaves out."""
    first = swipes[0]
    steps, times, jumps = [], [], []
    for swipe in swipes:
        trace = swipe.trace
        moved = np.hypot(np.diff(trace.x) * swipe.width, np.diff(trace.y) * swipe.height)
        jumps.append(moved[0])
        steps.append(moved[1:-1])
        times.append(np.diff(trace.t)[1:-1])
    step, time = np.concatenate(steps), np.concatenate(times)
    interval = time[time < 1.5 * np.median(time)].mean()
    unreported = np.maximum(np.round(time / interval) - 1, 0).sum()
    still = np.count_nonzero(step < 0.05)
    aspect = (first.height * keyboard.key_height) / (first.width * keyboard.key_width)
    return Device(
        width=round(first.width),
        row_ratio=round(float(aspect), 2),
        interval=round(float(interval), 1),
        still=round(still / float(still + unreported + 1), 2),
        slop=round(float(np.quantile(jumps, 0.25)), 1),
    )


def encode(p: HumanParameters) -> Floats:
    """The numbers that the optimiser sees, all of about the same size."""
    values = [getattr(p, name) for name in NAMES]
    pairs = zip(NAMES, values, strict=True)
    return np.array([v / LINEAR[n] if n in LINEAR else np.log(max(v, 1e-3)) for n, v in pairs])


def decode(x: Floats, devices: tuple[Device, ...]) -> HumanParameters:
    """The inverse of `encode`."""
    pairs = zip(NAMES, x.tolist(), strict=True)
    values = {n: v * LINEAR[n] if n in LINEAR else float(np.exp(v)) for n, v in pairs}
    return HumanParameters(**values, devices=devices)


def simulate(real: SwipeBatch, keyboard: Keyboard, p: HumanParameters, seed: int) -> Measures:
    """Measures of synthetic swipes of the same words by as many users."""
    names, users = np.unique(np.array(real.users), return_inverse=True)
    people = draw_people(len(names), p, np.random.default_rng([seed, 0]))
    rng = np.random.default_rng([seed, 1])
    return measure(synthesize(real.words, keyboard, p, rng, people=people, users=users), keyboard)


def fit(
    real: SwipeBatch, keyboard: Keyboard, start: HumanParameters, rounds: int, seed: int
) -> HumanParameters:
    """Parameters whose swipes have the quantiles of the real ones."""
    truth = {
        name: np.quantile(values, QUANTILES) for name, values in measure(real, keyboard).items()
    }
    origin = encode(start)

    def residual(x: Floats) -> Floats:
        found = simulate(real, keyboard, decode(x, start.devices), seed)
        off = [
            (np.quantile(found[name], QUANTILES) - wanted) / (wanted[-2] - wanted[1])
            for name, wanted in truth.items()
        ]
        return np.concatenate([*off, PULL * (x - origin)])

    def slopes(x: Floats) -> Floats:
        base = residual(x)
        shifts = STEP * np.eye(len(x))
        return np.stack([(residual(x + shift) - base) / STEP for shift in shifts], axis=1)

    found = least_squares(
        residual, origin, jac=slopes, method="trf", loss="soft_l1", f_scale=0.1,
        max_nfev=rounds, verbose=2,
    )  # fmt: skip
    return decode(found.x, start.devices)


def rounded(p: HumanParameters) -> HumanParameters:
    """Four significant digits; more would pretend."""
    values = p.to_json()
    return HumanParameters.from_json({**values, **{n: float(f"{values[n]:.4g}") for n in NAMES}})


def write(path: Path, p: HumanParameters, provenance: dict[str, Any]) -> None:
    """The parameters and where they come from, a device a line."""
    document = {"provenance": provenance, "parameters": {**asdict(p), "devices": "DEVICES"}}
    columns = [field.name for field in fields(Device)]
    lines = ",\n".join(f"      {json.dumps(list(astuple(device)))}" for device in p.devices)
    text = json.dumps(document, indent=2).replace('"DEVICES"', f"[\n{lines}\n    ]")
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path}: {len(NAMES)} parameters, {len(p.devices)} devices ({', '.join(columns)})")


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--keyboard", default="qwerty")
    parser.add_argument("--users", type=int, default=200, help="users to fit to")
    parser.add_argument("--swipes", type=int, default=12, help="swipes of each, at most")
    parser.add_argument("--rounds", type=int, default=10, help="trials of steps; 0 only judges")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="parameters to start from; the shipped ones")
    parser.add_argument("--out", type=Path, default=OUT)
    a = parser.parse_args()
    keyboard = load_keyboard(a.keyboard)
    users = by_user(read_swipes(a.manifest, keyboard))
    rng = np.random.default_rng(a.seed)
    known = [swipes for swipes in users.values() if len(swipes) >= SWIPES_OF_A_DEVICE]
    devices = [measure_device(known[i], keyboard) for i in rng.permutation(len(known))[:DEVICES]]
    chosen = [list(users.values())[i] for i in rng.permutation(len(users))[: a.users]]
    swipes = [u[i] for u in chosen for i in rng.permutation(len(u))[: a.swipes]]
    real = SwipeBatch.from_gestures(swipes)
    spell(real.words, keyboard)
    start = replace(load_parameters(a.start), devices=tuple(devices))
    p = rounded(fit(real, keyboard, start, a.rounds, a.seed) if a.rounds else start)
    # judged with other random numbers than those it was fitted with
    left = simulate(real, keyboard, p, a.seed + 1)
    distance = {n: ks_2samp(v, left[n]).statistic for n, v in measure(real, keyboard).items()}
    for name, value in distance.items():
        print(f"{name:24s} {value:.3f}")
    facts = {
        "source": SOURCE,
        "made_by": "tools/fit_synthesis.py",
        "swipes": len(swipes),
        "users": len(chosen),
        "devices_of_users": len(known),
        "seed": a.seed,
        "kolmogorov_smirnov": {name: round(float(v), 3) for name, v in distance.items()},
    }
    write(a.out, p, facts)


if __name__ == "__main__":
    main()
