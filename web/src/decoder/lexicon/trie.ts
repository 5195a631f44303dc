/** The letters of a word list as one tree of typed arrays, built in bulk and never changed. */

import { ascending, shared } from "./order";
import type { Spellings } from "./spelling";

/**
 * A prefix tree whose N nodes are numbered level by level, so that siblings are neighbours.
 *
 * Node 0 is the root, the empty prefix. The children of node n are `firstChild[n] …
 * firstChild[n] + childCount[n] - 1`.
 */
export interface Trie {
  /** `(N,)` label id of the letter that leads to each node; -1 at the root. */
  letter: Int8Array;
  /** `(N,)` node before that letter; -1 at the root. */
  parent: Int32Array;
  firstChild: Int32Array;
  childCount: Uint8Array;
  /** `(N + 1,)`: the words spelt at n are `entries[firstEntry[n] … firstEntry[n + 1] - 1]`. */
  firstEntry: Int32Array;
  /** `(S,)` indices into the word list. */
  entries: Int32Array;
  /** `(N,)` highest log prior of any word at or below each node. */
  bestBelow: Float32Array;
}

/** Put the spellings of W words into one tree; `logPriors` are the words', `(W,)`. */
export function buildTrie(spellings: Spellings, logPriors: Float32Array): Trie {
  const { letter, parent, depth, node } = grow(spellings);
  const { order, place } = levelByLevel(depth);
  const size = order.length;
  const trie: Trie = {
    letter: new Int8Array(size),
    parent: new Int32Array(size),
    firstChild: new Int32Array(size),
    childCount: new Uint8Array(size),
    ...grouped(node, place, spellings.entries, size),
    bestBelow: new Float32Array(size).fill(-Infinity),
  };
  for (let at = 0; at < size; at++) {
    const old = order[at];
    trie.letter[at] = letter[old];
    trie.parent[at] = old === 0 ? -1 : place[parent[old]];
  }
  finish(trie, logPriors);
  return trie;
}

/** Nodes in the order in which ascending spellings reach them, and each spelling's node. */
function grow(spellings: Spellings) {
  const { ids, starts, entries } = spellings;
  const most = ids.length + 1;
  const letter = new Int8Array(most).fill(-1, 0, 1);
  const parent = new Int32Array(most);
  const depth = new Uint8Array(most);
  const node = new Int32Array(entries.length);
  const path = new Int32Array(256); // the node at each depth of the spelling before
  let size = 1;
  let before = -1;
  for (const row of ascending(spellings)) {
    const start = starts[row];
    const length = starts[row + 1] - start;
    for (let at = before < 0 ? 0 : shared(spellings, before, row); at < length; at++) {
      letter[size] = ids[start + at];
      parent[size] = path[at];
      depth[size] = at + 1;
      path[at + 1] = size++;
    }
    node[row] = path[length];
    before = row;
  }
  return { letter, parent, depth: depth.subarray(0, size), node };
}

/** Nodes sorted by depth, those of one depth as they stood; and where each node went. */
function levelByLevel(depth: Uint8Array): { order: Int32Array; place: Int32Array } {
  const next = new Int32Array(257);
  for (const each of depth) next[each + 1]++;
  for (let level = 1; level < next.length; level++) next[level] += next[level - 1];
  const order = new Int32Array(depth.length);
  const place = new Int32Array(depth.length);
  for (let node = 0; node < depth.length; node++) {
    place[node] = next[depth[node]]++;
    order[place[node]] = node;
  }
  return { order, place };
}

/** The entries of each node behind each other. */
function grouped(node: Int32Array, place: Int32Array, entries: Int32Array, size: number) {
  const firstEntry = new Int32Array(size + 1);
  for (const each of node) firstEntry[place[each] + 1]++;
  for (let at = 0; at < size; at++) firstEntry[at + 1] += firstEntry[at];
  const next = firstEntry.slice();
  const sorted = new Int32Array(entries.length);
  for (let row = 0; row < node.length; row++) sorted[next[place[node[row]]]++] = entries[row];
  return { firstEntry, entries: sorted };
}

/** Fill in what follows from the parents: children, and the best word below. */
function finish(trie: Trie, logPriors: Float32Array): void {
  const { parent, firstChild, childCount, firstEntry, entries, bestBelow } = trie;
  for (let node = parent.length - 1; node >= 0; node--) {
    for (let at = firstEntry[node]; at < firstEntry[node + 1]; at++) {
      bestBelow[node] = Math.max(bestBelow[node], logPriors[entries[at]]);
    }
    const above = parent[node];
    if (above < 0) continue;
    childCount[above]++;
    firstChild[above] = node; // the last to write is the first child
    bestBelow[above] = Math.max(bestBelow[above], bestBelow[node]);
  }
}
