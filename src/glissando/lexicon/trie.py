"""The letters of a word list as one tree of numpy arrays, built in bulk and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class Trie:
    """A prefix tree whose N nodes are numbered level by level, so that siblings are neighbours.

    Node 0 is the root, the empty prefix. The children of node n are
    `first_child[n] … first_child[n] + child_count[n] - 1`.

    Attributes:
        letter: `(N,)` label id of the letter that leads to each node; -1 at the root.
        parent: `(N,)` node before that letter; -1 at the root.
        first_child: `(N,)`.
        child_count: `(N,)`.
        first_entry: `(N + 1,)`: the words spelt at node n are
            `entries[first_entry[n] : first_entry[n + 1]]`.
        entries: `(E,)` indices into the word list.
        best_below: Float32 `(N,)` highest log prior of any word at or below each node.
    """

    letter: Ids
    parent: Ids
    first_child: Ids
    child_count: Ids
    first_entry: Ids
    entries: Ids
    best_below: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.letter)

    def spelling(self, node: int) -> list[int]:
        """Label ids from the root to a node."""
        ids: list[int] = []
        while node > 0:
            ids.append(int(self.letter[node]))
            node = int(self.parent[node])
        return ids[::-1]


def build_trie(
    spellings: Sequence[str], entries: Ids, log_priors: NDArray[np.float32], letters: str
) -> Trie:
    """Put S spellings of W words into one tree.

    Args:
        spellings: S strings of `letters`, in any order; none empty.
        entries: `(S,)` index of the word that each spells, into `log_priors`.
        log_priors: `(W,)` natural logarithms of the words' probabilities.
        letters: The alphabet's letters in label order.

    Raises:
        ValueError: an empty spelling, or one with a character that is no letter.
    """
    codes, lengths = _codes(spellings, letters)
    shared, ascending = _shared_prefix(codes)
    if not ascending:
        order = np.lexsort(codes.T[::-1])
        codes, lengths, entries = codes[order], lengths[order], entries[order]
        shared, _ = _shared_prefix(codes)
    levels, node = [np.zeros(1, np.int32)], np.zeros(len(codes), np.int32)
    letter, parent = [np.full(1, -1, np.int32)], [np.full(1, -1, np.int32)]
    size = 1
    for depth in range(1, codes.shape[1] + 1):
        rows = np.flatnonzero(lengths >= depth)
        is_new = shared[rows] < depth
        fresh = rows[is_new]
        letter.append(codes[fresh, depth - 1].astype(np.int32))
        parent.append(node[fresh])
        node[rows] = size - 1 + np.cumsum(is_new, dtype=np.int32)
        levels.append(np.arange(size, size + len(fresh), dtype=np.int32))
        size += len(fresh)
    at_node = np.argsort(node, kind="stable")
    return _finished(
        np.concatenate(letter),
        np.concatenate(parent),
        levels,
        node[at_node],
        entries[at_node],
        log_priors,
    )


def _finished(
    letter: Ids,
    parent: Ids,
    levels: list[Ids],
    nodes: Ids,
    entries: Ids,
    log_priors: NDArray[np.float32],
) -> Trie:
    size = len(letter)
    child_count = np.bincount(parent[1:], minlength=size).astype(np.int32)
    first_child = np.concatenate([[1], 1 + np.cumsum(child_count[:-1])]).astype(np.int32)
    best = np.full(size, -np.inf, np.float32)
    np.maximum.at(best, nodes, log_priors[entries])
    for level in reversed(levels[1:]):
        owners, firsts = _runs(parent[level])  # siblings are neighbours
        best[owners] = np.maximum(best[owners], np.maximum.reduceat(best[level], firsts))
    counts = np.bincount(nodes, minlength=size)
    first_entry = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return Trie(letter, parent, first_child, child_count, first_entry, entries, best)


def _runs(values: Ids) -> tuple[Ids, Ids]:
    """Every value of an ascending array once, and where it first stands."""
    firsts = np.flatnonzero(np.diff(values, prepend=-1)).astype(np.int32)
    return values[firsts], firsts


def _codes(spellings: Sequence[str], letters: str) -> tuple[NDArray[np.int8], Ids]:
    """Label ids `(S, longest)`, -1 behind each spelling's end, and the lengths `(S,)`."""
    if not spellings:
        return np.zeros((0, 0), np.int8), np.zeros(0, np.int32)
    # One string for all: a hundred thousand short ones are slow to hand over singly.
    text = np.frombuffer("\0".join([*spellings, ""]).encode("utf-32-le"), np.uint32)
    table = np.full(int(max(text.max(), *map(ord, letters))) + 1, -2, np.int8)
    table[0] = -1
    table[[ord(letter) for letter in letters]] = np.arange(len(letters))
    flat = table[text]
    ends = np.flatnonzero(text == 0)
    lengths = np.diff(ends, prepend=-1).astype(np.int32) - 1
    if len(ends) != len(spellings) or not lengths.all():
        raise ValueError("an empty spelling has no place in a trie")
    if (flat == -2).any():
        row = int(np.searchsorted(ends, np.flatnonzero(flat == -2)[0]))
        raise ValueError(f"{spellings[row]!r} has a character that is not in the alphabet")
    codes = np.full((len(ends), int(lengths.max())), -1, np.int8)
    codes[np.arange(codes.shape[1]) < lengths[:, None]] = flat[flat >= 0]
    return codes, lengths


def _shared_prefix(codes: NDArray[np.int8]) -> tuple[Ids, bool]:
    """Letters that each row shares with the row before it, and whether all rows ascend."""
    shared = np.full(len(codes), -1, np.int32)
    if len(codes) < 2:
        return shared, True
    differs = codes[1:] != codes[:-1]
    at = differs.argmax(axis=1)
    rows = np.arange(len(at))
    equal = ~differs[rows, at]
    shared[1:] = np.where(equal, codes.shape[1], at)
    return shared, bool((equal | (codes[1:][rows, at] > codes[:-1][rows, at])).all())
