/**
 * Prints a composite class. Choices come from small numbers, references to variables are taken modulo what is in scope, and
 * whatever is missing becomes a literal: so any part of a tree can be cut away and the rest is still a program.
 */
import { Draw } from './program-draw.ts';
import { MEMBERS, TEXT_CALLS } from './program-members.ts';
import { OperatorPool, type Type } from './program-operators.ts';
import { ProgramPage, type Around } from './program-page.ts';

export type { Type } from './program-operators.ts';

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

export class ProgramWriter extends ProgramPage {
  readonly draw: Draw;
  readonly avoid: ReadonlySet<Avoided>;
  readonly pool: OperatorPool;
  /** Members of the class that bodies have put there. */
  readonly members: string[] = [];
  /** Each prints a call of a helper method that is there. */
  readonly helpers: (() => string)[] = [];
  #pending: { readonly name: string; readonly type: Type }[] = [];
  #isBackground = false;

  constructor(avoid: readonly Avoided[] = []) {
    const draw = new Draw();
    super(draw);
    this.draw = draw;
    this.pool = new OperatorPool(draw);
    this.avoid = new Set(avoid);
    this.know('input.q', 'text');
    this.know('input.n', 'number');
    this.know('input.tags', 'list');
    this.know('input.same', 'doc');
    this.know('input.doc', 'doc');
  }

  /** What is started in a block is awaited there. */
  override block(head: string, body: () => void, tail?: string): void {
    const pending = this.#pending;
    this.#pending = [];
    const whole = (): void => {
      body();
      this.settlePending();
    };
    super.block(head, whole, tail);
    this.#pending = pending;
  }

  /** And what is started in a function, there. */
  override inside<T>(around: Around, path: string | undefined, print: () => T): T {
    const pending = this.#pending;
    this.#pending = [];
    const printed = super.inside(around, path, print);
    this.#pending = pending;
    return printed;
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
    const known = this.known(type, isLet);
    return known[this.draw.pick(known.length)]?.name;
  }

  // Expressions without awaits.

  text(): string {
    const way = this.draw.pick(7);
    if (way === 4) return `${this.variable('doc')}.text`;
    if (way === 5) return `\`\${${this.variable('number')}} \${${this.variable('text')}}\``;
    if (way === 6) return `${this.variable('list')}.join("+").slice(0, 60)`; // else one that is pushed again and again doubles
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
    const site = this.site();
    const way = this.#mayBe('memory in background') ? this.draw.pick(6) : 0;
    const more = way === 4 ? `, list: ${this.list()}` : way === 5 ? `, doc: ${this.doc()}` : '';
    if (more !== '') this.draw.tag('object passed');
    return `{ site: ${site}, q: ${q ?? this.text()}${more} }`;
  }

  /** The call path: most calls of a loop tell their iterations apart, some ask the same again. */
  site(): string {
    const { path } = this;
    const site = this.draw.name('s');
    if (path.length === 0 || this.draw.pick(6) === 5) return `"${site}"`;
    return `\`${site}${path.map((one) => ` \${${one}}`).join('')}\``;
  }

  /** Of which nothing is known when the program is compiled. */
  condition(): string {
    switch (this.draw.pick(5)) {
      case 1:
        return `${this.number()} > 2`;
      case 2:
        return `${this.list()}.length < 2`;
      case 3:
        return `${this.text()} < ${this.text()}`;
      case 4:
        this.draw.tag('await in a condition');
        return `(await ${this.call('text')}).slice(-1) < "i"`;
      default:
        return `${this.text()}.slice(-1) < "i"`;
    }
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
    const fields = this.names
      .filter((name) => !name.startsWith('input.'))
      .map((name, i) => (/^\w+$/.test(name) ? name : `part${i}: ${name}`));
    return `{ ${[...new Set(fields)].join(', ')} }`;
  }

  /** The whole module. */
  print(): string {
    const body = this.printed;
    // Left out where the body does without, for the sake of whoever reads a counterexample.
    const operators = [...this.members, ...this.pool.members()];
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
