/**
 * A stand-in for a language model: it answers from the prompt alone, always alike. It knows the tasks below by their
 * instructions, and picks sentences of the given passages, so that what it says is really in them.
 */
import { contentWords, sentencesOf, stemOf, stemsOf } from './words.ts';

type Sections = ReadonlyMap<string, string>;

/** A sentence of a passage, with the number under which the passage was given. */
interface Quote {
  readonly sentence: string;
  readonly passage: number;
}

interface Task {
  readonly instructions: RegExp;
  readonly perform: (sections: Sections, instructions: string) => string;
}

const TASKS: readonly Task[] = [
  { instructions: /rewrite .* as keywords/i, perform: rewriteAsKeywords },
  { instructions: /rewrite .* as a statement/i, perform: rewriteAsStatement },
  { instructions: /rewrite .* as technical terms/i, perform: rewriteAsTerms },
  { instructions: /^answer the question/i, perform: draft },
  { instructions: /sentences of the draft/i, perform: check },
  { instructions: /which draft/i, perform: judge },
  { instructions: /suggest .* question/i, perform: suggest },
];

const NOTHING_FOUND = 'The passages do not say.';

/** Terms that documentation uses for everyday words, by stem. */
const TERMS: Readonly<Record<string, string>> = {
  argument: 'argv options flags',
  benchmark: 'latency throughput samples',
  cach: 'cache lru',
  color: 'ansi chalk styles',
  compress: 'gzip deflate zlib',
  expir: 'ttl maxAge stale',
  fil: 'path glob',
  limit: 'max maxSize concurrency',
  match: 'glob pattern regex',
  random: 'seed arbitrary generator',
  search: 'index query fuzzy',
  version: 'semver range',
};

/** The reply to a chat: the system's instructions and the last message of the user. */
export function complete(instructions: string, message: string): string {
  const task = TASKS.find((candidate) => candidate.instructions.test(instructions));
  return task === undefined
    ? (sentencesOf(message)[0] ?? message)
    : task.perform(sectionsOf(message), instructions);
}

/** A text as a unit vector: each stem counts on the axis that its hash picks. */
export function embed(text: string, dimensions: number): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(dimensions);
  for (const stem of stemsOf(text)) {
    const axis = hash(stem) % dimensions;
    vector[axis] = (vector[axis] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function rewriteAsKeywords(sections: Sections): string {
  return contentWords(question(sections)).join(' ');
}

function rewriteAsStatement(sections: Sections): string {
  return question(sections)
    .replace(
      /^(how|where|when|why|what|which)\s+(can|do|does|should|must|is|are)\s+(i|you|we|one)?\s*/i,
      'You can ',
    )
    .replace(/\?\s*$/, '.');
}

function rewriteAsTerms(sections: Sections): string {
  const words = contentWords(question(sections));
  const terms = words.map((word) => TERMS[stemOf(word)]).filter((term) => term !== undefined);
  return terms.length > 0 ? terms.join(' ') : words.toReversed().join(' ');
}

function draft(sections: Sections, instructions: string): string {
  const wantsCode = /code/i.test(instructions);
  const count = /one sentence/i.test(instructions) ? 1 : wantsCode ? 2 : 4;
  const bonus = wantsCode ? 0.2 : 0;
  const weigh = weighing(question(sections), passagesOf(sections));
  const ranked = passagesOf(sections)
    .map((quote) => ({ quote, score: weigh(quote.sentence) + (quote.sentence.includes('`') ? bonus : 0) }))
    .toSorted((a, b) => b.score - a.score);
  const enough = (ranked[0]?.score ?? 0) / 2;
  const sentences = ranked
    .slice(0, count)
    .filter(({ score }) => score >= enough)
    .toSorted((a, b) => a.quote.passage - b.quote.passage)
    .map(({ quote }) => `${quote.sentence} [${quote.passage}]`);
  if (sentences.length === 0) return NOTHING_FOUND;
  const opening = count > 2 ? ['There is more than one way to do this.'] : [];
  return [...opening, ...sentences].join(' ');
}

function check(sections: Sections): string {
  const supported = passagesOf(sections).map(({ sentence, passage }) => `${sentence} [${passage}]`);
  const text = sections.get('draft') ?? '';
  const kept = supported
    .filter((sentence) => text.includes(sentence))
    .toSorted((a, b) => text.indexOf(a) - text.indexOf(b));
  return kept.length === 0 ? NOTHING_FOUND : kept.join(' ');
}

function judge(sections: Sections): string {
  const drafts = listed(sections.get('drafts'));
  const wanted = new Set(stemsOf(question(sections)));
  const scores = drafts.map((text) => {
    const stems = new Set(stemsOf(text));
    return [...wanted].filter((stem) => stems.has(stem)).length - stems.size / 100;
  });
  const best = scores.indexOf(Math.max(...scores));
  const shared = [...wanted].filter((stem) => stemsOf(drafts[best] ?? '').includes(stem)).length;
  return `${best + 1}. It speaks to ${shared} of the ${wanted.size} things that were asked, in the fewest words.`;
}

function suggest(sections: Sections): string {
  const [first] = listed(sections.get('passages'));
  if (first === undefined) return NOTHING_FOUND;
  const [name = ''] = first.split(': ');
  const asked = new Set([...stemsOf(question(sections)), ...stemsOf(name)]);
  const codes = [...first.matchAll(/`([A-Za-z][\w.]*)/g)].map(([, code]) => code ?? '');
  const words = contentWords(first.slice(name.length)).filter((word) => word.length > 4);
  const subject = [...codes, ...words].find((word) => !asked.has(stemOf(word))) ?? 'options';
  return `What does ${name} say about ${subject}?`;
}

/** How much a sentence says about the question: rare words count more, long sentences less. */
function weighing(asked: string, quotes: readonly Quote[]): (sentence: string) => number {
  const all = quotes.map(({ sentence }) => new Set(stemsOf(sentence)));
  const weights = new Map(
    stemsOf(asked).map((stem) => {
      const count = all.filter((stems) => stems.has(stem)).length;
      return [stem, Math.log((quotes.length + 1) / (count + 0.5))];
    }),
  );
  return (sentence) => {
    const stems = stemsOf(sentence);
    const found = [...weights].filter(([stem]) => stems.includes(stem));
    return found.reduce((sum, [, weight]) => sum + weight, 0) / Math.sqrt(stems.length + 8);
  };
}

function question(sections: Sections): string {
  return sections.get('question') ?? '';
}

/** The sentences of the passages, without the package names that stand before them. */
function passagesOf(sections: Sections): Quote[] {
  return listed(sections.get('passages')).flatMap((text, index) =>
    sentencesOf(text.slice(text.indexOf(': ') + 2)).map((sentence) => ({ sentence, passage: index + 1 })),
  );
}

/** The items of a list numbered `[1]`, `[2]`, … at the start of lines. */
function listed(text = ''): string[] {
  return text
    .split(/^\[\d+\] /m)
    .slice(1)
    .map((item) => item.trim());
}

/** The parts of a message under headings like `## Question`, by heading in lower case. */
function sectionsOf(message: string): Sections {
  const parts = message.split(/^## +(.+)$/m).slice(1);
  const titles = parts.filter((_, index) => index % 2 === 0);
  return new Map(
    titles.map((title, index) => [title.trim().toLowerCase(), (parts[2 * index + 1] ?? '').trim()]),
  );
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return value >>> 0;
}
