/**
 * How the operators of generated programs reach the world that they run in. An interface only: the compiler under test
 * must find nothing here that it could analyse.
 */

/** What a leaf operator gives. */
export interface Shapes {
  readonly text: string;
  readonly number: number;
  readonly list: string[];
  readonly doc: Doc;
  readonly same: never;
}

export type Shape = keyof Shapes;

export interface Doc {
  text: string;
  tags: string[];
  n: number;
}

/** What a leaf does, and what it declares; the harness takes its word, the compiler reads the class. */
export interface Manner {
  readonly label: string;
  readonly shape: Shape;
  readonly effect: 'pure' | 'unordered' | 'sequential' | 'undeclared' | 'resources';
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly mutates?: boolean;
  /** Answers without a promise. */
  readonly instant?: boolean;
  /** A failure is thrown before a promise is made. */
  readonly throwsAtOnce?: boolean;
  /** Goes on to its end after an abort. */
  readonly deaf?: boolean;
}

export interface CallContext {
  readonly signal: AbortSignal;
}

export interface WorldLink {
  perform(manner: Manner, input: unknown, context: CallContext | undefined): never;
  /** A promise that no operator made. */
  pause(duration: number): Promise<void>;
  log(...values: readonly unknown[]): void;
  /** What the code as written calls where its own code throws, so that a run without that failure can be had. */
  fail(error: unknown): number;
  /** The same for `Promise.any`. */
  any(members: Iterable<unknown>): Promise<unknown>;
}

export const link: { current: WorldLink | undefined } = { current: undefined };
