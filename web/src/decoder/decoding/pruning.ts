/** What every search does with its prefixes: add up their probabilities, and keep the best few. */

/** log(exp(a) + exp(b)). */
export function logAddExp(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** A list of prefixes with a mass each, and the rank by which the best are kept; used again. */
export class Ranked {
  nodes = new Int32Array(1024);
  mass = new Float64Array(1024);
  private ranks = new Float64Array(1024);
  private sorted = new Float64Array(1024);
  size = 0;

  clear(): void {
    this.size = 0;
  }

  push(node: number, mass: number, rank: number): void {
    if (this.size === this.nodes.length) this.grow();
    this.nodes[this.size] = node;
    this.mass[this.size] = mass;
    this.ranks[this.size++] = rank;
  }

  /** Highest rank; -Infinity if there is none. */
  highest(): number {
    let highest = -Infinity;
    for (let at = 0; at < this.size; at++) highest = Math.max(highest, this.ranks[at]);
    return highest;
  }

  /** Keep at most `width` of those whose rank reaches `limit`, in their order. */
  keepBest(width: number, limit: number): void {
    this.keepFrom(limit, Infinity);
    if (this.size <= width) return;
    const sorted = this.sorted.subarray(0, this.size);
    sorted.set(this.ranks.subarray(0, this.size));
    sorted.sort();
    const last = sorted[this.size - width];
    this.keepFrom(last, width - (this.size - firstAbove(sorted, last)));
  }

  /** Keep ranks above `limit`, and of those that equal it the first `ties`. */
  private keepFrom(limit: number, ties: number): void {
    let kept = 0;
    let left = ties;
    for (let at = 0; at < this.size; at++) {
      const rank = this.ranks[at];
      if (rank < limit || (rank === limit && left-- <= 0)) continue;
      this.nodes[kept] = this.nodes[at];
      this.mass[kept] = this.mass[at];
      this.ranks[kept++] = rank;
    }
    this.size = kept;
  }

  private grow(): void {
    const twice = 2 * this.nodes.length;
    const [nodes, mass, ranks] = [this.nodes, this.mass, this.ranks];
    this.nodes = new Int32Array(twice);
    this.mass = new Float64Array(twice);
    this.ranks = new Float64Array(twice);
    this.sorted = new Float64Array(twice);
    this.nodes.set(nodes);
    this.mass.set(mass);
    this.ranks.set(ranks);
  }
}

function firstAbove(ascending: Float64Array, value: number): number {
  let at = ascending.length;
  while (at > 0 && ascending[at - 1] > value) at--;
  return at;
}
