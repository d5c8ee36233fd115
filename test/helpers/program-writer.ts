/**
 * Prints a composite class. Choices come from small numbers, references to variables are taken modulo what is in scope, and
 * whatever is missing becomes a literal: so any part of a tree can be cut away and the rest is still a program.
 */
import { Draw } from './program-draw.ts';
import { OperatorPool, type Type } from './program-operators.ts';

export type { Type } from './program-operators.ts';

interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly isLet: boolean;
}

export const AVOIDABLE = [
  'background composite',
  'background effect',
  'race',
  'memory in background',
  'ties',
] as const;

/** What is left out of generated programs, for when one cause hides all others. */
export type Avoided = (typeof AVOIDABLE)[number];

const TYPE_NAMES = { text: 'string', number: 'number', list: 'string[]', doc: 'Doc' } as const;

/** By the name under which bodies use them. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  log: ['log: string[] = [];'],
  count: ['count = 0;'],
  next: ['turns = 0;', 'get next(): number { console.log("next", this.turns); return ++this.turns; }'],
  note: [
    'notes: string[] = [];',
    'note(text: string, list: string[]): string { this.notes.push(text); return list.join("") + text; }',
  ],
  consult: [
    'readonly consultant = new lab.Ask("consultant", "text");',
    'async consult(question: lab.Question): Promise<string> {',
    '  const answer = await this.consultant.invoke(question);',
    '  console.log("consulted", answer);',
    '  return answer;',
    '}',
  ],
  board: ['readonly board: lab.Board = { notes: [] };'],
  make: ['readonly made = new lab.Ask("made", "text");', 'make(): lab.Ask<"text"> { return this.made; }'],
};

/** Operators of the lab that give a text for something else than a question, or in a way of their own. */
const TEXT_CALLS = [
  { kind: 'Tuned', given: 'question', construct: 'reads its own field', needs: [] },
  { kind: 'Talk', given: 'list', construct: 'array in flight', needs: ['memory in background'] },
  { kind: 'Judge', given: 'doc', construct: 'object in flight', needs: ['memory in background'] },
  {
    kind: 'Edit',
    given: 'doc',
    construct: 'mutates its argument',
    needs: ['memory in background', 'background effect'],
  },
  {
    kind: 'Tag',
    given: 'doc',
    construct: 'mutates its argument visibly',
    needs: ['memory in background', 'background effect'],
  },
  { kind: 'Counter', given: 'question', construct: 'stateful', needs: ['background effect'] },
  { kind: 'Watcher', given: 'question', construct: 'shares an object', needs: ['memory in background'] },
  {
    kind: 'Scribe',
    given: 'question',
    construct: 'writes a shared object',
    needs: ['memory in background', 'background effect'],
  },
  { kind: 'Pair', given: 'question', construct: 'nested composite', needs: ['background composite'] },
  { kind: 'Plain', given: 'question', construct: 'plain composite', needs: ['background composite'] },
] as const;

export class ProgramWriter {
  readonly draw: Draw = new Draw();
  readonly avoid: ReadonlySet<Avoided>;
  readonly pool: OperatorPool = new OperatorPool(this.draw);
  readonly #lines: string[] = [];
  #variables: Variable[] = [
    { name: 'input.q', type: 'text', isLet: false },
    { name: 'input.n', type: 'number', isLet: false },
    { name: 'input.tags', type: 'list', isLet: false },
    { name: 'input.same', type: 'doc', isLet: false },
    { name: 'input.doc', type: 'doc', isLet: false },
  ];
  #pending: { readonly name: string; readonly type: Type }[] = [];
  #depth = 2;
  #isBackground = false;
  #isInLoop = false;

  constructor(avoid: readonly Avoided[] = []) {
    this.avoid = new Set(avoid);
  }

  line(text: string): void {
    this.#lines.push(`${'  '.repeat(this.#depth)}${text}`);
  }

  /** A block with a scope of its own. */
  block(head: string, body: () => void, tail = '}'): void {
    const [variables, pending] = [this.#variables, this.#pending];
    [this.#variables, this.#pending] = [[...variables], []];
    this.line(head);
    this.#depth++;
    body();
    this.settlePending();
    this.#depth--;
    this.line(tail);
    [this.#variables, this.#pending] = [variables, pending];
  }

  /** A block that runs again and again. */
  loop(head: string, body: () => void, tail = '}'): void {
    const was = this.#isInLoop;
    this.#isInLoop = true;
    this.block(head, body, tail);
    this.#isInLoop = was;
  }

  get isInLoop(): boolean {
    return this.#isInLoop;
  }

  /** What branches ask. */
  condition(): string {
    const way = this.draw.pick(4);
    if (way === 0) return `${this.text()}.length % 2 === 0`;
    if (way === 1) return `${this.number()} > 2`;
    return way === 2 ? `${this.text()} < ${this.text()}` : `${this.list()}.length % 3 > 0`;
  }

  /** A few texts to iterate. */
  items(): string {
    const way = this.draw.pick(4);
    if (way === 0) return `${this.list()}.slice(0, 3)`;
    return way === 1 ? '["a", "b", "c"]' : `[${this.text()}, ${this.text()}]`;
  }

  know(name: string, type: Type, isLet = false): void {
    this.#variables.push({ name, type, isLet });
  }

  /** `const v1 = <code>`, or `let`, or a new value for a `let` that is there. */
  assign(type: Type, code: string): void {
    const way = this.draw.pick(4);
    const known = this.variable(type, true);
    if (way === 3 && known !== undefined) {
      this.draw.tag('reassignment');
      this.line(`${known} = ${code};`);
      return;
    }
    const isLet = way >= 2;
    const name = this.draw.name(type);
    this.line(`${isLet ? 'let' : 'const'} ${name}${isLet ? `: ${TYPE_NAMES[type]}` : ''} = ${code};`);
    // In scope only behind its declaration.
    this.know(name, type, isLet);
  }

  variable(type: Type, isLet = false): string | undefined {
    const known = this.#variables.filter((one) => one.type === type && (one.isLet || !isLet)).toReversed();
    return known[this.draw.pick(known.length)]?.name;
  }

  // Expressions without awaits.

  text(): string {
    const way = this.draw.pick(7);
    if (way === 4) return `${this.variable('doc')}.text`;
    if (way === 5) return `\`\${${this.variable('number')}} \${${this.variable('text')}}\``;
    if (way === 6) return `${this.variable('list')}.join("+")`;
    return (way === 3 ? undefined : this.variable('text')) ?? `"t${this.draw.pick(9)}"`;
  }

  number(): string {
    const way = this.draw.pick(4);
    if (way === 2) return `${this.variable('list')}.length`;
    if (way === 3) return `${this.variable('doc')}.n`;
    return (way === 1 ? undefined : this.variable('number')) ?? `${this.draw.pick(9)}`;
  }

  list(): string {
    return this.draw.pick(4) === 3 ? `[${this.text()}, "x"]` : (this.variable('list') ?? '["x"]');
  }

  doc(): string {
    if (this.draw.pick(4) !== 3) return this.variable('doc') ?? 'input.doc';
    return `{ text: ${this.text()}, tags: ["f"], n: ${this.number()} }`;
  }

  value(type: Type): string {
    return {
      text: () => this.text(),
      number: () => this.number(),
      list: () => this.list(),
      doc: () => this.doc(),
    }[type]();
  }

  type(): Type {
    return this.draw.oneOf(['text', 'text', 'doc', 'list', 'number']);
  }

  question(q?: string): string {
    const site = this.draw.name('s');
    const way = this.#mayBe('memory in background') ? this.draw.pick(6) : 0;
    const more = way === 4 ? `, list: ${this.list()}` : way === 5 ? `, doc: ${this.doc()}` : '';
    if (more !== '') this.draw.tag('object passed');
    return `{ site: "${site}", q: ${q ?? this.text()}${more} }`;
  }

  // Calls.

  /** What `print` prints is started, but not awaited by itself. */
  background<T>(print: () => T): T {
    const was = this.#isBackground;
    this.#isBackground = true;
    const printed = print();
    this.#isBackground = was;
    return printed;
  }

  /** A call that gives a value of this type, not awaited. */
  call(type: Type, q?: string): string {
    const way = this.draw.pick(10);
    if (type === 'text' && way >= 6 && q === undefined) return this.#textCall();
    if (type === 'doc' && way === 7 && q === undefined && this.#mayPublish()) {
      this.draw.tag('nested composite');
      return `${this.pool.special('Publish')}.invoke(${this.question()})`;
    }
    if (type === 'doc' && way > 7 && q === undefined && this.#mayBe('memory in background')) {
      this.draw.tag('returns its input');
      return `${this.pool.special('Echo')}.invoke(${this.doc()})`;
    }
    return `${this.operator(type)}.invoke(${this.question(q)})`;
  }

  operator(type: Type): string {
    const isCalm = !this.#mayBe('background effect');
    const isTimed = !this.#mayBe('ties');
    return this.pool.answering(type, { isCalm, isTimed, isBackground: this.#isBackground });
  }

  #mayBe(kind: Avoided): boolean {
    return !(this.#isBackground && this.avoid.has(kind));
  }

  #mayPublish(): boolean {
    if (!this.#mayBe('background effect') || !this.#mayBe('background composite')) return false;
    if (this.#isBackground) this.draw.tag('background effect').tag('background composite');
    return true;
  }

  #textCall(): string {
    if (this.draw.pick(9) === 8) {
      this.draw.tag('function operator');
      return `lookup(${this.question()})`;
    }
    const { kind, given, construct, needs } = this.draw.oneOf(TEXT_CALLS);
    if (!needs.every((need) => this.#mayBe(need)))
      return `${this.operator('text')}.invoke(${this.question()})`;
    this.draw.tag(construct);
    if (this.#isBackground) for (const need of needs) this.draw.tag(need);
    return `${this.pool.special(kind)}.invoke(${given === 'question' ? this.question() : this.value(given)})`;
  }

  // Promises that wait for their await.

  promise(type: Type, name: string): void {
    this.#pending.push({ name, type });
  }

  settleOne(): boolean {
    const [pending] = this.#pending.splice(this.draw.pick(Math.max(1, this.#pending.length)), 1);
    if (pending === undefined) return false;
    this.assign(pending.type, `await ${pending.name}`);
    return true;
  }

  settlePending(): void {
    while (this.settleOne());
  }

  /** Everything in scope, so that nothing which went wrong stays unseen. */
  result(): string {
    const names = this.#variables
      .filter((one) => !one.name.startsWith('input.'))
      .map((one) => one.name.split('.')[0]);
    return `{ ${[...new Set(names)].join(', ')} }`;
  }

  /** The whole module. */
  print(): string {
    const body = this.#lines.join('\n');
    // Left out where the body does without, for the sake of whoever reads a counterexample.
    const operators = this.pool.members();
    const text = [body, ...operators].join('\n');
    const used = Object.entries(MEMBERS).filter(([name]) => text.includes(`this.${name}`));
    const members = [...used.flatMap(([, lines]) => lines), ...operators];
    return [
      `import { Operator, structuralJit } from 'xcs';`,
      `import * as lab from '../lab.ts';`,
      `import { lookup, pause, type Doc } from '../lab.ts';`,
      `interface Input { readonly q: string; readonly n: number; readonly tags: string[]; readonly doc: Doc; readonly same: Doc; readonly maybe?: Doc }`,
      ...this.pool.module,
      `@structuralJit`,
      `export class Program extends Operator<Input, unknown> {`,
      ...members.map((member) => `  ${member}`),
      `  override async forward(input: Input): Promise<unknown> {`,
      body,
      `  }`,
      `}`,
      `const doc = (): Doc => ({ text: 'd', tags: ['e'], n: 1 });`,
      `export const create = (shared = doc()) => ({`,
      `  operator: new Program(${this.pool.arguments.join(', ')}),`,
      `  input: { q: 'why', n: 3, tags: ['b', 'a'], doc: shared, same: shared },`,
      `});`,
      `export { pause, lookup };`,
      '',
    ].join('\n');
  }
}
