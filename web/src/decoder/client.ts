/** The page's side of the worker: one promise for every request. */

import { errorNamed } from "./errors";
import { close, newMailbox, takeAll } from "./mailbox";
import type { Answers, Reply, Requests } from "./protocol";
import type { Progress } from "./types";

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/** A worker that is asked, and answers in order. */
export class Client {
  /** Where the worker may leave answers; null where they come as messages alone. */
  readonly mailbox = newMailbox();
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private ended: Error | null = null;

  constructor(
    private readonly worker: Worker,
    private readonly progress: (progress: Progress) => void = () => {},
  ) {
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.take(data));
    if (this.mailbox) void takeAll(this.mailbox, (text) => this.take(JSON.parse(text)));
    worker.addEventListener("error", ({ message }) => {
      this.end(new Error(`the decoder's worker failed: ${message || "it could not be loaded"}`));
    });
  }

  /** Ask, and wait for the answer. */
  ask<Kind extends keyof Requests>(kind: Kind, request: Requests[Kind]): Promise<Answers[Kind]> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, kind, request });
    });
  }

  /** End the worker; whatever waits is rejected. */
  end(reason: Error): void {
    this.ended = reason;
    this.worker.terminate();
    if (this.mailbox) close(this.mailbox);
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }

  private take(reply: Reply): void {
    if (reply.kind === "progress") {
      this.progress(reply.progress);
      return;
    }
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.kind === "error") waiting?.reject(errorNamed(reply.name, reply.message));
    else waiting?.resolve(reply.answer as never);
  }
}
