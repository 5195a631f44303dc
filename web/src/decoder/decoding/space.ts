/** Where the search may go: the tree of the word list beside a small one of the user's words. */

import type { Trie } from "../lexicon/trie";

/** One or more tries in one numbering of nodes and words; each trie keeps its own root. */
export interface SearchSpace extends Trie {
  /** Every word as shown; may hold a word twice where two tries have it. */
  words: readonly string[];
  /** `(W,)` natural log of each word's prior; -Infinity for a blocked word. */
  logPriors: Float32Array;
  /** Node of each trie's empty prefix. */
  roots: Int32Array;
}

/** The space of one trie; nothing is copied. */
export function searchSpace(
  trie: Trie,
  words: readonly string[],
  logPriors: Float32Array,
): SearchSpace {
  return { ...trie, words, logPriors, roots: Int32Array.of(0) };
}

/** Both spaces side by side: `second` renumbered behind `first`. */
export function joined(first: SearchSpace, second: SearchSpace): SearchSpace {
  const nodes = first.letter.length;
  const entries = first.entries.length;
  const words = first.words.length;
  const node = (each: number) => (each < 0 ? each : each + nodes);
  return {
    words: [...first.words, ...second.words],
    logPriors: together(first.logPriors, second.logPriors),
    roots: together(first.roots, second.roots.map(node)),
    letter: together(first.letter, second.letter),
    parent: together(first.parent, second.parent.map(node)),
    firstChild: together(first.firstChild, second.firstChild.map(node)),
    childCount: together(first.childCount, second.childCount),
    firstEntry: together(
      first.firstEntry.subarray(0, nodes),
      second.firstEntry.map((at) => at + entries),
    ),
    entries: together(
      first.entries,
      second.entries.map((entry) => entry + words),
    ),
    bestBelow: together(first.bestBelow, second.bestBelow),
  };
}

/** Letters from the root to a node, as label ids. */
export function spelling(space: SearchSpace, node: number): number[] {
  const ids: number[] = [];
  for (let at = node; space.parent[at] >= 0; at = space.parent[at]) ids.push(space.letter[at]);
  return ids.reverse();
}

/** The node one letter further; -1 if no word goes on so. */
export function childOf(space: SearchSpace, node: number, id: number): number {
  const { letter, firstChild, childCount } = space;
  const end = firstChild[node] + childCount[node];
  for (let child = firstChild[node]; child < end; child++) if (letter[child] === id) return child;
  return -1;
}

/** Whether any trie has a word, blocked or not, that is spelt so. */
export function hasWord(space: SearchSpace, ids: readonly number[]): boolean {
  return space.roots.some((root) => {
    let node = root;
    for (const id of ids) {
      node = childOf(space, node, id);
      if (node < 0) return false;
    }
    return space.firstEntry[node] < space.firstEntry[node + 1];
  });
}

type Numbers = Int32Array | Float32Array | Int8Array | Uint8Array;

function together<T extends Numbers>(left: T, right: T): T {
  const Kind = left.constructor as new (length: number) => T;
  const both = new Kind(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
