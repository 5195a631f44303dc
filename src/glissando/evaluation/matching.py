"""When an answer counts as right: the same letters, whatever the case and the apostrophes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from glissando.alphabet import ENGLISH, WordError
from glissando.decoding import Candidate

RULE = (
    "An answer is right when it has the truth's letters; case, apostrophes, accents and "
    "punctuation around the word are ignored."
)


@lru_cache(maxsize=1 << 16)
def match_key(word: str) -> str:
    """What two words must have in common to count as equal; empty if the word has no letters.

    How We Swipe prompts `dont` where a lexicon has `don't`: one path of the finger, so neither
    spelling of it is a mistake.
    """
    if word.isascii() and word.isalpha():  # as nearly all are
        return word.lower()
    try:
        spelt = ENGLISH.normalise(word)
    except WordError as error:
        return "" if error.reason == "empty_word" else word.strip().lower()
    return spelt.replace("'", "")


def rank_of(truth: str, candidates: Iterable[Candidate]) -> int:
    """Place of the first right answer, counted from 1; 0 if there is none."""
    wanted = match_key(truth)
    for place, candidate in enumerate(candidates, start=1):
        if match_key(candidate.word) == wanted:
            return place
    return 0


def edit_distance(one: str, other: str) -> int:
    """Fewest letters to insert, delete or replace (Levenshtein 1966), row by row."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        diagonal, row[0] = row[0], i
        for j, wanted in enumerate(other, start=1):
            replaced = diagonal + (letter != wanted)
            diagonal = row[j]
            row[j] = min(replaced, diagonal + 1, row[j - 1] + 1)
    return row[-1]
