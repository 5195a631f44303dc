/** One graph of a bundle, run by onnxruntime on one thread. */

import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { BundleError, messageOf } from "../errors";

type Level = "basic" | "disabled";

// The smallest of graphs in ONNX's format: y is x.
const IDENTITY = "CAg6KwoQCgF4EgF5IghJZGVudGl0eRIBZ1oJCgF4EgQKAggBYgkKAXkSBAoCCAFCBAoAEBE=";

/**
 * Start the runtime; before any graph. Rejects where it cannot be had.
 *
 * @param wasm Where the one wasm file that is needed comes from: its address or its bytes.
 */
export async function startRuntime(wasm: string | ArrayBuffer): Promise<void> {
  if (typeof WebAssembly === "undefined") {
    throw new Error("this browser has no WebAssembly, which the decoder needs");
  }
  env.wasm.numThreads = 1; // more need a page that is isolated from all others
  env.logLevel = "error";
  if (typeof wasm === "string") env.wasm.wasmPaths = { wasm };
  else env.wasm.wasmBinary = wasm;
  // It starts with its first graph; which one that is does not matter.
  const session = await InferenceSession.create(
    Uint8Array.from(atob(IDENTITY), (sign) => sign.charCodeAt(0)),
    options("disabled"),
  );
  await session.release();
}

/** Inputs and outputs by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

export function floats(data: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor("float32", data, shape);
}

export function integers(values: ArrayLike<number>): Tensor {
  return new Tensor("int64", BigInt64Array.from(Array.from(values, BigInt)), [values.length]);
}

/** Higher levels take longer to prepare a graph and run it no faster; the lowest is enough for some. */
function options(graphOptimizationLevel: Level): InferenceSession.SessionOptions {
  return { executionProviders: ["wasm"], graphOptimizationLevel };
}

/** A graph whose outputs are finite numbers or an error. */
export class Graph {
  private constructor(
    private readonly name: string,
    private readonly session: InferenceSession,
  ) {}

  /** Throws `BundleError` where onnxruntime cannot read it; `level` is how far it is optimised. */
  static async open(
    files: ReadonlyMap<string, Promise<Uint8Array>>,
    name: string,
    level: Level = "basic",
  ): Promise<Graph> {
    const content = await files.get(name);
    if (!content) throw new BundleError(`${name}: the bundle does not have it`);
    try {
      return new Graph(name, await InferenceSession.create(content, options(level)));
    } catch (error) {
      throw new BundleError(`${name}: onnxruntime cannot use the graph: ${messageOf(error)}`);
    }
  }

  /** Size of the last axis of an input; throws `BundleError` where the graph leaves it open. */
  width(at: number): number {
    const given = this.session.inputMetadata[at];
    const width = given?.isTensor ? given.shape.at(-1) : undefined;
    if (typeof width === "number") return width;
    throw new BundleError(`${this.name}: input ${at}: expected a size, found ${width}`);
  }

  /** Shape and numbers of every output; throws `BundleError` where there are none. */
  async run(feeds: Tensors): Promise<Output[]> {
    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await this.session.run(feeds);
    } catch (error) {
      throw new BundleError(`${this.name}: cannot be run: ${messageOf(error)}`);
    }
    return this.session.outputNames.map((name) => this.output(outputs[name]));
  }

  private output({ dims, data }: Tensor): Output {
    if (!(data instanceof Float32Array)) {
      throw new BundleError(`${this.name}: expected 32-bit floats as output`);
    }
    let sum = 0; // several times faster than asking each
    for (const value of data) sum += value;
    if (Number.isFinite(sum)) return { shape: dims, data };
    throw new BundleError(`${this.name}: answers with numbers that are not finite`);
  }
}

export interface Output {
  shape: readonly number[];
  data: Float32Array;
}
