/**
 * The operators of generated programs, one class per effect and manner. Compiled together with the program under test: as
 * written on one side, by the transformer on the other. Leaves hand everything to the world; composites are ordinary code.
 */
import { Operator, operator, structuralJit, type FunctionOperator } from '../../runtime/index.ts';
import { link, type CallContext, type Doc, type Manner, type Shape, type Shapes } from './world-link.ts';

export type { CallContext, Doc } from './world-link.ts';

export interface Question {
  readonly site: string;
  readonly q: string | number;
  readonly list?: readonly string[];
  readonly doc?: Doc;
}

function perform(manner: Manner, input: unknown, context?: CallContext): never {
  if (link.current === undefined) throw new Error('The lab needs a world: set `link.current` first.');
  return link.current.perform(manner, input, context);
}

/** Code that the compiler knows nothing about: it waits for something that no operator made. */
export async function pause(duration: number): Promise<void> {
  await link.current?.pause(duration);
}

export abstract class Leaf<I, O> extends Operator<I, O> {
  readonly manner: Manner;
  constructor(manner: Manner) {
    super();
    this.manner = manner;
  }
  override forward(input: I, context: CallContext): Promise<O> | O {
    return perform(this.manner, input, context);
  }
}

abstract class Answering<S extends Shape> extends Leaf<Question, Shapes[S]> {}

export class Ask<S extends Shape> extends Answering<S> {
  static override readonly effect = 'unordered' as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'unordered' });
  }
}

export class Pure<S extends Shape> extends Answering<S> {
  static override readonly effect = 'pure' as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'pure' });
  }
}

export class ReadA<S extends Shape> extends Answering<S> {
  static override readonly effect = { reads: 'a' } as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'resources', reads: ['a'] });
  }
}

export class WriteA<S extends Shape> extends Answering<S> {
  static override readonly effect = { writes: 'a' } as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'resources', writes: ['a'] });
  }
}

export class ReadB<S extends Shape> extends Answering<S> {
  static override readonly effect = { reads: ['b'] } as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'resources', reads: ['b'] });
  }
}

export class CopyAToB<S extends Shape> extends Answering<S> {
  static override readonly effect = { reads: 'a', writes: 'b' } as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'resources', reads: ['a'], writes: ['b'] });
  }
}

/** One of both resources, by what a call is given. */
function shelfOf({ q }: Question): string {
  return String(q).length % 2 === 0 ? 'a' : 'b';
}

export class ReadShelf<S extends Shape> extends Answering<S> {
  static override readonly effect = { reads: shelfOf };
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'resources' });
  }
  override forward(input: Question, context: CallContext): Promise<Shapes[S]> | Shapes[S] {
    return perform({ ...this.manner, reads: [shelfOf(input)] }, input, context);
  }
}

export class WriteShelf<S extends Shape> extends Answering<S> {
  static override readonly effect = { writes: shelfOf };
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'resources' });
  }
  override forward(input: Question, context: CallContext): Promise<Shapes[S]> | Shapes[S] {
    return perform({ ...this.manner, writes: [shelfOf(input)] }, input, context);
  }
}

export class Sequential<S extends Shape> extends Answering<S> {
  static override readonly effect = 'sequential' as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'sequential' });
  }
}

export class Undeclared<S extends Shape> extends Answering<S> {
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'undeclared' });
  }
}

/** Goes on after an abort. */
export class Deaf<S extends Shape> extends Answering<S> {
  static override readonly effect = 'unordered' as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'unordered', deaf: true });
  }
}

/** Answers, or throws, without a promise. */
export class Instant<S extends Shape> extends Answering<S> {
  static override readonly effect = 'unordered' as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'unordered', instant: true });
  }
}

/** A failure is thrown before there is a promise. */
export class Hasty<S extends Shape> extends Answering<S> {
  static override readonly effect = 'unordered' as const;
  constructor(label: string, shape: S) {
    super({ label, shape, effect: 'unordered', throwsAtOnce: true });
  }
}

/** Holds an array for as long as it runs. */
export class Talk extends Leaf<readonly string[], string> {
  static override readonly effect = 'unordered' as const;
  constructor(label: string) {
    super({ label, shape: 'text', effect: 'unordered' });
  }
}

/** Holds a document, gives a text. */
export class Judge extends Leaf<Doc, string> {
  static override readonly effect = 'unordered' as const;
  constructor(label: string) {
    super({ label, shape: 'text', effect: 'unordered' });
  }
}

/** Gives what it was given. */
export class Echo extends Leaf<Doc, Doc> {
  static override readonly effect = 'unordered' as const;
  constructor(label: string) {
    super({ label, shape: 'same', effect: 'unordered' });
  }
}

/** Changes what it was given, and says so. */
export class Edit extends Leaf<Doc, string> {
  static override readonly effect = { mutates: true } as const;
  constructor(label: string) {
    super({ label, shape: 'text', effect: 'resources', mutates: true });
  }
}

/** Reads an object of its own that others may change. */
export class Tuned extends Operator<Question, string> {
  static override readonly effect = 'unordered' as const;
  readonly manner: Manner;
  readonly settings = { instruction: 'none' };
  constructor(label: string) {
    super();
    this.manner = { label, shape: 'text', effect: 'unordered' };
  }
  set instruction(value: string) {
    this.settings.instruction = value;
  }
  tune(value: string): void {
    this.settings.instruction += value;
  }
  override forward(input: Question, context: CallContext): Promise<string> {
    return perform(this.manner, { input, settings: this.settings }, context);
  }
}

/** What a composite may share with its operators. */
export interface Board {
  readonly notes: string[];
}

/** Reads an object that it was given when it was made. */
export class Watcher extends Operator<Question, string> {
  static override readonly effect = 'unordered' as const;
  readonly manner: Manner;
  readonly board: Board;
  constructor(label: string, board: Board) {
    super();
    this.manner = { label, shape: 'text', effect: 'unordered' };
    this.board = board;
  }
  override forward(input: Question, context: CallContext): Promise<string> {
    return perform(this.manner, { input, board: this.board }, context);
  }
}

/** Writes an object that it was given when it was made, by its visible body. */
export class Scribe extends Operator<Question, string> {
  readonly leaf: Ask<'text'>;
  readonly board: Board;
  constructor(label: string, board: Board) {
    super();
    this.leaf = new Ask(`${label}.noted`, 'text');
    this.board = board;
  }
  override async forward(input: Question): Promise<string> {
    const text = await this.leaf.invoke({ site: input.site, q: input.q });
    this.board.notes.push(text);
    return `${text} ${this.board.notes.length}`;
  }
}

/** Stateful, by its visible body. */
export class Counter extends Operator<Question, string> {
  count = 0;
  readonly leaf: Ask<'text'>;
  constructor(label: string) {
    super();
    this.leaf = new Ask(`${label}.counted`, 'text');
  }
  override async forward(input: Question): Promise<string> {
    this.count++;
    const text = await this.leaf.invoke({ site: input.site, q: `${input.q} ${this.count}` });
    return `${text}#${this.count}`;
  }
}

/** Changes what it was given, by its visible body. */
export class Tag extends Operator<Doc, string> {
  readonly leaf: Ask<'text'>;
  constructor(label: string) {
    super();
    this.leaf = new Ask(`${label}.tag`, 'text');
  }
  override async forward(doc: Doc): Promise<string> {
    const text = await this.leaf.invoke({ site: 'tag', q: doc.text, doc });
    doc.tags.push(text);
    return text;
  }
}

/** A composite, compiled. */
@structuralJit
export class Pair extends Operator<Question, string> {
  readonly left: Ask<'text'>;
  readonly right: Ask<'number'>;
  constructor(label: string) {
    super();
    this.left = new Ask(`${label}.left`, 'text');
    this.right = new Ask(`${label}.right`, 'number');
  }
  override async forward(input: Question): Promise<string> {
    const left = await this.left.invoke(input);
    const right = await this.right.invoke(input);
    return `${left}+${right}`;
  }
}

/** A composite that writes between two questions, compiled. */
@structuralJit
export class Publish extends Operator<Question, Doc> {
  readonly draft: Ask<'doc'>;
  readonly write: WriteA<'text'>;
  readonly check: ReadA<'text'>;
  constructor(label: string) {
    super();
    this.draft = new Ask(`${label}.draft`, 'doc');
    this.write = new WriteA(`${label}.write`, 'text');
    this.check = new ReadA(`${label}.check`, 'text');
  }
  override async forward(input: Question): Promise<Doc> {
    const draft = await this.draft.invoke(input);
    const written = await this.write.invoke({ site: input.site, q: draft.text });
    draft.tags.push(await this.check.invoke({ site: input.site, q: written }));
    return draft;
  }
}

/** A composite whose writer goes on when the other call has failed, compiled. */
@structuralJit
export class Fork extends Operator<Question, string> {
  readonly ask: Ask<'text'>;
  readonly write: WriteA<'text'>;
  constructor(label: string) {
    super();
    this.ask = new Ask(`${label}.ask`, 'text');
    this.write = new WriteA(`${label}.write`, 'text');
  }
  override async forward(input: Question): Promise<string> {
    const [asked, written] = await Promise.all([this.ask.invoke(input), this.write.invoke(input)]);
    return `${asked}|${written}`;
  }
}

/** A composite that ends with the faster one of its calls; the other may write when it has ended. */
export class Hurry extends Operator<Question, string> {
  readonly ask: Ask<'text'>;
  readonly write: WriteA<'text'>;
  constructor(label: string) {
    super();
    this.ask = new Ask(`${label}.ask`, 'text');
    this.write = new WriteA(`${label}.write`, 'text');
  }
  override async forward(input: Question): Promise<string> {
    return await Promise.race([this.ask.invoke(input), this.write.invoke(input)]);
  }
}

/** A composite without our decorator. */
export class Plain extends Operator<Question, string> {
  readonly first: Ask<'text'>;
  readonly second: Ask<'text'>;
  constructor(label: string) {
    super();
    this.first = new Ask(`${label}.first`, 'text');
    this.second = new Ask(`${label}.second`, 'text');
  }
  override async forward(input: Question): Promise<string> {
    const first = await this.first.invoke(input);
    const second = await this.second.invoke(input);
    return `${first}/${second}`;
  }
}

/** A function operator. */
export const lookup: FunctionOperator<(input: Question) => Promise<string>> = operator(
  (input: Question): Promise<string> =>
    perform({ label: 'lookup', shape: 'text', effect: 'unordered' }, input),
  { effect: 'unordered', name: 'lookup' },
);
