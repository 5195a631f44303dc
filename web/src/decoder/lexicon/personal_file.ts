/** The lines of a user's words: the format that the command line reads and writes. */

import { type Alphabet, straightened } from "../alphabet";
import { messageOf, PersonalWordsError } from "../errors";
import type { Action, Entry } from "../types";

const DEFAULTS = { add: 4.5, boost: 2 }; // zipf of an added word, nats of a boosted one
const BOUNDS = { add: [0, 8], boost: [-20, 20] } as const;
const MAX_LETTERS = 48;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export const HEADER: readonly string[] = [
  "# My own words for glissando, one a line; what begins with # is left alone.",
  "#   add    WORD  zipf: log10 of how often it comes in a billion words, 0 to 8",
  "#   boost  WORD  nats: natural logarithm of how much likelier it shall be, -20 to 20",
  "#   block  WORD",
];

/** What two words share that are the same to a user: case does not count, apostrophes do. */
export function matchingKey(word: string): string {
  return straightened(word).toLowerCase();
}

/** The line of the file that says what an entry does. */
export function lineOf({ action, word, amount }: Entry): string {
  return action === "block" ? `${action}\t${word}` : `${action}\t${word}\t${amount}`;
}

/** An entry that was checked; throws `PersonalWordsError`. */
export function makeEntry(
  action: Action,
  word: string,
  amount: number | undefined,
  alphabet: Alphabet,
): Entry {
  if (action === "block") {
    if (amount !== undefined) throw new PersonalWordsError("block takes a word only");
    return { action, word: checkedWord(word, alphabet), amount: 0 };
  }
  const [low, high] = BOUNDS[action];
  const given = amount ?? DEFAULTS[action];
  if (!(low <= given && given <= high)) {
    throw new PersonalWordsError(
      `${action} ${word}: expected a number from ${low} to ${high}, found ${given}`,
    );
  }
  return { action, word: checkedWord(word, alphabet), amount: given };
}

/** The entry of each line, null for comments and empty lines; throws `PersonalWordsError`. */
export function parse(lines: readonly string[], alphabet: Alphabet): (Entry | null)[] {
  return lines.map((line, at) => {
    const fields = line.trim().split(/\s+/);
    if (fields[0] === "" || fields[0].startsWith("#")) return null;
    try {
      return parseFields(fields, alphabet);
    } catch (error) {
      throw new PersonalWordsError(`line ${at + 1}: ${messageOf(error)}`);
    }
  });
}

/** The lines of a file's content. */
export function linesOf(text: string): string[] {
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  return plain ? plain.replace(/\n$/, "").split("\n") : [];
}

function parseFields([action, ...rest]: string[], alphabet: Alphabet): Entry {
  if (action !== "add" && action !== "boost" && action !== "block") {
    throw new PersonalWordsError(`expected one of add, boost, block, found '${action}'`);
  }
  if (rest.length < 1 || rest.length > 2) {
    throw new PersonalWordsError(`expected '${action}', a word and perhaps a number`);
  }
  const [word, amount] = rest;
  if (amount !== undefined && !NUMBER.test(amount)) {
    throw new PersonalWordsError(`'${amount}': expected a number`);
  }
  return makeEntry(action, word, amount === undefined ? amount : Number(amount), alphabet);
}

function checkedWord(word: string, alphabet: Alphabet): string {
  const shown = straightened(word.trim());
  let spelling: string;
  try {
    spelling = alphabet.normalise(shown);
  } catch (error) {
    throw new PersonalWordsError(messageOf(error));
  }
  for (const character of shown) {
    if (!/\p{L}/u.test(character) && alphabet.id(character) === undefined) {
      throw new PersonalWordsError(`word '${word}': '${character}' is not part of a word`);
    }
  }
  if (spelling.length > MAX_LETTERS) {
    throw new PersonalWordsError(`word '${word}': has more than ${MAX_LETTERS} letters`);
  }
  return shown;
}
