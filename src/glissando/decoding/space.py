"""Where the search may go: the tree of the word list beside a small one of the user's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glissando.decoding.scorer import Floats, Ids
from glissando.lexicon.trie import Trie


@dataclass(frozen=True, eq=False, slots=True)
class SearchSpace:
    """One or more tries in one numbering of nodes and words; each trie keeps its own root.

    Attributes:
        words: Every word as shown; may hold a word twice where two tries have it.
        log_priors: Float32 `(W,)` natural log of each word's prior; -inf for a blocked word.
        roots: Node of each trie's empty prefix.
        letter: `(N,)`; this and what follows as in `Trie`.
        parent: `(N,)`.
        first_child: `(N,)`.
        child_count: `(N,)`.
        first_entry: `(N + 1,)`.
        entries: `(E,)`.
        best_below: `(N,)`.
    """

    words: Sequence[str]
    log_priors: Floats
    roots: Ids
    letter: Ids
    parent: Ids
    first_child: Ids
    child_count: Ids
    first_entry: Ids
    entries: Ids
    best_below: Floats

    def __len__(self) -> int:
        return len(self.letter)


def search_space(trie: Trie, words: Sequence[str], log_priors: Floats) -> SearchSpace:
    """The space of one trie; nothing is copied."""
    return SearchSpace(
        words,
        log_priors,
        np.zeros(1, np.int32),
        trie.letter,
        trie.parent,
        trie.first_child,
        trie.child_count,
        trie.first_entry,
        trie.entries,
        trie.best_below,
    )


def joined(first: SearchSpace, second: SearchSpace) -> SearchSpace:
    """Both spaces side by side: `second` renumbered behind `first`."""
    nodes, words, entries = len(first), len(first.words), len(first.entries)

    def both(name: str, shift: int) -> Ids:
        left, right = getattr(first, name), getattr(second, name)
        return np.concatenate([left, np.where(right < 0, right, right + shift).astype(np.int32)])

    return SearchSpace(
        [*first.words, *second.words],
        np.concatenate([first.log_priors, second.log_priors]),
        both("roots", nodes),
        both("letter", 0),
        both("parent", nodes),
        both("first_child", nodes),
        both("child_count", 0),
        np.concatenate([first.first_entry[:-1], second.first_entry + entries]).astype(np.int32),
        both("entries", words),
        np.concatenate([first.best_below, second.best_below]),
    )


def child_of(space: SearchSpace, node: int, label: int) -> int:
    """The node one letter further; -1 where no word goes on so."""
    first = int(space.first_child[node])
    letters = space.letter[first : first + int(space.child_count[node])].tolist()
    return first + letters.index(label) if label in letters else -1


def has_word(space: SearchSpace, labels: Sequence[int]) -> bool:
    """Whether any trie has a word, blocked or not, that is spelt so."""
    return any(_spells(space, int(root), labels) for root in space.roots)


def _spells(space: SearchSpace, node: int, labels: Sequence[int]) -> bool:
    for label in labels:
        node = child_of(space, node, label)
        if node < 0:
            return False
    return bool(space.first_entry[node] < space.first_entry[node + 1])
