/**
 * Texts from a worker through shared memory.
 *
 * Chromium holds every message back from the moment a finger lifts until it has drawn once more, so
 * that a word would come a picture later than it was found. Waiting on shared memory is not held.
 */

const BYTES = 1 << 14; // of text; an n-best of ten words takes one of the sixteen thousand
const [STATE, LENGTH, HEADER] = [0, 1, 2];
const [EMPTY, FULL, CLOSED] = [0, 1, 2];

/** Memory for one text at a time; null where the browser or the host does not allow for it. */
export function newMailbox(): SharedArrayBuffer | null {
  if (!globalThis.crossOriginIsolated || !("waitAsync" in Atomics)) return null;
  return new SharedArrayBuffer(HEADER * Int32Array.BYTES_PER_ELEMENT + BYTES);
}

/** The worker's side: whether the text was put in; it is not while the last one was not taken. */
export function put(mailbox: SharedArrayBuffer, text: string): boolean {
  const { head, body } = parts(mailbox);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > body.length || Atomics.load(head, STATE) !== EMPTY) return false;
  body.set(bytes);
  head[LENGTH] = bytes.length;
  if (Atomics.compareExchange(head, STATE, EMPTY, FULL) !== EMPTY) return false; // closed by now
  Atomics.notify(head, STATE);
  return true;
}

/** The page's side: tells of each text until the mailbox is closed. */
export async function takeAll(
  mailbox: SharedArrayBuffer,
  tell: (text: string) => void,
): Promise<void> {
  const { head, body } = parts(mailbox);
  for (;;) {
    await Atomics.waitAsync(head, STATE, EMPTY).value;
    if (Atomics.load(head, STATE) === CLOSED) return;
    const text = new TextDecoder().decode(body.slice(0, head[LENGTH])); // reads no shared memory
    Atomics.compareExchange(head, STATE, FULL, EMPTY);
    tell(text);
  }
}

/** Take and put no more. */
export function close(mailbox: SharedArrayBuffer): void {
  const { head } = parts(mailbox);
  Atomics.store(head, STATE, CLOSED);
  Atomics.notify(head, STATE);
}

function parts(mailbox: SharedArrayBuffer) {
  const head = new Int32Array(mailbox, 0, HEADER);
  return { head, body: new Uint8Array(mailbox, head.byteLength) };
}
