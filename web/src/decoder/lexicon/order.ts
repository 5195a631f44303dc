/** In which order spellings ascend, letter by letter; what ascends already costs little. */

import type { Spellings } from "./spelling";

/** `(S,)` rows of the spellings, the lowest first. */
export function ascending(spellings: Spellings): Int32Array {
  const count = spellings.entries.length;
  const inOrder = new Int32Array(count);
  const strays: number[] = [];
  let size = 0;
  for (let row = 0; row < count; row++) {
    if (size > 0 && compare(spellings, inOrder[size - 1], row) > 0) strays.push(row);
    else inOrder[size++] = row;
  }
  strays.sort((one, other) => compare(spellings, one, other));
  return merged(spellings, inOrder.subarray(0, size), strays);
}

/** How many letters two spellings begin with in common. */
export function shared({ ids, starts }: Spellings, one: number, other: number): number {
  const [start, otherStart] = [starts[one], starts[other]];
  const most = Math.min(starts[one + 1] - start, starts[other + 1] - otherStart);
  let count = 0;
  while (count < most && ids[start + count] === ids[otherStart + count]) count++;
  return count;
}

/** Below 0 where `one` comes first. */
function compare(spellings: Spellings, one: number, other: number): number {
  const { ids, starts } = spellings;
  const same = shared(spellings, one, other);
  const length = starts[one + 1] - starts[one];
  const otherLength = starts[other + 1] - starts[other];
  if (same === length || same === otherLength) return length - otherLength;
  return ids[starts[one] + same] - ids[starts[other] + same];
}

function merged(spellings: Spellings, left: Int32Array, right: readonly number[]): Int32Array {
  const all = new Int32Array(left.length + right.length);
  let [at, from] = [0, 0];
  for (const row of right) {
    while (at < left.length && compare(spellings, left[at], row) <= 0) all[from + at] = left[at++];
    all[at + from++] = row;
  }
  all.set(left.subarray(at), from + at);
  return all;
}
