/** The colour of a swipe's path: blue where it starts, pink where it ends. */

const START = [37, 99, 235];
const END = [236, 72, 122];

/** The colour after a share of the way, 0 to 1. */
export function pathColour(share: number): string {
  const mixed = START.map((from, part) => Math.round(from + (END[part] - from) * share));
  return `rgb(${mixed.join(" ")})`;
}
