"""What the network spells without the word list is a candidate, scored as words are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scorers import ABC, RandomCtc, RandomTransducer, priors_of, space_of
from random_scorers import transducer_log_probability as log_probability_of
from test_decoding_search import COMPILED, EXACT, SEEDS, WORDS

from glissando import Candidate, GestureDecoder, Trace
from glissando.alphabet import Alphabet
from glissando.decoding import (
    BeamSettings,
    SearchSpace,
    WordSearch,
    joined,
    n_best,
    read_greedily,
)
from glissando.decoding.scorer import Floats
from glissando.keyboard import load_keyboard
from glissando.synthesis import synthesize

SPELLING = replace(EXACT, literal=True, literal_prior=-2.0, literal_letter=-0.5)
FRAMES = st.integers(1, 8)


class Terse(RandomTransducer):
    """Writes the same letter less often for ever, and no unknown ones."""

    def joint(self, frames: Floats, outputs: Floats) -> Floats:
        said = super().joint(frames, outputs).astype(np.float64)
        said[..., ABC.blank] += 1.0
        said[..., ABC.unknown] = -30.0
        said -= np.logaddexp.reduce(said, axis=-1, keepdims=True)
        return said.astype(np.float32)


def found(
    scorer: RandomTransducer | RandomCtc,
    space: SearchSpace,
    beam: BeamSettings = SPELLING,
    compiled: bool = False,
    blocked: frozenset[str] = frozenset(),
) -> list[Candidate]:
    search = WordSearch(scorer, space, beam, ABC, compiled=compiled)
    return search(scorer.frames, 100, blocked=blocked)


def literal_of(candidates: list[Candidate]) -> Candidate | None:
    spelt = [candidate for candidate in candidates if candidate.literal]
    assert len(spelt) <= 1
    return spelt[0] if spelt else None


@pytest.mark.parametrize("compiled", COMPILED)
@given(words=WORDS, seed=SEEDS, frames=FRAMES)
@settings(deadline=None, max_examples=60)
def test_what_is_read_greedily_is_a_candidate_with_its_whole_probability(
    compiled: bool, words: list[str], seed: int, frames: int
) -> None:
    scorer, space = Terse(seed, frames), space_of(words, priors_of(words, seed))
    read = read_greedily(scorer, scorer.frames, ABC)
    candidates = found(scorer, space, compiled=compiled)
    literal = literal_of(candidates)
    if not read or read in words:
        assert literal is None
        return
    assert literal is not None and literal.word == read
    prior = SPELLING.literal_prior + SPELLING.literal_letter * len(read)
    wanted = log_probability_of(scorer, read) + SPELLING.prior_weight * prior
    assert literal.score == pytest.approx(wanted, abs=1e-5)
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(candidate.probability for candidate in candidates) == pytest.approx(1)
    listed = {c.word: c.score for c in candidates if not c.literal}
    without = found(scorer, space, replace(SPELLING, literal=False), compiled)
    assert {c.word: c.score for c in without} == listed


def test_some_of_these_spellings_leave_the_tree_and_some_end_in_it() -> None:
    words = ["a", "aaa", "bb", "cab"]
    scorers = [Terse(seed, 5) for seed in range(200)]
    read = {read_greedily(scorer, scorer.frames, ABC) for scorer in scorers}
    assert {"a", "aa", "bb", "c"} <= read  # listed, and unlisted prefixes of listed words
    assert {"ab", "bbb", "cc"} <= read  # these leave the tree
    for scorer in scorers:
        literal = literal_of(found(scorer, space_of(words, priors_of(words, 1))))
        spelt = read_greedily(scorer, scorer.frames, ABC)
        assert (literal is not None) == (spelt not in {"", *words})


def test_a_blocked_word_does_not_come_back_letter_by_letter() -> None:
    scorer, words = Terse(3, 6), ["a", "b"]
    space = space_of(words, priors_of(words, 1))
    literal = literal_of(found(scorer, space))
    assert literal is not None
    assert literal_of(found(scorer, space, blocked=frozenset([literal.word]))) is None
    blocked = space_of([literal.word], np.array([-np.inf], np.float32))
    assert found(scorer, joined(space, blocked)) == found(
        scorer, space, replace(SPELLING, literal=False)
    )


def test_a_word_of_the_second_tree_is_no_literal() -> None:
    scorer, words = Terse(3, 6), ["a", "b"]
    space = space_of(words, priors_of(words, 1))
    literal = literal_of(found(scorer, space))
    assert literal is not None
    both = joined(space, space_of([literal.word], np.array([-3.0], np.float32)))
    assert literal_of(found(scorer, both)) is None
    assert literal.word in {candidate.word for candidate in found(scorer, both)}


def test_the_unknown_label_spells_nothing() -> None:
    class Lost(Terse):
        def joint(self, frames: Floats, outputs: Floats) -> Floats:
            said = super().joint(frames, outputs)
            said[:, 0, ABC.unknown] = 5.0
            return said

    scorer = Lost(1, 6)
    assert read_greedily(scorer, scorer.frames, ABC)  # what else it writes is no word either
    space = space_of(["a"], priors_of(["a"], 1))
    assert literal_of(found(scorer, space)) is None


def test_apostrophes_alone_are_no_word() -> None:
    scorer = next(
        c for c in (Terse(seed, 5) for seed in range(99)) if read_greedily(c, c.frames, ABC) == "cc"
    )
    space = space_of(["a"], priors_of(["a"], 1))
    for letters, spelt in (("abc", True), ("ab'", False)):
        search = WordSearch(scorer, space, SPELLING, Alphabet(letters))
        assert (literal_of(search(scorer.frames, 9)) is not None) == spelt


def test_a_word_that_the_list_writes_like_what_was_spelt_is_the_lists() -> None:
    space, nodes = space_of(["a", "b"], priors_of(["a", "b"], 1)), np.array([1], np.int32)
    listed = n_best(space, SPELLING, nodes, np.array([-2.0]), 9)
    assert n_best(space, SPELLING, nodes, np.array([-2.0]), 9, ("a", 5.0)) == listed


def test_a_ctc_model_has_none() -> None:
    scorer = RandomCtc(4, 5)
    space = space_of(["a"], priors_of(["a"], 1))
    assert found(scorer, space) == found(scorer, space, replace(SPELLING, literal=False))


INVENTED = ["zorbleflux", "quimblat", "frandelow", "wuzzlegan", "plonkeray", "snarfblat"]


@pytest.fixture(scope="module")
def spelt() -> list[tuple[Trace, Candidate]]:
    """Synthetic swipes of invented words, and how the shipped network spells them."""
    traces = synthesize(INVENTED, load_keyboard("qwerty"), rng=np.random.default_rng(2)).traces()
    decoder = GestureDecoder.load()
    return [(t, c) for t in traces if (c := literal_of(decoder.decode(t))) is not None]


def test_the_shipped_decoder_spells_what_its_list_lacks(
    spelt: list[tuple[Trace, Candidate]],
) -> None:
    assert len(spelt) >= 0.6 * len(INVENTED)
    whole, plain = GestureDecoder.load(internal_weight=0.0), GestureDecoder.load(literal=False)
    for trace, candidate in spelt:
        assert candidate.word not in plain.words
        assert literal_of(plain.decode(trace)) is None
        literal = literal_of(whole.decode(trace))
        assert literal is None or literal.word == whole.decode_greedy(trace)


def test_a_word_that_the_user_adds_or_blocks_is_no_literal_any_more(
    spelt: list[tuple[Trace, Candidate]],
) -> None:
    own, (trace, candidate) = GestureDecoder.load(), spelt[0]
    own.personal.add(candidate.word.capitalize())
    assert own.decode(trace)[0].word == candidate.word.capitalize()
    assert literal_of(own.decode(trace)) is None
    own.personal.block(candidate.word.upper())
    assert candidate.word not in {found.word.lower() for found in own.decode(trace, n=50)}


def test_spelling_waits_until_the_finger_lifts(spelt: list[tuple[Trace, Candidate]]) -> None:
    decoder = GestureDecoder.load()
    for trace, candidate in spelt:
        live = decoder.live(n=3)
        for end in range(2, len(trace) + 1, 5):
            part = Trace(trace.x[:end], trace.y[:end], trace.t[:end])
            assert literal_of(live.update(part)) is None
            listed = [one for one in decoder.decode(part, n=4) if not one.literal]
            assert {one.word for one in live.update(part)} == {one.word for one in listed[:3]}
        finished = decoder.live().finish(trace)
        assert literal_of(finished) == candidate
