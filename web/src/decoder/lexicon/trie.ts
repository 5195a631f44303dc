/** The letters of a word list as one tree of typed arrays, built in bulk and never changed. */

import type { Alphabet } from "../alphabet";
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
export function buildTrie(
  { spelt, entries }: Spellings,
  logPriors: Float32Array,
  alphabet: Alphabet,
): Trie {
  const codes = new Codes(spelt, alphabet);
  const { letter, parent, depth, node } = grow(codes);
  const { order, place } = levelByLevel(depth);
  const size = order.length;
  const trie: Trie = {
    letter: new Int8Array(size),
    parent: order.map((old) => (old === 0 ? -1 : place[parent[old]])),
    firstChild: new Int32Array(size),
    childCount: new Uint8Array(size),
    ...grouped(node, place, entries, size),
    bestBelow: new Float32Array(size).fill(-Infinity),
  };
  order.forEach((old, node) => {
    trie.letter[node] = letter[old];
  });
  finish(trie, logPriors);
  return trie;
}

/** Label ids of all spellings behind each other, and in which order the spellings ascend. */
class Codes {
  readonly ids: Uint8Array;
  /** `(S + 1,)` where each spelling begins. */
  readonly starts: Int32Array;
  readonly order: Int32Array;

  constructor(spelt: readonly string[], alphabet: Alphabet) {
    this.starts = new Int32Array(spelt.length + 1);
    spelt.forEach((spelling, row) => {
      this.starts[row + 1] = this.starts[row] + spelling.length;
    });
    this.ids = new Uint8Array(this.starts[spelt.length]);
    const table = labelTable(alphabet);
    let at = 0;
    for (const spelling of spelt) {
      for (let place = 0; place < spelling.length; place++) {
        this.ids[at++] = table[spelling.charCodeAt(place)];
      }
    }
    this.order = Int32Array.from(spelt.keys());
    const rows = [...this.order]; // a list's own sort finds what ascends already
    this.order.set(rows.sort((one, other) => this.compare(one, other)));
  }

  /** How many letters two spellings begin with in common. */
  shared(one: number, other: number): number {
    const [start, otherStart] = [this.starts[one], this.starts[other]];
    const most = Math.min(this.length(one), this.length(other));
    let count = 0;
    while (count < most && this.ids[start + count] === this.ids[otherStart + count]) count++;
    return count;
  }

  length(row: number): number {
    return this.starts[row + 1] - this.starts[row];
  }

  private compare(one: number, other: number): number {
    const shared = this.shared(one, other);
    const isPrefix = shared === this.length(one) || shared === this.length(other);
    if (isPrefix) return this.length(one) - this.length(other);
    return this.ids[this.starts[one] + shared] - this.ids[this.starts[other] + shared];
  }
}

/** Label id by code unit; spellings have nothing but letters. */
function labelTable(alphabet: Alphabet): Uint8Array {
  const table = new Uint8Array(1 << 16);
  for (const letter of alphabet.letters) table[letter.charCodeAt(0)] = alphabet.id(letter) ?? 0;
  return table;
}

/** Nodes in the order in which ascending spellings reach them, and each spelling's node. */
function grow(codes: Codes) {
  const most = codes.ids.length + 1;
  const letter = new Int8Array(most).fill(-1);
  const parent = new Int32Array(most);
  const depth = new Uint8Array(most);
  const node = new Int32Array(codes.order.length);
  const path = new Int32Array(256); // the node at each depth of the spelling before
  let size = 1;
  let before = -1;
  for (const row of codes.order) {
    const length = codes.length(row);
    for (let at = before < 0 ? 0 : codes.shared(before, row); at < length; at++) {
      letter[size] = codes.ids[codes.starts[row] + at];
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
  depth.forEach((level, node) => {
    place[node] = next[level]++;
    order[place[node]] = node;
  });
  return { order, place };
}

/** The entries of each node behind each other. */
function grouped(node: Int32Array, place: Int32Array, entries: Int32Array, size: number) {
  const firstEntry = new Int32Array(size + 1);
  for (const each of node) firstEntry[place[each] + 1]++;
  for (let at = 0; at < size; at++) firstEntry[at + 1] += firstEntry[at];
  const next = firstEntry.slice();
  const sorted = new Int32Array(entries.length);
  node.forEach((each, row) => {
    sorted[next[place[each]]++] = entries[row];
  });
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
