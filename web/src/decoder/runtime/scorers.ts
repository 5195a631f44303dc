/** The bundle's network behind the search's seam. */

import type { Bundle } from "../bundle/folder";
import type { CtcScorer, Frames, Prediction, Scorer, TransducerScorer } from "../decoding/scorer";
import { floats, Graph, integers } from "./graphs";

/** The bundle's network; throws `BundleError` for a graph that cannot be read. */
export async function openScorer({ description, files }: Bundle): Promise<Scorer> {
  const encoder = new Encoder(await Graph.open(files, "encoder.onnx"), description.features);
  const { blank } = description.alphabet;
  if (description.head === "ctc") return new OnnxCtc(encoder, blank);
  const decoder = await Graph.open(files, "decoder.onnx");
  return new OnnxTransducer(encoder, decoder, await Graph.open(files, "joiner.onnx"), blank);
}

/** Features to frames. */
class Encoder {
  constructor(
    private readonly graph: Graph,
    private readonly features: { width: number; points: number },
  ) {}

  async encode(features: Float32Array): Promise<Frames> {
    const { width, points } = this.features;
    const [frames] = await this.graph.run({ features: floats(features, [1, width, points]) });
    return { count: frames.shape[1], width: frames.shape[2], data: frames.data };
  }
}

/** A CTC model: one graph from features to log probabilities. */
class OnnxCtc implements CtcScorer {
  readonly kind = "ctc";

  constructor(
    private readonly encoder: Encoder,
    readonly blank: number,
  ) {}

  encode(features: Float32Array): Promise<Frames> {
    return this.encoder.encode(features);
  }
}

/** A transducer: encoder, prediction network (`decoder`) and joint network (`joiner`). */
class OnnxTransducer implements TransducerScorer {
  readonly kind = "rnnt";
  private readonly stateSize: number;

  constructor(
    private readonly encoder: Encoder,
    private readonly decoder: Graph,
    private readonly joiner: Graph,
    readonly blank: number,
  ) {
    this.stateSize = decoder.width(1);
  }

  encode(features: Float32Array): Promise<Frames> {
    return this.encoder.encode(features);
  }

  /** Blank from a state of zeros. */
  initialState(): Promise<Prediction> {
    return this.step([this.blank], new Float32Array(this.stateSize));
  }

  async step(labels: ArrayLike<number>, states: Float32Array): Promise<Prediction> {
    const shape = [labels.length, this.stateSize];
    const feeds = { labels: integers(labels), states: floats(states, shape) };
    const [outputs, next] = await this.decoder.run(feeds);
    return { outputs: outputs.data, states: next.data };
  }

  async joint(frames: Frames, outputs: Float32Array): Promise<Float32Array> {
    const { count, width, data } = frames;
    const feeds = {
      frames: floats(data, [count, width]),
      outputs: floats(outputs, [outputs.length / width, width]),
    };
    return (await this.joiner.run(feeds))[0].data;
  }
}
