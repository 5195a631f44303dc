/** What can be wrong, by name; the names survive the way out of the worker. */

/** A bundle that cannot be used; the message names the file and what was expected. */
export class BundleError extends Error {
  override name = "BundleError";
}

/** Points that are no swipe. */
export class TraceError extends Error {
  override name = "TraceError";
}

/** A word that the alphabet cannot spell. */
export class WordError extends Error {
  override name = "WordError";
}

/** A word list that cannot be read; the message names the line if any. */
export class LexiconError extends Error {
  override name = "LexiconError";
}

/** A word that cannot be kept, or a damaged file of the user's words. */
export class PersonalWordsError extends Error {
  override name = "PersonalWordsError";
}

const KINDS = [BundleError, TraceError, WordError, LexiconError, PersonalWordsError];

/** The error of that name, for one that came as data. */
export function errorNamed(name: string, message: string): Error {
  const Kind = KINDS.find((kind) => new kind().name === name) ?? Error;
  return new Kind(message);
}

/** What went wrong, in one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
