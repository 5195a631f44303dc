"""The tree of a word list, held against a dict of dicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glissando.lexicon import Trie, build_trie

LETTERS = "abcé'"
SPELLINGS = st.lists(st.text(LETTERS, min_size=1, max_size=6), max_size=30)


def built(spellings: list[str], priors: list[float] | None = None) -> Trie:
    """The tree where every spelling is of a word of its own."""
    log_priors = np.array(priors or [0.0] * len(spellings), np.float32)
    return build_trie(spellings, np.arange(len(spellings), dtype=np.int32), log_priors, LETTERS)


def spelling(trie: Trie, node: int) -> str:
    """The letters from the root to a node."""
    letters = ""
    while node > 0:
        letters = LETTERS[trie.letter[node]] + letters
        node = int(trie.parent[node])
    return letters


def plain(spellings: list[str]) -> dict[str, Any]:
    """The same as a dict of dicts: letter → below it; "" → the words spelt here."""
    root: dict[str, Any] = {}
    for at, spelling in enumerate(spellings):
        node = root
        for letter in spelling:
            node = node.setdefault(letter, {})
        node.setdefault("", set()).add(at)
    return root


def below(trie: Trie, node: int = 0) -> dict[str, Any]:
    """The tree as `plain` has it."""
    first, count = int(trie.first_child[node]), int(trie.child_count[node])
    children = range(first, first + count)
    letters = [LETTERS[trie.letter[child]] for child in children]
    assert letters == sorted(set(letters), key=LETTERS.index)  # ascending, none twice
    assert all(trie.parent[child] == node for child in children)
    found: dict[str, Any] = {
        letter: below(trie, child) for letter, child in zip(letters, children, strict=True)
    }
    if entries := trie.entries[trie.first_entry[node] : trie.first_entry[node + 1]].tolist():
        assert len(entries) == len(set(entries))
        found[""] = set(entries)
    return found


def entries_under(tree: dict[str, Any]) -> Iterator[int]:
    for letter, part in tree.items():
        yield from part if letter == "" else entries_under(part)


@given(SPELLINGS)
@example(["ab", "a", "ab"])  # a prefix between two equal words
@example(["ab", "b", "ac"])  # one prefix in two places
@example([])
def test_it_holds_every_spelling_and_no_other(spellings: list[str]) -> None:
    trie = built(spellings)
    assert below(trie) == plain(spellings)
    prefixes = {s[:end] for s in spellings for end in range(len(s) + 1)} | {""}
    assert len(trie) == len(prefixes)
    spelt = {spelling(trie, node) for node in range(len(trie))}
    assert spelt == prefixes


@given(st.data())
def test_best_below_is_the_highest_prior_at_or_below(data: st.DataObject) -> None:
    spellings = data.draw(SPELLINGS)
    number = st.floats(-20, 0, width=32)
    priors = data.draw(st.lists(number, min_size=len(spellings), max_size=len(spellings)))
    trie = built(spellings, priors)
    for node in range(len(trie)):
        mine = [priors[at] for at in entries_under(below(trie, node))]
        assert trie.best_below[node] == pytest.approx(max(mine, default=-np.inf))


@given(st.data())
def test_the_order_of_spellings_does_not_matter(data: st.DataObject) -> None:
    spellings = data.draw(SPELLINGS)
    order = data.draw(st.permutations(range(len(spellings))))
    one = built(spellings, [-float(at) for at in range(len(spellings))])
    other = build_trie(
        [spellings[at] for at in order],
        np.array(order, np.int32),
        -np.arange(len(spellings), dtype=np.float32),
        LETTERS,
    )
    for name in ("letter", "parent", "first_child", "child_count", "first_entry", "best_below"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert below(one) == below(other)


def test_all_is_as_small_as_it_says() -> None:
    trie = built(["a", "ab"])
    for name in ("letter", "parent", "first_child", "child_count", "first_entry", "entries"):
        assert getattr(trie, name).dtype == np.int32, name
    assert trie.best_below.dtype == np.float32


def test_two_words_of_one_spelling_share_its_node() -> None:
    entries = np.array([4, 2, 4], np.int32)
    trie = build_trie(["a", "a", "b"], entries, np.zeros(5, np.float32), LETTERS)
    assert len(trie) == 3
    assert trie.first_entry.tolist() == [0, 0, 2, 3]
    assert sorted(trie.entries[:2].tolist()) == [2, 4]


@pytest.mark.parametrize(
    ("spellings", "message"),
    [
        (["a", ""], "an empty spelling"),
        ([""], "an empty spelling"),
        (["a", "b\0c"], "an empty spelling|not in the alphabet"),
        (["a", "bxb"], r"'bxb' has a character that is not in the alphabet"),
        (["a", "b", "b字"], r"'b字' has a character"),
        (["A"], r"'A' has a character"),
    ],
)
def test_empty_and_foreign_spellings_are_refused(spellings: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        built(spellings)
