"""Synthetic swipes: their form, their chance, their errors."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glissando.keyboard import Keyboard, keyboard_names, load_keyboard
from glissando.synthesis import SwipeBatch, SynthesisError, load_parameters, synthesize
from glissando.synthesis.alignment import align
from glissando.synthesis.letters import spell
from glissando.synthesis.parameters import HumanParameters
from glissando.synthesis.people import draw_people
from glissando.traces import Gesture, Trace

QWERTY = load_keyboard("qwerty")
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14)


def swipe(words: list[str], seed: int = 0, keyboard: Keyboard = QWERTY) -> SwipeBatch:
    return synthesize(words, keyboard, rng=np.random.default_rng(seed))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(LETTERS, min_size=1, max_size=5),
    st.integers(0, 2**32),
    st.sampled_from(keyboard_names()),
)
def test_swipes_are_traces_in_whole_pixels_and_milliseconds(
    words: list[str], seed: int, name: str
) -> None:
    batch = swipe(words, seed, load_keyboard(name))
    assert batch.words == tuple(words)
    assert len(batch.lengths) == len(words)
    assert batch.lengths.sum() == len(batch.x) == len(batch.y) == len(batch.t)
    for trace, width, height in zip(batch.traces(), batch.width, batch.height, strict=True):
        assert len(trace) >= 2
        checked = Trace.from_arrays(trace.x, trace.y, trace.t)  # finite, time not going backwards
        assert np.array_equal(checked.t, trace.t)
        for value in (trace.x * width, trace.y * height, trace.t):
            assert np.abs(value - np.round(value)).max() < 0.01


def test_swipes_go_from_the_first_key_to_the_last_on_any_keyboard() -> None:
    for name in keyboard_names():
        board = load_keyboard(name)
        batch = swipe(["jamais", "quand", "wait"] * 100, keyboard=board)
        places = np.stack([batch.x, batch.y], axis=1) / board.key_size
        for end, letter in ((batch.starts, 0), (batch.starts + batch.lengths - 1, -1)):
            keys = np.array([board.centres[word[letter]] for word in batch.words]) / board.key_size
            off = np.hypot(*(places[end] - keys).T)
            assert np.median(off) < 0.6
            assert np.median(off) > 0.1  # people do not hit centres


def test_a_keyboard_of_another_scale_gives_the_same_movement() -> None:
    """Half as wide keys, in the left half of the area: x is half of what it was."""
    half = replace(
        QWERTY,
        key_width=QWERTY.key_width / 2,
        centres={letter: (x / 2, y) for letter, (x, y) in QWERTY.centres.items()},
    )
    fitted = load_parameters()
    ideal = tuple(replace(device, slop=0.0, still=1.0) for device in fitted.devices)
    p = replace(fitted, drift=0.0, devices=ideal)  # nothing depends on the size of a pixel
    whole, halved = (
        synthesize(["keyboard"] * 20, board, p, np.random.default_rng(1))
        for board in (QWERTY, half)
    )
    assert np.array_equal(whole.t, halved.t)
    pixel = 1 / whole.width[whole.owner]
    assert (np.abs(halved.x - whole.x / 2) <= 0.8 * pixel).all()
    assert (np.abs(halved.y - whole.y) <= 0.01).all()


def test_equal_seeds_make_equal_swipes_and_others_do_not() -> None:
    one, same, other = (swipe(["hello", "world"], seed) for seed in (1, 1, 2))
    assert np.array_equal(one.x, same.x)
    assert np.array_equal(one.t, same.t)
    assert len(one.x) != len(other.x) or not np.array_equal(one.x, other.x)


def test_apostrophe_is_passed_over_where_there_is_no_key_for_it() -> None:
    assert np.array_equal(swipe(["don't"]).x, swipe(["dont"]).x)


def test_apostrophe_with_a_key_is_swiped() -> None:
    board = replace(QWERTY, centres={**QWERTY.centres, "'": (0.95, 0.833)})
    assert spell(["don't"], board).count.tolist() == [5]
    assert spell(["don't"], QWERTY).count.tolist() == [4]


def test_doubled_letters_take_longer() -> None:
    """Same keys, so the same way; the finger rests on the doubled one."""
    durations = [
        np.median([trace.duration for trace in swipe([word] * 400).traces()])
        for word in ("coper", "copper")
    ]
    assert durations[1] > durations[0] + 50


def test_users_keep_their_habits() -> None:
    """The swipes of one user are more alike in time than those of the crowd."""
    p = load_parameters()
    people = draw_people(40, p, np.random.default_rng(0))
    users = np.repeat(np.arange(40), 20)
    batch = synthesize(
        ["gesture"] * 800, QWERTY, p, np.random.default_rng(1), people=people, users=users
    )
    logs = np.log([trace.duration for trace in batch.traces()]).reshape(40, 20)
    assert logs.mean(axis=1).var() > logs.var(axis=1).mean()
    assert len(set(batch.users)) == 40
    assert (batch.width.reshape(40, 20) == batch.width.reshape(40, 20)[:, :1]).all()


def test_no_words_no_swipes() -> None:
    assert len(swipe([])) == 0


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("caf\u00e9", "word 'caf\u00e9': keyboard 'qwerty' has no key for '\u00e9'"),
        ("Hello", "has no key for 'H'"),
        ("b2b", "has no key for '2'"),
        ("", "word '' has no letters"),
        ("'", "has no letters to swipe"),
    ],
)
def test_words_that_cannot_be_swiped_are_named(word: str, message: str) -> None:
    with pytest.raises(SynthesisError, match=message):
        swipe(["fine", word])


def test_batch_and_gestures_are_the_same_thing() -> None:
    batch = swipe(["one", "i", "three"])
    gestures = list(batch.gestures(layout="qwerty", source="synthetic"))
    again = SwipeBatch.from_gestures(gestures)
    for name in ("lengths", "x", "y", "t", "width", "height"):
        assert np.array_equal(getattr(batch, name), getattr(again, name)), name
    assert (again.words, again.users) == (batch.words, batch.users)


def test_parameters_survive_json() -> None:
    p = load_parameters()
    assert HumanParameters.from_json(json.loads(json.dumps(p.to_json()))) == p


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bow": None}, "float"),
        ({"bwo": 1.0}, "missing or unknown: bwo"),
        ({"devices": []}, "devices is empty"),
        ({"devices": [[1, 2]]}, "missing 3"),
    ],
)
def test_wrong_parameters_are_named_with_their_file(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "human.json"
    file.write_text(json.dumps({"parameters": {**load_parameters().to_json(), **change}}))
    with pytest.raises(SynthesisError, match=rf"human\.json.*{message}"):
        load_parameters(file)
    with pytest.raises(SynthesisError, match="absent"):
        load_parameters(tmp_path / "absent.json")


@settings(deadline=None, max_examples=40)
@given(
    st.text(alphabet="aghp", min_size=2, max_size=4),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=7),
)
def test_alignment_finds_the_best_of_all(word: str, points: list[tuple[float, float]]) -> None:
    """Against trying every way to pass the keys in order."""
    x, y = zip(*points, strict=True)
    trace = Trace.from_arrays(x, y, range(len(x)))
    other = Gesture(Trace.from_arrays([0.5] * 9, [0.5] * 9, range(9)), "up", width=400, height=200)
    gesture = Gesture(trace, word, width=400, height=200)
    aligned = align(SwipeBatch.from_gestures([other, gesture]), QWERTY)
    count = int(aligned.count[1])
    cost = ((aligned.at[9:, None] - aligned.keys[1, None, :count]) ** 2).sum(axis=-1)
    ways = itertools.combinations_with_replacement(range(len(x)), count)
    best = min(sum(cost[point, key] for key, point in enumerate(way)) for way in ways)
    found = aligned.passing[1, :count] - 9
    assert (np.diff(found) >= 0).all()
    assert cost[found, np.arange(count)].sum() == pytest.approx(best)
