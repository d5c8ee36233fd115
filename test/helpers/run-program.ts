/**
 * Runs one program in a world of its own until nothing moves, and answers what could be seen of it.
 */
import { AsyncLocalStorage, type AsyncLocalStorage as Storage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { snapshot } from './snapshot.ts';
import { groupBy, keyOf, World, type CallRecord, type Schedule, type VisibleEffect } from './world.ts';
import { link } from './world-link.ts';
import { catchUnhandled } from './unhandled.ts';

/** What a program under test exports as `create`: a fresh operator, its input, and what else is to be compared. */
export interface Subject {
  readonly operator: { invoke(input: unknown, options?: { readonly signal: AbortSignal }): unknown };
  readonly input: unknown;
  readonly also?: unknown;
}

export type Create = () => Subject;

export type Outcome =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'hang' };

export interface Trace {
  readonly outcome: Outcome;
  readonly settledAt: number;
  /** Result, input and state, as one graph when it had settled, and again when all was quiet. */
  readonly atSettling: string;
  readonly atEnd: string;
  /** And with what each call was given and gave, in an order that the schedule does not change. */
  readonly whole: string;
  readonly calls: readonly CallRecord[];
  readonly effects: readonly VisibleEffect[];
  readonly pauses: World['pauses'];
  /** How many calls failed, and steps of the program's own code. */
  readonly failures: number;
  readonly unhandled: readonly unknown[];
  readonly listeners: number;
  readonly store: unknown;
  /** What the caller can still reach when all is quiet: input, operator, and whatever hangs on them. */
  readonly roots: readonly unknown[];
}

export interface RunOptions {
  /** Also run inside an `AsyncLocalStorage` and note what each call finds there. @default false */
  readonly context?: boolean;
  /** Wraps the call of `invoke`, for execution options. */
  readonly around?: (invoke: () => unknown) => unknown;
}

const storage: Storage<object> = new AsyncLocalStorage();

export async function runProgram(
  create: Create,
  schedule: Schedule,
  { context = false, around = (invoke) => invoke() }: RunOptions = {},
): Promise<Trace> {
  const world = new World(schedule, () => (context ? storage.getStore() : undefined));
  const store = context ? {} : undefined;
  const controller = new AbortController();
  link.current = world;
  const restore = catchUnhandled(world.unhandled);
  const uninstall = world.clock.install();
  try {
    const { operator, input, also } = create();
    const invoke = (): unknown => around(() => operator.invoke(input, { signal: controller.signal }));
    const settling = watch(
      () => (store === undefined ? invoke() : storage.run(store, invoke)),
      world,
      (outcome) => snapshot(visible(outcome), input, operator, also),
    );
    if (schedule.abortAt !== undefined) {
      world.clock.at(schedule.abortAt, () => {
        controller.abort(ABORTED);
      });
    }
    await world.clock.runUntilIdle();
    const { outcome, at, text } = settling();
    const parts = [visible(outcome), input, operator, also];
    return {
      outcome,
      settledAt: at,
      atSettling: text,
      atEnd: snapshot(...parts),
      whole: snapshot(...parts, ...given(world)),
      calls: world.calls,
      effects: world.effects,
      pauses: world.pauses,
      failures: world.failures,
      unhandled: world.unhandled,
      listeners: getEventListeners(controller.signal, 'abort').length,
      store,
      roots: [input, operator, also],
    };
  } finally {
    uninstall();
    restore();
    link.current = undefined;
  }
}

/** The reason of every abort by the caller. */
export const ABORTED: Error = new Error('the caller aborts');

interface Settling {
  readonly outcome: Outcome;
  readonly at: number;
  readonly text: string;
}

/** Calls it, and answers a function that tells how it has settled by now. */
function watch(invoke: () => unknown, world: World, show: (outcome: Outcome) => string): () => Settling {
  let settling: Settling | undefined;
  const settle = (outcome: Outcome): void => {
    world.settled = true;
    settling = { outcome, at: world.clock.now, text: show(outcome) };
  };
  const call = async (): Promise<void> => {
    try {
      settle({ kind: 'result', value: await invoke() });
    } catch (error) {
      settle({ kind: 'error', error });
    }
  };
  void call();
  return () => settling ?? { outcome: { kind: 'hang' }, at: Number.POSITIVE_INFINITY, text: 'hang' };
}

/** The error itself is compared by identity, not as text. */
function visible(outcome: Outcome): unknown {
  return outcome.kind === 'result' ? outcome.value : outcome.kind;
}

/** What calls were given and gave. Of calls that look the same nobody can say which is which, so these are left out. */
function given(world: World): unknown[] {
  return [...groupBy(world.calls, keyOf)]
    .filter(([, calls]) => calls.length === 1)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([, calls]) => calls.map((call) => [call.input, call.result]));
}
