/** Text that grows by swiped words and tapped letters: spaces, other candidates, taking back. */

/** A text with its caret, and what was written last. */
export interface Draft {
  text: string;
  caret: number;
  /** The swiped word that candidates may still replace. */
  word: Span | null;
  /** Whether what stands before the caret was tapped letter by letter. */
  tapped: boolean;
}

interface Span {
  start: number;
  end: number;
}

export const EMPTY: Draft = { text: "", caret: 0, word: null, tapped: false };

const ATTACHES_LEFT = /[\s([{"“‘¿¡-]$/;
const ENDS_A_SENTENCE = /[.,?!;:]/;
const LAST_WORD = /(\n|\S+[^\S\n]*|[^\S\n]+)$/;

/** Write a swiped word; a space comes before it where one is missing. */
export function writeWord(draft: Draft, word: string): Draft {
  const before = draft.text.slice(0, draft.caret);
  const space = before && !ATTACHES_LEFT.test(before) ? " " : "";
  const start = draft.caret + space.length;
  const written = insert(draft, space + word);
  return { ...written, word: { start, end: written.caret }, tapped: false };
}

/** Put another candidate where the last swiped word stands. */
export function replaceWord(draft: Draft, word: string): Draft {
  if (!draft.word) return draft;
  const { start, end } = draft.word;
  const text = draft.text.slice(0, start) + word + draft.text.slice(end);
  const shift = draft.caret >= end ? word.length - (end - start) : 0;
  return { ...draft, text, caret: draft.caret + shift, word: { start, end: start + word.length } };
}

/** Write a tapped letter; after a swiped word it begins the next one. */
export function writeLetter(draft: Draft, letter: string): Draft {
  const next = draft.word?.end === draft.caret ? ` ${letter}` : letter;
  return { ...insert(draft, next), tapped: true };
}

/** Write a mark, which stands close to the word before it, or a space or a new line. */
export function writeMark(draft: Draft, mark: string): Draft {
  const before = draft.text.slice(0, draft.caret);
  if (mark === " " && /(^|\s)$/.test(before)) return draft;
  const spaces = ENDS_A_SENTENCE.test(mark) && /\S +$/.test(before) ? / +$/.exec(before)! : null;
  const closer = spaces ? remove(draft, spaces.index) : draft;
  return { ...insert(closer, mark), tapped: mark === "'" };
}

/** Take back a tapped letter, or else the word before the caret; the space before it stays. */
export function takeBack(draft: Draft, wholeWord = false): Draft {
  const before = draft.text.slice(0, draft.caret);
  if (draft.tapped && !wholeWord && /\S$/.test(before)) {
    const letter = Array.from(before).pop()!;
    return { ...remove(draft, draft.caret - letter.length), tapped: true };
  }
  return remove(draft, Math.max(0, before.search(LAST_WORD)));
}

/** The same draft where the user moved the caret or wrote by other means. */
export function edited(draft: Draft, text: string, caret: number): Draft {
  const same = text === draft.text;
  if (same && caret === draft.caret) return draft;
  return { text, caret, word: same ? draft.word : null, tapped: false };
}

function insert({ text, caret }: Draft, more: string): Draft {
  const grown = text.slice(0, caret) + more + text.slice(caret);
  return { text: grown, caret: caret + more.length, word: null, tapped: false };
}

function remove({ text, caret }: Draft, start: number): Draft {
  return {
    text: text.slice(0, start) + text.slice(caret),
    caret: start,
    word: null,
    tapped: false,
  };
}
