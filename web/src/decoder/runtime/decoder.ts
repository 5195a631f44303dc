/** `GestureDecoder`: a bundle that turns swipes into words, wherever the runtime's wasm runs. */

import type { Bundle } from "../bundle/folder";
import { readGreedily } from "../decoding/greedy";
import type { Frames, Scorer } from "../decoding/scorer";
import type { Watch } from "../decoding/search";
import { type SearchSpace, spelling } from "../decoding/space";
import { WordSearch } from "../decoding/word_search";
import type { ListedWords } from "../lexicon/listed";
import type { PersonalChanges } from "../lexicon/personal";
import { checkedPoints } from "../traces";
import type { About, Decoding, Hypothesis, Inspection, Keyboard, Point, Timings } from "../types";
import { floats, Graph, integers } from "./graphs";
import { openScorer } from "./scorers";
import { checkGraphs } from "./trial";
import { Vocabulary } from "./vocabulary";

const SHOWN = 8; // prefixes of each frame that an inspection tells
const TINY_SWIPE: readonly Point[] = [
  { x: 0.2, y: 0.5, t: 0 },
  { x: 0.6, y: 0.5, t: 50 },
];

/** Decodes swipes with one bundle, one after another: a call must end before the next begins. */
export class GestureDecoder {
  private search: WordSearch | null = null; // of the words as they are; null until asked for again

  private constructor(
    private readonly bundle: Bundle,
    private readonly graph: Graph,
    private readonly scorer: Scorer,
    private readonly vocabulary: Vocabulary,
    readonly about: About,
  ) {}

  /** Open a bundle; throws `BundleError`. `runtime` is what `startRuntime` gave. */
  static async open(
    bundle: Bundle,
    runtime: Promise<void>,
    words: Promise<ListedWords>,
  ): Promise<GestureDecoder> {
    const { description } = bundle;
    await runtime;
    const graph = await Graph.open(bundle.files, "features.onnx", "disabled");
    const scorer = await openScorer(bundle);
    const listed = await words;
    const vocabulary = new Vocabulary(listed, description.alphabet);
    const about = aboutOf(bundle, listed);
    const decoder = new GestureDecoder(bundle, graph, scorer, vocabulary, about);
    const features = await decoder.features(TINY_SWIPE, description.keyboards[0]);
    const frames = await checkGraphs(description, scorer, features);
    await decoder.searched(frames, 1); // the first takes longer
    return decoder;
  }

  /** Take what the user wants of words from now on. */
  change(changes: PersonalChanges): void {
    this.vocabulary.change(changes);
    this.search = null;
  }

  /** The `n` words at most that a swipe may have meant; throws `TraceError`. */
  async decode(points: readonly Point[], keyboard: Keyboard, n: number): Promise<Decoding> {
    return (await this.run(points, keyboard, n)).decoding;
  }

  /** A decode with its reasons. */
  async inspect(points: readonly Point[], keyboard: Keyboard, n: number): Promise<Inspection> {
    const beam: Hypothesis[][] = [];
    const { decoding, frames } = await this.run(points, keyboard, n, (kept) => {
      const all = Array.from(kept.nodes.subarray(0, kept.size), (node, at) => ({
        node,
        score: kept.mass[at],
      }));
      all.sort((one, other) => other.score - one.score);
      beam.push(all.slice(0, SHOWN).map(({ node, score }) => this.hypothesis(node, score)));
    });
    const { labels, posteriors } = await readGreedily(this.scorer, frames);
    const { alphabet } = this.bundle.description;
    const start = points[0].t;
    const spacing = (points[points.length - 1].t - start) / frames.count;
    const middle = (_: unknown, at: number) => start + (at + 0.5) * spacing;
    return {
      ...decoding,
      greedy: alphabet.decode(labels),
      posteriors: {
        frames: frames.count,
        labels: alphabet.labels,
        data: posteriors,
        times: Float64Array.from({ length: frames.count }, middle),
      },
      beam,
    };
  }

  /** The feature vectors of a swipe, `(F, N)`. */
  async features(points: readonly Point[], keyboard: Keyboard): Promise<Float32Array> {
    const rows = checkedPoints(points);
    const { letters } = this.bundle.description.alphabet;
    const [features] = await this.graph.run({
      points: floats(rows, [1, points.length, 3]),
      lengths: integers([points.length]),
      centres: floats(centres(keyboard, letters), [letters.length, 2]),
      key_size: floats(Float32Array.of(keyboard.keyWidth, keyboard.keyHeight), [2]),
    });
    return features.data;
  }

  private async run(points: readonly Point[], keyboard: Keyboard, n: number, watch?: Watch) {
    const marks = [performance.now()];
    const features = await this.features(points, keyboard);
    marks.push(performance.now());
    const frames = await this.scorer.encode(features);
    marks.push(performance.now());
    const candidates = await this.searched(frames, n, watch);
    marks.push(performance.now());
    return { frames, decoding: { candidates, timings: timingsOf(marks) } satisfies Decoding };
  }

  private async searched(frames: Frames, n: number, watch?: Watch) {
    const { alphabet, decoding } = this.bundle.description;
    this.search ??= await WordSearch.open(this.scorer, this.space, decoding, alphabet);
    return this.search.find(frames, n, this.vocabulary.blocked, watch);
  }

  private get space(): SearchSpace {
    return this.vocabulary.space;
  }

  private hypothesis(node: number, score: number): Hypothesis {
    const { entries, firstEntry, logPriors, words } = this.space;
    let best = -1;
    for (const entry of entries.subarray(firstEntry[node], firstEntry[node + 1])) {
      if (best < 0 || logPriors[entry] > logPriors[best]) best = entry;
    }
    const prefix = this.bundle.description.alphabet.decode(spelling(this.space, node));
    return { prefix, word: best < 0 ? null : words[best], score };
  }
}

function aboutOf({ description, hash }: Bundle, { language, words }: ListedWords): About {
  const { name, head, precision, facts, files, decoding } = description;
  return {
    name,
    head,
    precision,
    facts,
    sizeBytes: [...files.values()].reduce((sum, { size }) => sum + size, 0),
    hash,
    words: words.length,
    language,
    decoding: { ...decoding },
  };
}

/** `(L, 2)` key centres in the order of the letters; NaN where the layout lacks one. */
function centres({ keys }: Keyboard, letters: string): Float32Array {
  const found = new Float32Array(2 * letters.length).fill(Number.NaN);
  for (const { letter, x, y } of keys) {
    const at = letters.indexOf(letter);
    if (at >= 0) found.set([x, y], 2 * at);
  }
  return found;
}

function timingsOf([start, features, encode, search]: readonly number[]): Timings {
  return {
    features: features - start,
    encode: encode - features,
    search: search - encode,
    total: search - start,
  };
}
