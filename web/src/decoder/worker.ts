/**
 * The worker: owns one `GestureDecoder` and answers requests one after another.
 *
 * Its name is the folder of its bundle, so that it can begin before the first request comes.
 */

import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { fetched, readBundle } from "./bundle/folder";
import { BundleError, messageOf } from "./errors";
import { buildBeside } from "./lexicon/listed";
import { put } from "./mailbox";
import type { Answers, Numbered, Opened, Reply } from "./protocol";
import { GestureDecoder } from "./runtime/decoder";
import { startRuntime } from "./runtime/graphs";
import type { Progress } from "./types";

const progress: Progress = { stage: "download", loaded: 0, total: 0 };
const opening = open(self.name);
opening.catch(() => {}); // told when it is asked for
let mailbox: SharedArrayBuffer | null = null;
let decoder: GestureDecoder | null = null;
let last: Promise<unknown> = Promise.resolve();

self.addEventListener("message", ({ data }: MessageEvent<Numbered>) => {
  last = last.then(() => reply(data));
});

async function reply(question: Numbered): Promise<void> {
  const { id } = question;
  try {
    const reply: Reply = { kind: "answer", id, answer: await answer(question) };
    const isShort = question.kind === "decode" && mailbox;
    if (!isShort || !put(mailbox!, JSON.stringify(reply))) send(reply);
  } catch (error) {
    const name = error instanceof Error ? error.name : "Error";
    send({ kind: "error", id, name, message: messageOf(error) });
  }
}

async function answer({ kind, request }: Numbered): Promise<Answers[keyof Answers]> {
  if (kind === "open") {
    mailbox = request.mailbox;
    return opening;
  }
  if (!decoder) throw new BundleError("no bundle is open");
  if (kind === "change") {
    decoder.change(request.changes);
    return null;
  }
  return decoder[kind](request.points, request.keyboard, request.n);
}

async function open(folder: string): Promise<Opened> {
  const runtime = startRuntime(new URL(wasm, import.meta.url).href);
  const words = buildBeside(folder);
  for (const early of [runtime, words]) early.catch(() => {}); // whoever awaits it hears of it
  const bundle = await readBundle(
    fetched(folder),
    (loaded, total) => tell({ loaded, total }),
    ({ graphs }) => graphs,
  );
  const whole = Promise.all(bundle.files.values()).then(() => tell({ stage: "prepare" }));
  [decoder] = await Promise.all([GestureDecoder.open(bundle, runtime, words), whole]);
  const { keyboards, alphabet } = bundle.description;
  return {
    about: decoder.about,
    keyboards,
    letters: alphabet.letters,
    labels: alphabet.labels,
  };
}

function tell(now: Partial<Progress>): void {
  send({ kind: "progress", progress: Object.assign(progress, now) });
}

function send(message: Reply): void {
  self.postMessage(message);
}
