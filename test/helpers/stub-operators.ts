/**
 * Operators of whole programs. What one answers, when, and whether it fails follow from its label and its input alone (each
 * input names its call site and iteration), so that no schedule can change them; the world draws them.
 */
import { Operator, type OperatorContext } from 'xcs';
import { chance } from './snapshot.ts';
import { link, type Manner } from './world-link.ts';

/** What a call drew: everything that its answer is made of. */
export interface Draw {
  readonly text: string;
  /** In [0, 1), another one for each name. */
  share(name: string): number;
}

type Answer<I, O> = (draw: Draw, input: I) => O;

abstract class Stub<I, O> extends Operator<I, O> {
  readonly label: string;
  readonly #answer: Answer<I, O>;

  constructor(label: string, answer: Answer<I, O>) {
    super();
    this.label = label;
    this.#answer = answer;
  }

  protected abstract manner(input: I): Pick<Manner, 'effect' | 'reads' | 'writes'>;

  override async forward(input: I, context: OperatorContext): Promise<O> {
    if (link.current === undefined) throw new Error('A stub needs a world: set `link.current` first.');
    const manner: Manner = { label: this.label, shape: 'text', ...this.manner(input) };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- such a manner has the world draw a text, later
    const text = await (link.current.perform(manner, input, context) as Promise<string>);
    return this.#answer({ text, share: (name) => chance(`${text} ${name}`) }, input);
  }
}

/** A model call. */
export class Model<I, O> extends Stub<I, O> {
  static override readonly effect = 'unordered' as const;
  protected override manner(): Pick<Manner, 'effect'> {
    return { effect: 'unordered' };
  }
}

/** Reads what `Writer` writes. */
export class Reader<I, O> extends Stub<I, O> {
  static override readonly effect = { reads: 'store' } as const;
  protected override manner(): Pick<Manner, 'effect' | 'reads'> {
    return { effect: 'resources', reads: ['store'] };
  }
}

export class Writer<I, O> extends Stub<I, O> {
  static override readonly effect = { writes: 'store' } as const;
  protected override manner(): Pick<Manner, 'effect' | 'writes'> {
    return { effect: 'resources', writes: ['store'] };
  }
}

export interface Keyed {
  readonly key: string;
}

/** Writes one entry of a store. */
export class KeyedWriter<I extends Keyed, O> extends Stub<I, O> {
  static override readonly effect = { writes: ({ key }: Keyed): string => `entry ${key}` };
  protected override manner({ key }: I): Pick<Manner, 'effect' | 'writes'> {
    return { effect: 'resources', writes: [`entry ${key}`] };
  }
}

/** Reads one entry of that store. */
export class KeyedReader<I extends Keyed, O> extends Stub<I, O> {
  static override readonly effect = { reads: ({ key }: Keyed): string => `entry ${key}` };
  protected override manner({ key }: I): Pick<Manner, 'effect' | 'reads'> {
    return { effect: 'resources', reads: [`entry ${key}`] };
  }
}

/** Ordered against everything that has effects. */
export class Action<I, O> extends Stub<I, O> {
  static override readonly effect = 'sequential' as const;
  protected override manner(): Pick<Manner, 'effect'> {
    return { effect: 'sequential' };
  }
}

/** Answers what it drew, as text. */
export function words(draw: Draw): string {
  return draw.text;
}

/** Answers whether it drew less than that share. */
export function yes(share: number): (draw: Draw) => boolean {
  return (draw) => draw.share('yes') < share;
}

/** Answers a score in [0, 1), whose sums hang on their order. */
export function score(draw: Draw): number {
  return draw.share('score');
}

/** Answers so many lines, all different. */
export function lines(count: number): (draw: Draw) => string[] {
  return (draw) => Array.from({ length: count }, (_, index) => `${draw.text}/${index}`);
}
