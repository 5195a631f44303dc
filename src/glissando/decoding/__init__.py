"""From frame scores to words: greedy decoding and the lexicon beam, for any scorer."""

from glissando.decoding.ending import n_best
from glissando.decoding.greedy import read_greedily
from glissando.decoding.results import Candidate, Decoder
from glissando.decoding.scorer import CtcScorer, Scorer, TransducerScorer
from glissando.decoding.search import Search, make_search
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace, joined, search_space
from glissando.decoding.word_search import WordSearch

__all__ = [
    "BeamSettings",
    "Candidate",
    "CtcScorer",
    "Decoder",
    "Scorer",
    "Search",
    "SearchSpace",
    "TransducerScorer",
    "WordSearch",
    "joined",
    "make_search",
    "n_best",
    "read_greedily",
    "search_space",
]
