"""SHARK2: its paths, its two channels, and the decoder made of them."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from glissando.baselines import Shark2, Shark2Parameters
from glissando.baselines.channels import end_weights, location_distance, shape_distance
from glissando.baselines.templates import normalise, resample
from glissando.evaluation.matching import rank_of
from glissando.evaluation.swipes import Rows, read_swipes
from glissando.keyboard import Keyboard, KeyboardError, load_keyboard
from glissando.lexicon import Lexicon, LexiconError, load_lexicon, word_list_bytes
from glissando.traces import Trace

QWERTY, AZERTY = load_keyboard("qwerty"), load_keyboard("azerty")
COMMON = 4000
BARE = Shark2Parameters(prior_weight=0.0)


def commonest(count: int) -> Lexicon:
    whole = load_lexicon("en")
    order = np.argsort(-whole.log_priors, kind="stable")[:count]
    words = [whole.words[at] for at in order]
    return replace(whole, words=words, log_priors=whole.log_priors[order])


LEXICON = commonest(COMMON)
SHARK = Shark2(LEXICON, QWERTY, Shark2Parameters())
BARE_SHARK = Shark2(LEXICON, QWERTY, BARE)


@pytest.fixture(scope="module")
def whole() -> Shark2:
    return Shark2.load()


def corners(word: str, keyboard: Keyboard) -> NDArray[np.float64]:
    """The centres of a word's keys."""
    return np.array([keyboard.centres[c] for c in word.lower() if c in keyboard.centres])


def ideal(word: str, keyboard: Keyboard = QWERTY) -> Trace:
    """A finger that runs straight from key to key, a point every 10 ms."""
    keys = corners(word, keyboard)
    when = np.arange(len(keys)) * 100.0
    t = np.arange(0.0, when[-1] + 1, 10)
    return Trace.from_arrays(*(np.interp(t, when, keys[:, axis]) for axis in (0, 1)), t)


def paths(word: str, keyboard: Keyboard = QWERTY) -> NDArray[np.float64]:
    return resample(corners(word, keyboard)[None] / keyboard.key_size, 64)[0]


def same_path(one: str, other: str, keyboard: Keyboard = QWERTY) -> bool:
    return np.allclose(paths(one, keyboard), paths(other, keyboard), atol=1e-4)


@given(st.sampled_from(LEXICON.words))
@example("a")
@example("too")
@example("I'm")
@example("pretty")
def test_the_ideal_path_of_a_word_is_that_word(word: str) -> None:
    """Or one of the same path: `to` and `too`, or `pot` and `pt`, whose keys lie on a line."""
    best = BARE_SHARK.decode(ideal(word), n=1)[0]
    assert best.score == pytest.approx(0, abs=1e-4)
    assert same_path(best.word, word)


def test_of_words_with_one_path_the_likelier_is_first() -> None:
    found = [candidate.word for candidate in SHARK.decode(ideal("to"), n=5)]
    assert found.index("to") < found.index("too")
    found = [candidate.word for candidate in SHARK.decode(ideal("were"), n=5)]
    assert {"were", "we're"} <= set(found)
    assert found.index("were") < found.index("we're")


@given(st.sampled_from([w for w in LEXICON.words if w.isascii() and w.isalpha()]))
@example("well")
def test_another_layout(word: str) -> None:
    """This one has a key for the apostrophe, which `we'll` may be drawn with or without."""
    found = BARE_SHARK.decode(ideal(word, AZERTY), keyboard=AZERTY, n=1)[0].word
    assert any(same_path(each, word, AZERTY) for each in (found, found.replace("'", "")))


def test_a_decoder_s_own_layout_is_taken_where_none_is_given() -> None:
    french = Shark2(LEXICON, AZERTY, Shark2Parameters())
    assert french.decode(ideal("amazing", AZERTY))[0].word == "amazing"
    assert french.decode(ideal("amazing", QWERTY), keyboard=QWERTY)[0].word == "amazing"
    assert french.decode(ideal("amazing", QWERTY))[0].word != "amazing"


def test_layouts_of_one_name_are_not_confused() -> None:
    shark = Shark2(LEXICON, QWERTY, Shark2Parameters())
    assert shark.decode(ideal("amazing"))[0].word == "amazing"
    renamed = replace(AZERTY, name=QWERTY.name)
    assert shark.decode(ideal("amazing", AZERTY), keyboard=renamed)[0].word == "amazing"


def points(count: st.SearchStrategy[int] | int, far: float = 5.0) -> st.SearchStrategy:
    shapes = count if isinstance(count, st.SearchStrategy) else st.just(count)
    values = st.floats(-far, far, width=32)
    return shapes.flatmap(lambda n: arrays(np.float64, (1, n, 2), elements=values))


@given(points(st.integers(1, 12)), st.integers(2, 20))
def test_resampling_is_interpolation_by_distance(path: NDArray[np.float64], count: int) -> None:
    steps = np.hypot(*np.diff(path[0], axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], count)
    expected = np.stack([np.interp(wanted, along, path[0, :, axis]) for axis in (0, 1)], axis=1)
    tail = np.repeat(path[:, -1:], 3, axis=1)  # a shorter path repeats its last corner
    padded = np.concatenate([path, tail], axis=1)
    together = resample(np.concatenate([padded, padded[:, ::-1]]), count)
    assert np.allclose(together[0], expected, atol=1e-6)
    assert np.allclose(together[1], expected[::-1], atol=1e-6)


@given(points(8), st.floats(0.5, 50), st.tuples(st.floats(-40, 40), st.floats(-40, 40)))
def test_shape_is_blind_to_place_and_size(
    path: NDArray[np.float64], scale: float, shift: tuple[float, float]
) -> None:
    path[0, :2] = [0, 0], [2, 2]  # larger than a key, at half size too
    moved = path * scale + np.array(shift)
    assert np.allclose(normalise(path), normalise(moved), atol=1e-9)
    swipe, paths = (normalise(p)[0].T.astype(np.float32) for p in (path, moved))
    assert shape_distance(swipe, paths[..., None]) == pytest.approx(0, abs=1e-5)


def test_a_tap_s_jitter_is_no_shape() -> None:
    jitter = normalise(np.array([[[0, 0], [0.1, 0.05], [0.02, 0.1]]]))
    assert np.abs(jitter).max() < 0.1


@given(points(6, 2.0), points(6, 2.0), st.floats(0, 3), st.floats(0, 1))
@settings(max_examples=200)
def test_the_location_channel_is_the_paper_s(
    one: NDArray[np.float64], other: NDArray[np.float64], radius: float, middle: float
) -> None:
    """Written out point by point for three paths at once; one of them is the swipe itself."""
    swipe = one[0].astype(np.float32)
    candidates = np.stack([other[0], one[0], other[0][::-1]]).astype(np.float32)
    weights = end_weights(6, middle)
    found = location_distance(swipe.T, candidates.T, weights, radius)
    for path, distance in zip(candidates, found, strict=True):
        every = np.linalg.norm(swipe[:, None] - path[None], axis=2)
        reach = max(every.min(axis=0).max(), every.min(axis=1).max())
        if abs(reach - radius) < 1e-3:
            continue  # float32 may fall on either side
        ranks = (np.diagonal(every) * weights).sum()
        expected = 0.0 if radius > 0 and reach <= radius else ranks
        assert distance == pytest.approx(expected, abs=1e-5)


def test_weights_rise_to_the_ends() -> None:
    assert end_weights(5, 0.0).tolist() == pytest.approx([1 / 3, 1 / 6, 0, 1 / 6, 1 / 3])
    assert end_weights(4, 1.0).tolist() == pytest.approx([0.25] * 4)


@given(
    st.lists(st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2)), min_size=1, max_size=6),
    st.lists(st.floats(0, 4), min_size=2, max_size=2).map(sorted),
)
@settings(max_examples=30)
def test_a_larger_radius_never_loses_a_word(
    where: list[tuple[float, float]], radii: list[float]
) -> None:
    trace = Trace.from_arrays(*zip(*where, strict=True), range(len(where)))
    small, large = (
        set(Shark2(FEW, QWERTY, Shark2Parameters(radius=r)).distances(trace).words.tolist())
        for r in radii
    )
    assert small <= large


FEW = commonest(300)


@given(
    st.lists(st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2)), min_size=1, max_size=9),
    st.integers(1, 12),
)
def test_answers_are_sorted_and_distinct(where: list[tuple[float, float]], n: int) -> None:
    trace = Trace.from_arrays(*zip(*where, strict=True), range(len(where)))
    found = SHARK.decode(trace, n=n)
    assert len(found) <= n
    scores, chances = [c.score for c in found], [c.probability for c in found]
    assert scores == sorted(scores, reverse=True)
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1 + 1e-9
    assert len({c.word for c in found}) == len(found)
    assert SHARK.decode(trace, n=20)[:n] == found


@pytest.mark.parametrize("prior_weight", [0.0, 1.0])
def test_the_order_of_the_word_list_does_not_matter(prior_weight: float) -> None:
    """Words of one path and one prior stand in the words' order."""
    parameters = Shark2Parameters(prior_weight=prior_weight)
    order = list(range(len(LEXICON)))
    random.Random(3).shuffle(order)
    words, flat = [LEXICON.words[at] for at in order], LEXICON.log_priors * 0
    mixed = replace(LEXICON, words=words, log_priors=flat)
    one, other = (
        Shark2(lexicon, QWERTY, parameters)
        for lexicon in (replace(LEXICON, log_priors=flat), mixed)
    )
    assert one.words == other.words
    for word in ("to", "were", "good", "the", "amazing"):
        assert one.decode(ideal(word)) == other.decode(ideal(word))
    tied = [c.word for c in one.decode(ideal("to"), n=2)]
    assert tied == ["to", "too"]


ODD = {
    "one point": ([0.5], [0.5], [0]),
    "one point far away": ([1e30], [-1e30], [0]),
    "all points equal": ([0.1] * 50, [0.9] * 50, range(50)),
    "100,000 points": (np.linspace(0, 1, 100_000), np.linspace(1, 0, 100_000), range(100_000)),
    "far away": ([-1e30, 1e30, 3e38], [1e30, -1e30, -3e38], [0, 1, 2]),
    "no time": ([0.05, 0.95], [0.2, 0.2], [0, 0]),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_swipes_get_an_answer_soon(whole: Shark2, name: str) -> None:
    trace = Trace.from_arrays(*ODD[name])
    start = time.process_time()
    found = whole.decode(trace, n=5)
    assert time.process_time() - start < 1
    assert found
    assert np.isfinite([[c.score, c.probability] for c in found]).all()


def test_a_tap_is_a_word_of_one_letter(whole: Shark2) -> None:
    x, y = QWERTY.centres["i"]
    assert whole.decode(Trace.from_arrays([x], [y], [0]))[0].word == "I"


def test_nothing_is_found_where_no_word_has_such_ends() -> None:
    one = replace(FEW, words=["the"], log_priors=np.zeros(1, dtype=np.float32))
    shark = Shark2(one, QWERTY, Shark2Parameters(radius=0.1))
    assert shark.decode(ideal("pm")) == []
    assert [c.word for c in shark.decode(ideal("the"))] == ["the"]
    assert shark.decode(ideal("the"))[0].probability == 1


def test_what_a_report_asks_for(whole: Shark2, tmp_path: Path) -> None:
    assert (whole.name, whole.lexicon_name) == ("shark2", load_lexicon("en").name)
    assert whole.size_bytes == len(word_list_bytes("en"))
    assert sorted(whole.words) == sorted(load_lexicon("en").words)
    assert whole.decode_greedy(ideal("the")) is None
    (tmp_path / "mine.txt").write_text("of\nthe\n")
    mine = Shark2.load(tmp_path / "mine.txt", "azerty", tunnel=0.25)
    assert (mine.lexicon_name, mine.words, mine.size_bytes) == ("mine", ["of", "the"], 7)
    assert (mine.keyboard, mine.parameters) == (AZERTY, Shark2Parameters(tunnel=0.25))


def test_what_does_not_exist_is_said() -> None:
    with pytest.raises(LexiconError, match="nope"):
        Shark2.load("nope")
    with pytest.raises(KeyboardError, match="dvorak"):
        Shark2.load(keyboard="dvorak")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("samples", 1),
        ("row_ratio", 0),
        ("shape_sigma", -1),
        ("location_sigma", float("nan")),
        ("radius", -0.1),
        ("middle", -1),
        ("tunnel", float("nan")),
        ("prior_weight", -1),
    ],
)
def test_parameters_without_meaning_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        Shark2Parameters(**{name: value})


def test_it_reads_real_swipes(whole: Shark2, real_data: Path) -> None:
    """70 % of validation's clean rows come first; fewer than half would be a broken decoder."""
    source = real_data / "how-we-swipe" / "hws-validation.jsonl.gz"
    rows = read_swipes([source], rows=Rows.CLEAN, limit=40).rows
    ranks = [rank_of(row.gesture.word, whole.decode(row.gesture.trace)) for row in rows]
    assert sum(rank == 1 for rank in ranks) >= 20
