/**
 * `autograph`: runs a function once with a handle for its input, and keeps the calls that it makes as a graph.
 */
import { isObject } from '../brand.ts';
import { badOption, notAFunction, unknownOption } from '../errors.ts';
import { XCSGraph } from '../graph/graph.ts';
import { badRecording } from './autograph-errors.ts';
import { isPromise } from './handle.ts';
import { Recorder } from './recorder.ts';
import { recording, type CallRecorder } from './recording.ts';
import type { Liftable, Resolved, Symbolic } from './symbolic.ts';

/** What a recorded graph is called, and what its input has by itself. */
export interface AutographOptions<I> {
  /** What it is called in messages and pictures. @default the name of the function */
  readonly name?: string;
  /** Fields of the input that `execute` need not be given. @default none */
  readonly defaults?: Partial<I>;
}

/** Only in types: what a recorded graph takes and gives. */
declare const TAKES_AND_GIVES: unique symbol;

/** A graph that takes an `I` and gives an `O`. */
export type AutoGraph<I, O> = XCSGraph & { readonly [TAKES_AND_GIVES]?: (input: I) => O };

const KNOWN = ['name', 'defaults'];

/**
 * Records the operators that `fn` invokes as a graph, and calls none of them. `fn` is given a handle for the input of the
 * graph; `invoke` answers handles; what it returns, with handles anywhere in it, is what `execute` answers.
 *
 * Without a function, it records what is invoked until the end of the block that `using` stands in, or until the graph is
 * executed. That block must not await; an async function may.
 *
 * A call waits for what it is given, for the condition of a `when` around it, and for earlier calls whose effects are known
 * to conflict with its own.
 *
 * @throws XCSError `XCS1201` for a handle that is used as if it were the value.
 * @example
 * const graph = autograph((input: Symbolic<{ q: string }>) => {
 *   const docs = search.invoke(input.q);
 *   return { docs, first: docs[0] };
 * });
 * await execute(graph, { q: 'why?' }); // { docs: ['why?'], first: 'why?' }
 * @example
 * using graph = autograph();
 * const docs = search.invoke(constant('why?'));
 * search.invoke(docs[0]);
 * await execute(graph); // ['why?']
 */
export function autograph<I, R>(
  fn: (input: Symbolic<I>) => Promise<R>,
  options?: AutographOptions<I>,
): Promise<AutoGraph<I, Resolved<R>>>;
export function autograph<I, R>(
  fn: (input: Symbolic<I>) => R,
  options?: AutographOptions<I>,
): AutoGraph<I, Resolved<R>>;
export function autograph<I = unknown>(options?: AutographOptions<I>): RecordedGraph<I>;
export function autograph(first?: unknown, second?: unknown): XCSGraph | Promise<XCSGraph> | RecordedGraph {
  if (first === undefined || (isObject(first) && typeof first !== 'function')) {
    const { name = 'graph', defaults } = checkOptions(first ?? {});
    return withDefaults(new RecordedGraph({ name }), defaults).begin();
  }
  if (!isFunction(first)) throw notAFunction('autograph', first);
  const { name = first.name === '' ? 'graph' : first.name, defaults } = checkOptions(second ?? {});
  const recorder = new Recorder(withDefaults(new XCSGraph({ name }), defaults));
  return isAsync(first) ? recordAsync(recorder, first) : recordNow(recorder, first);
}

function recordNow(recorder: Recorder, fn: (input: object) => unknown): XCSGraph {
  try {
    const value = recording.during(recorder, () => fn(recorder.input));
    if (isPromise(value)) {
      // It fails by itself, for nothing records any more; this one says why.
      value.catch(() => {});
      throw badRecording(
        `the function of the graph \`${recorder.graph.name}\` returned a promise but is not an async function`,
        'return the handles themselves, or compile for ES2017 or later so that `async` stays what it is',
      );
    }
    recorder.returns(value);
    return recorder.graph;
  } finally {
    recorder.end();
  }
}

async function recordAsync(recorder: Recorder, fn: (input: object) => unknown): Promise<XCSGraph> {
  try {
    const recorded = recording.throughout(recorder, () => fn(recorder.input));
    if (recorded === undefined)
      throw badRecording(
        'an async function cannot be recorded where there is no `AsyncLocalStorage`',
        'give `autograph` a function that is not async: handles need not be awaited',
      );
    const value = await recorded.value;
    recorder.returns(value);
    return recorder.graph;
  } finally {
    recorder.end();
  }
}

/**
 * A graph that is being recorded: `using graph = autograph()`.
 *
 * @example
 * using graph = autograph<{ q: string }>();
 * graph.answers({ docs: search.invoke(graph.input.q) });
 * await execute(graph, { q: 'why?' }); // { docs: ['why?'] }
 */
export class RecordedGraph<I = unknown> extends XCSGraph {
  readonly #recorder: Recorder;
  #around: CallRecorder | undefined = undefined;
  #awaited = false;

  constructor(options: { readonly name?: string } = {}) {
    super(options);
    this.#recorder = new Recorder(this);
  }

  /** From now on; not before, for graphology makes copies of graphs by their class. @internal */
  begin(): this {
    const recorder = this.#recorder;
    this.#around = recording.open(recorder);
    this.setAttribute('seal', () => this.#end());
    // Runs before this only if the block awaits; from then on others run, who must not be recorded.
    queueMicrotask(() => {
      if (recorder.ended) return;
      this.#awaited = true;
      this.#close();
    });
    return this;
  }

  /** Stands for the input of the graph. */
  get input(): Symbolic<I> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a handle stands for is known to types only
    return this.#recorder.input as Symbolic<I>;
  }

  /** Says what `execute` answers: a structure with handles in it. Without it, the outputs that nothing is given to. */
  answers(value: Liftable<unknown>): this {
    this.#recorder.returns(value);
    return this;
  }

  /** Ends the recording. Throws `XCS1203` if the block has awaited something, for then calls may be missing. */
  [Symbol.dispose](): void {
    this.#end();
  }

  #end(): void {
    this.#close();
    if (this.#awaited)
      throw badRecording(
        `the block that records the graph \`${this.name}\` awaits something, and was recorded only up to there`,
        'execute the graph before the first `await`, or give `autograph` an async function',
      );
  }

  #close(): void {
    this.#recorder.end();
    recording.close(this.#recorder, this.#around);
  }
}

/** What `execute` was given, with the defaults for what is absent, as a parameter that is taken apart has them. */
function withDefaults<G extends XCSGraph>(graph: G, defaults: object | undefined): G {
  if (defaults !== undefined) graph.setAttribute('defaults', { ...defaults });
  return graph;
}

function checkOptions(options: unknown): AutographOptions<object> {
  if (!isObject(options)) throw badOption('autograph', 'options', options, 'an object');
  for (const key of Object.keys(options))
    if (!KNOWN.includes(key)) throw unknownOption('autograph', key, KNOWN);
  const { name, defaults }: AutographOptions<object> = options;
  if (name !== undefined && typeof name !== 'string') throw badOption('autograph', 'name', name, 'a string');
  if (defaults !== undefined && (!isObject(defaults) || Array.isArray(defaults)))
    throw badOption('autograph', 'defaults', defaults, 'an object');
  return options;
}

function isFunction(value: unknown): value is (input: object) => unknown {
  return typeof value === 'function';
}

/** Known before it is called: what it invokes after an `await` must be recorded too. */
function isAsync(fn: (input: object) => unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object AsyncFunction]';
}
