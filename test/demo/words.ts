/** Text as the stand-in for a model sees it: sentences, words and their stems. */

const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about above after all also am an and any are as at be because been but by can could did do does doing for from ' +
    'had has have how i if in into is it its just me more most my no not of on once only or other our out own package same ' +
    'should so some such than that the their them then there these they this those to too under until up use used ' +
    'using very was we were what when where which while who why will with would you your'
  ).split(' '),
);

/** Splits prose into sentences; an abbreviation or a version number does not end one. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?:])\s+(?=[A-Z`*_"'(])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** The words that say what a text is about, in order, each once. */
export function contentWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}_-]*/gu) ?? [];
  return [...new Set(words)].filter((word) => !STOP_WORDS.has(word.toLowerCase()));
}

/** What inflected forms of one word share: `expires`, `expired` and `expire` are all `expir`. */
export function stemOf(word: string): string {
  const lower = word.toLowerCase();
  const stem = lower.replace(/(?:ies|ing|edly|ed|es|ly|s|e|y)$/, '');
  return stem.length >= 3 ? stem : lower;
}

export function stemsOf(text: string): string[] {
  return contentWords(text).map(stemOf);
}

/** A rough count, four characters to a token, as billed by the usual models. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
