/** The worker of the words: builds the tree of one bundle's list; its name is the bundle's folder. */

import { LEXICON } from "../bundle/description";
import { fetched, readBundle } from "../bundle/folder";
import { messageOf } from "../errors";
import { type BuiltOrError, build } from "./listed";

async function tell(): Promise<void> {
  try {
    const bundle = await readBundle(
      fetched(self.name),
      () => {},
      () => [LEXICON],
    );
    const built = await build(bundle);
    const arrays = [built.logPriors, ...Object.values(built.trie)];
    send(
      built,
      arrays.map(({ buffer }) => buffer),
    );
  } catch (error) {
    send({ name: error instanceof Error ? error.name : "Error", message: messageOf(error) });
  }
}

function send(answer: BuiltOrError, transfer: Transferable[] = []): void {
  self.postMessage(answer, { transfer });
}

void tell();
