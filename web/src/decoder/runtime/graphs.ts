/** One graph of a bundle, run by onnxruntime on one thread. */

import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { BundleError, messageOf } from "../errors";

/** Where the one wasm file that is needed comes from, its address or its bytes; before any graph. */
export function useRuntime(wasm: string | ArrayBuffer): void {
  if (typeof WebAssembly === "undefined") {
    throw new Error("this browser has no WebAssembly, which the decoder needs");
  }
  env.wasm.numThreads = 1; // more need a page that is isolated from all others
  env.logLevel = "error";
  if (typeof wasm === "string") env.wasm.wasmPaths = { wasm };
  else env.wasm.wasmBinary = wasm;
}

/** Inputs and outputs by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

export function floats(data: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor("float32", data, shape);
}

export function integers(values: ArrayLike<number>): Tensor {
  return new Tensor("int64", BigInt64Array.from(Array.from(values, BigInt)), [values.length]);
}

/** A graph whose outputs are finite numbers or an error. */
export class Graph {
  private constructor(
    private readonly name: string,
    private readonly session: InferenceSession,
  ) {}

  /** Throws `BundleError` where onnxruntime cannot read it. */
  static async open(files: ReadonlyMap<string, Promise<Uint8Array>>, name: string): Promise<Graph> {
    const content = await files.get(name);
    if (!content) throw new BundleError(`${name}: the bundle does not have it`);
    try {
      return new Graph(
        name,
        await InferenceSession.create(content, { executionProviders: ["wasm"] }),
      );
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
