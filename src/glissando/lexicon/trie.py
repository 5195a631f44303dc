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
    if not spellings:
        root = np.zeros(1, np.int32)
        return _finished(root - 1, root - 1, [slice(0, 1)], root[:0], root[:0], log_priors)
    codes = _codes(spellings, letters)
    grown = _grow(codes)
    if grown is None:
        order = np.argsort(np.array(codes.tobytes().split(b"\0")[:-1]), kind="stable")
        codes = _codes([spellings[row] for row in order], letters)
        entries, grown = entries[order], _grow(codes)
        assert grown is not None  # sorted
    letter, parent, levels, node = grown
    at_node = np.argsort(node, kind="stable")
    return _finished(letter, parent, levels, node[at_node], entries[at_node], log_priors)


def _grow(codes: NDArray[np.uint8]) -> tuple[Ids, Ids, list[slice], Ids] | None:
    """Letters and parents of the nodes, which of them each level has, and each spelling's node.

    None where the letters behind one prefix descend: only a sort brings equal prefixes together.
    """
    ends = np.flatnonzero(codes == 0)
    ahead = np.concatenate([[0], ends[:-1] + 1])  # where each spelling's next letter stands
    node = np.zeros(len(ends), np.int32)
    letter, parent, levels = [np.full(1, -1, np.int32)], [np.full(1, -1, np.int32)], [slice(0, 1)]
    rows, above = np.arange(len(ends)), node  # spellings with letters ahead, and where they are
    while len(rows):
        code = codes[ahead]
        sibling = above[1:] == above[:-1]
        if (sibling & (code[1:] < code[:-1])).any():
            return None
        is_new = np.concatenate([[True], ~sibling | (code[1:] != code[:-1])])
        size = levels[-1].stop
        letter.append(code[is_new].astype(np.int32) - 1)
        parent.append(above[is_new])
        levels.append(slice(size, size + len(letter[-1])))
        above = np.cumsum(is_new, dtype=np.int32) + (size - 1)
        ahead = ahead + 1
        ended = ahead == ends
        node[rows[ended]] = above[ended]
        rows, above, ahead, ends = (part[~ended] for part in (rows, above, ahead, ends))
    return np.concatenate(letter), np.concatenate(parent), levels, node


def _finished(
    letter: Ids,
    parent: Ids,
    levels: list[slice],
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


class _Codes(dict[int, int]):
    """Character → its label id + 1, for `str.translate`; the one unknown to it is kept."""

    def __init__(self, letters: str) -> None:
        super().__init__({ord(letter): at for at, letter in enumerate(letters, start=1)})
        self[0] = 0
        self.unknown = 0

    def __missing__(self, character: int) -> int:
        self.unknown = character
        return 0


def _codes(spellings: Sequence[str], letters: str) -> NDArray[np.uint8]:
    """Label ids + 1 of all spellings behind each other, with a 0 behind each."""
    # One string for all: a hundred thousand short ones are slow to hand over singly.
    table = _Codes(letters)
    text = "\0".join([*spellings, ""]).translate(table)
    codes = np.frombuffer(text.encode("latin-1"), np.uint8)
    ends = np.flatnonzero(codes == 0)
    if table.unknown:
        odd = next(spelling for spelling in spellings if chr(table.unknown) in spelling)
        raise ValueError(f"{odd!r} has a character that is not in the alphabet")
    if len(ends) != len(spellings) or np.diff(ends, prepend=-1).min() < 2:
        raise ValueError("an empty spelling has no place in a trie")
    return codes
