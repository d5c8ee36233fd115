/** Codes of what keeps its place (3xxx), and of opportunities (4xxx). */
import type { Code } from '../catalogue.ts';
import { composite, type Example, type Explanation, program } from './explanation.ts';

type KeptCode = Extract<Code, `XCS3${string}` | `XCS4${string}`>;

const FIRST = 'const first = await this.model.invoke(q);';
const SECOND = 'const second = await this.model.invoke(`not ${q}`);';
const BOTH = 'return [first, second];';

/** The same behind other declarations. */
function behind(declarations: readonly string[], { code }: Example): Example {
  return program([...declarations, ...code.split('\n')]);
}

/** A body whose input has other fields. */
function given(type: string, body: readonly string[]): Example {
  return program(
    composite(body)
      .code.replace('Operator<string,', `Operator<${type},`)
      .replace('(q: string)', `(q: ${type})`)
      .split('\n'),
  );
}

const ON_TOPIC = 'const first = await this.model.invoke(q.topic);';
const PARTS = '{ topic: string; parts: Iterable<string> }';
const LIST = '{ topic: string; parts: string[] }';

const BOTH_OF_METHOD = [
  'async both(q: string): Promise<string[]> {',
  `  ${FIRST}`,
  `  ${SECOND}`,
  `  ${BOTH}`,
  '}',
];

export const kept: Readonly<Record<KeptCode, Explanation>> = {
  XCS3001: {
    why: 'Code that is not visible may read and write anything. So it runs where it stands: after all before it, before all after it.',
    example: behind(
      ['declare function consult(topic: string): string;'],
      composite([FIRST, 'const advice = consult(q);', SECOND, 'return [first, advice, second];']),
    ),
    fixed: behind(
      ['function consult(topic: string): string { return topic.trim(); }'],
      composite([FIRST, 'const advice = consult(q);', SECOND, 'return [first, advice, second];']),
    ),
  },
  XCS3002: {
    why: 'What happens before a promise settles is known only of promises that known calls made.',
    example: behind(
      ['declare const ready: Promise<void>;'],
      composite([FIRST, 'await ready;', SECOND, BOTH]),
    ),
    fixed: composite([FIRST, SECOND, BOTH]),
  },
  XCS3003: {
    why: 'Others that hold the object would see the change too early or too late, so it is made where it stands.',
    example: given(LIST, [ON_TOPIC, 'q.parts.sort();', 'return [first, q.parts];']),
    fixed: given(LIST, [ON_TOPIC, 'return [first, q.parts.toSorted()];']),
  },
  XCS3004: {
    why: 'Logs, random numbers, the clock and the like are seen from outside in the order in which they happen. Calls that write nothing still pass them.',
    example: composite([FIRST, "console.log('first', first);", SECOND, BOTH]),
    fixed: composite([FIRST, SECOND, BOTH]),
  },
  XCS3005: {
    why: 'Turning an object into text or a number calls its `toString` or `valueOf`. Where a type leaves open what an object is, one that the program defines anywhere may be called.',
    example: behind(
      ['export class Subject {', "  toString(): string { return 'a subject'; }", '}'],
      given('{ topic: string; subject: unknown }', [
        ON_TOPIC,
        'const text = `about ${q.subject}`;',
        'return [first, text];',
      ]),
    ),
    fixed: given('{ topic: string; subject: string }', [
      ON_TOPIC,
      'const text = `about ${q.subject}`;',
      'return [first, text];',
    ]),
  },
  XCS3006: {
    why: 'Reading an accessor calls a function, which may do anything.',
    example: composite(
      [FIRST, 'const style = this.wording;', SECOND, 'return [first, second, style];'],
      ["get wording(): string { return 'short'; }"],
    ),
    fixed: composite(
      [FIRST, 'const style = this.wording;', SECOND, 'return [first, second, style];'],
      ["readonly wording: string = 'short';"],
    ),
  },
  XCS3007: {
    why: "Iterating calls the iterator, which may be anybody's; those of arrays, maps, sets and strings are known.",
    example: given(PARTS, [ON_TOPIC, 'const all = [...q.parts];', 'return [first, all];']),
    fixed: given(LIST, [ON_TOPIC, 'const all = [...q.parts];', 'return [first, all];']),
  },
  XCS4001: {
    why: 'An operator that neither declares its effect nor shows it may write anything, so its calls keep their order.',
    example: behind(
      [
        'declare function post(text: string): Promise<string>;',
        'class Post extends Operator<string, string> {',
        '  async forward(text: string): Promise<string> { return await post(text); }',
        '}',
      ],
      composite([FIRST, 'const second = await this.post.invoke(q);', BOTH], ['readonly post = new Post();']),
    ),
    fixed: behind(
      [
        'declare function post(text: string): Promise<string>;',
        'class Post extends Operator<string, string> {',
        "  static override readonly effect: { writes: string } = { writes: 'posts' };",
        '  async forward(text: string): Promise<string> { return await post(text); }',
        '}',
      ],
      composite([FIRST, 'const second = await this.post.invoke(q);', BOTH], ['readonly post = new Post();']),
    ),
  },
  XCS4002: {
    why:
      'A function that is awaited where it is called stands there itself, so that its calls overlap like those around it. ' +
      'Where it cannot stand there it is called: other calls may overlap with it, and its own run one after another.',
    example: composite(['return this.both(q);'], BOTH_OF_METHOD),
    fixed: composite(['return await this.both(q);'], BOTH_OF_METHOD),
  },
};
