from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scorers import (
    ABC,
    RandomCtc,
    RandomTransducer,
    priors_of,
    space_of,
    transducer_log_probability,
)

from glissando.decoding import (
    BeamSettings,
    Candidate,
    SearchSpace,
    joined,
    make_search,
    n_best,
    read_greedily,
    search_space,
)
from glissando.decoding.kernel import is_compiled
from glissando.decoding.predictions import PredictionCache
from glissando.decoding.scorer import Scorer
from glissando.lexicon.trie import build_trie

EXACT = BeamSettings(width=500, threshold=1e9, max_symbols=6, prior_weight=0.7)
needs_kernel = pytest.mark.skipif(not is_compiled(), reason="the kernel was not built")
COMPILED = [False, pytest.param(True, marks=needs_kernel)]


def ctc_log_probability(scorer: RandomCtc, word: str) -> float:
    """Every path of labels that collapses to a word, listed one by one."""
    labels = ABC.encode(word)
    total = -np.inf
    for path in itertools.product([*set(labels), ABC.blank], repeat=len(scorer.frames)):
        collapsed = [label for label, _ in itertools.groupby(path) if label != ABC.blank]
        if collapsed == labels:
            said = scorer.frames[np.arange(len(path)), list(path)].astype(np.float64)
            total = np.logaddexp(total, said.sum())
    return float(total)


def answers(
    scorer: RandomTransducer | RandomCtc,
    space: SearchSpace,
    beam: BeamSettings = EXACT,
    compiled: bool = False,
) -> list[Candidate]:
    nodes, mass = make_search(scorer, space, beam, compiled=compiled)(scorer.frames)
    return n_best(space, beam, nodes, mass, 100)


WORDS = st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=12, unique=True)
SEEDS = st.integers(0, 10**6)


@pytest.mark.parametrize("compiled", COMPILED)
@given(words=WORDS, seed=SEEDS, frames=st.integers(1, 5))
@settings(deadline=None, max_examples=40)
def test_a_wide_transducer_beam_scores_every_word_as_brute_force_does(
    compiled: bool, words: list[str], seed: int, frames: int
) -> None:
    scorer, priors = RandomTransducer(seed, frames), priors_of(words, seed)
    found = {c.word: c.score for c in answers(scorer, space_of(words, priors), EXACT, compiled)}
    wanted = {
        word: transducer_log_probability(scorer, word) + EXACT.prior_weight * float(prior)
        for word, prior in zip(words, priors, strict=True)
    }
    assert found == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("compiled", COMPILED)
@given(words=WORDS, seed=SEEDS, frames=st.integers(1, 5))
@settings(deadline=None, max_examples=40)
def test_a_wide_ctc_beam_scores_every_word_as_brute_force_does(
    compiled: bool, words: list[str], seed: int, frames: int
) -> None:
    scorer, priors = RandomCtc(seed, frames), priors_of(words, seed)
    found = {c.word: c.score for c in answers(scorer, space_of(words, priors), EXACT, compiled)}
    wanted = {
        word: ctc_log_probability(scorer, word) + EXACT.prior_weight * float(prior)
        for word, prior in zip(words, priors, strict=True)
    }
    possible = {word: score for word, score in wanted.items() if np.isfinite(score)}
    assert {w: s for w, s in found.items() if np.isfinite(s)} == pytest.approx(possible, abs=1e-5)


@pytest.mark.parametrize("kind", [RandomTransducer, RandomCtc])
@given(words=WORDS, seed=SEEDS, width=st.integers(1, 8), threshold=st.floats(0.5, 20))
@settings(deadline=None, max_examples=60)
def test_a_narrow_beam_answers_lexicon_words_only_sorted_and_never_too_good(
    kind: type[RandomTransducer | RandomCtc],
    words: list[str],
    seed: int,
    width: int,
    threshold: float,
) -> None:
    scorer, space = kind(seed, 5), space_of(words, priors_of(words, seed))
    narrow = answers(scorer, space, replace(EXACT, width=width, threshold=threshold))
    exact = {candidate.word: candidate.score for candidate in answers(scorer, space)}
    assert {candidate.word for candidate in narrow} <= set(words)
    assert [c.score for c in narrow] == sorted((c.score for c in narrow), reverse=True)
    assert all(c.score <= exact[c.word] + 1e-6 for c in narrow)
    if narrow:
        assert sum(c.probability for c in narrow) == pytest.approx(1)


@needs_kernel
@pytest.mark.parametrize("kind", [RandomTransducer, RandomCtc])
@given(words=WORDS, seed=SEEDS, width=st.integers(1, 8), threshold=st.floats(0.5, 20))
@settings(deadline=None, max_examples=100)
def test_the_kernel_answers_as_the_numpy_search_at_every_width(
    kind: type[RandomTransducer | RandomCtc],
    words: list[str],
    seed: int,
    width: int,
    threshold: float,
) -> None:
    scorer, space = kind(seed, 6), space_of(words, priors_of(words, seed))
    beam = replace(EXACT, width=width, threshold=threshold, max_symbols=3)
    slow, fast = (answers(scorer, space, beam, compiled) for compiled in (False, True))
    assert [c.word for c in fast] == [c.word for c in slow]
    assert [c.score for c in fast] == pytest.approx([c.score for c in slow], abs=1e-6)


@given(words=WORDS, seed=SEEDS, order=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_the_lexicon_changes_nothing(
    words: list[str], seed: int, order: random.Random
) -> None:
    scorer, priors = RandomTransducer(seed, 5), priors_of(words, seed)
    beam = replace(EXACT, width=4, threshold=6.0)
    shuffled = list(range(len(words)))
    order.shuffle(shuffled)
    one = answers(scorer, space_of(words, priors), beam)
    other = answers(scorer, space_of([words[at] for at in shuffled], priors[shuffled]), beam)
    assert [c.word for c in one] == [c.word for c in other]
    assert [c.score for c in one] == pytest.approx([c.score for c in other])


@pytest.mark.parametrize("compiled", COMPILED)
def test_two_tries_side_by_side_answer_as_one_that_holds_both(compiled: bool) -> None:
    words, seed = ["a", "ab", "abc", "b", "bca", "cab", "cc"], 3
    scorer, priors = RandomTransducer(seed, 5), priors_of(words, seed)
    apart = joined(space_of(words[:4], priors[:4]), space_of(words[4:], priors[4:]))
    one = answers(scorer, space_of(words, priors), EXACT, compiled)
    both = answers(scorer, apart, EXACT, compiled)
    assert [c.word for c in both] == [c.word for c in one]
    assert [c.score for c in both] == pytest.approx([c.score for c in one])


def test_a_word_with_two_spellings_adds_both_and_a_word_of_two_tries_counts_once() -> None:
    priors = np.array([-1.0, -2.0], np.float32)
    entries = np.array([0, 0, 1], np.int32)
    trie = build_trie(["ab", "ba", "ba"], entries, priors, ABC.letters)
    space = search_space(trie, ["AB", "BA"], priors)
    scorer = RandomTransducer(5, 5)
    first, second = (transducer_log_probability(scorer, word) for word in ("ab", "ba"))
    wanted = {"AB": np.logaddexp(first, second) - 0.7, "BA": second - 1.4}
    found = {c.word: c.score for c in answers(scorer, joined(space, space))}
    assert found == pytest.approx(wanted, abs=1e-5)


def test_a_blocked_word_never_comes_out() -> None:
    words = ["a", "ab", "b"]
    space = space_of(words, np.array([-1.0, -np.inf, -1.0], np.float32))
    assert {c.word for c in answers(RandomTransducer(1, 4), space)} == {"a", "b"}


@pytest.mark.parametrize("seed", range(20))
def test_greedy_ctc_merges_repeats_and_drops_blank(seed: int) -> None:
    scorer = RandomCtc(seed, 8)
    path = [int(frame.argmax()) for frame in scorer.frames]
    wanted = "".join(
        ABC.letters[label] for label, _ in itertools.groupby(path) if label < len(ABC.letters)
    )
    assert read_greedily(scorer, scorer.frames, ABC) == wanted


@pytest.mark.parametrize("seed", range(20))
def test_greedy_transducer_follows_the_best_label_step_by_step(seed: int) -> None:
    scorer = RandomTransducer(seed, 6)
    output, state = scorer.initial_state()
    written: list[int] = []
    for frame in scorer.frames:
        for _ in range(10):
            label = int(scorer.joint(frame[None], output)[0, 0].argmax())
            if label == ABC.blank:
                break
            written.append(label)
            output, state = scorer.step(np.array([label], np.int32), state)
    assert read_greedily(scorer, scorer.frames, ABC) == ABC.decode(written)


@pytest.mark.parametrize("capacity", [1, 40, 100, 150])
def test_a_full_prediction_cache_starts_anew_and_answers_the_same(
    capacity: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["".join(letters) for letters in itertools.product("abc", repeat=4)]
    space, scorer = space_of(words, priors_of(words, 1)), RandomTransducer(1, 5)
    wanted = answers(scorer, space)
    monkeypatch.setattr("glissando.decoding.predictions._CAPACITY", capacity)
    assert answers(scorer, space) == wanted


@given(order=st.permutations(range(13)), parts=st.integers(1, 5))
def test_the_prediction_cache_says_what_the_network_says_in_any_order(
    order: list[int], parts: int
) -> None:
    space, scorer = (
        space_of(["abc", "abb", "bca", "cab"], np.zeros(4, np.float32)),
        RandomTransducer(2, 1),
    )
    nodes = np.array([at for at in order if at < len(space)], np.int32)
    cache = PredictionCache(scorer, space.letter, space.parent)
    for part in np.array_split(nodes, parts):
        for node, output in zip(part, cache.outputs(part), strict=True):
            wanted, state = scorer.initial_state()
            for label in spelling(space, int(node)):
                wanted, state = scorer.step(np.array([label], np.int32), state)
            assert output == pytest.approx(wanted[0])
            assert cache.state(int(node)) == pytest.approx(state)
    for node in nodes:  # asked for at once, before any output
        fresh = PredictionCache(scorer, space.letter, space.parent)
        assert fresh.state(int(node)) == pytest.approx(cache.state(int(node)))


def spelling(space: SearchSpace, node: int) -> list[int]:
    letters: list[int] = []
    while node:
        letters.append(int(space.letter[node]))
        node = int(space.parent[node])
    return letters[::-1]


def test_settings_out_of_range_are_refused() -> None:
    for name, value in [
        ("width", 0),
        ("max_symbols", 0),
        ("threshold", 0.0),
        ("prior_weight", -1),
        ("internal_weight", -0.1),
        ("literal_prior", -1001.0),
        ("literal_letter", 1001.0),
    ]:
        with pytest.raises(ValueError, match=name):
            BeamSettings(**{name: value})


def scorers() -> list[Scorer]:
    """The two kinds satisfy the protocols, which mypy checks here."""
    return [RandomTransducer(0, 1), RandomCtc(0, 1)]
