/**
 * Programs of the conformance rows, compiled in one batch both ways. Their operators are the leaves below, which note who was
 * called and how many were at work at once, so that a test sees overlap without a clock.
 */
import type { Descriptor } from '../../runtime/descriptor.ts';
import * as xcs from '../../runtime/index.ts';
import type { InvokeOptions, Operator } from '../../runtime/index.ts';
import { compileModules, type CompiledModule } from '../helpers/compile.ts';
import { leaveAsWritten, watching } from '../helpers/prove.ts';

const LEAVES = `
import { Operator } from 'xcs';
export const probe = { calls: [] as string[], inputs: [] as unknown[], running: 0, most: 0 };
export const failure = new Error('this leaf fails');
async function visit<T>(call: string, input: unknown, answer: T): Promise<T> {
  probe.calls.push(call);
  probe.inputs.push(input);
  probe.most = Math.max(probe.most, ++probe.running);
  await Promise.resolve();
  probe.running--;
  return answer;
}
export class Leaf extends Operator<string, string> {
  static override readonly effect: 'unordered' | { writes: string } = 'unordered';
  constructor(readonly label: string) { super(); }
  override async forward(text: string): Promise<string> {
    return await visit(this.label + '(' + text + ')', text, this.label + '_' + text);
  }
}
/** Fails for an input with "bad" in it, always with the same error. */
export class Fragile extends Leaf {
  static override readonly effect = 'unordered';
  override async forward(text: string): Promise<string> {
    if (text.includes('bad')) { probe.calls.push(this.label + ' fails'); throw failure; }
    return await super.forward(text);
  }
}
export class Writer extends Leaf {
  static override readonly effect = { writes: 'log' };
}
/** Answers whether the text is long. */
export class IsLong extends Operator<string, boolean> {
  static override readonly effect = 'unordered';
  override async forward(text: string): Promise<boolean> {
    return await visit('long(' + text + ')', text, text.length > 3);
  }
}
/** Answers the very thing that it is given. */
export class Echo<T> extends Operator<T, T> {
  static override readonly effect = 'unordered';
  override async forward(thing: T): Promise<T> { return await visit('echo', thing, thing); }
}
`;

const HEAD = `
import { Operator, structuralJit } from 'xcs';
import { Leaf, Fragile, Writer, IsLong, Echo } from './leaves.ts';
export { probe, failure } from './leaves.ts';
`;

export interface Probe {
  /** Of leaves, each as `label(input)`, in the order in which they started. */
  readonly calls: string[];
  readonly inputs: unknown[];
  /** The most leaves at work at once. */
  most: number;
}

/** What a program exports: its `create` makes the operator under test. */
export interface Program {
  readonly create: () => Operator & Record<string, unknown>;
  readonly probe: Probe;
  /** What a `Fragile` fails with. */
  readonly failure: Error;
}

export interface Twin {
  readonly written: () => Program;
  readonly compiled: () => Program;
  /** Of the decorated classes, as they pass through `structuralJit`. */
  readonly descriptors: () => readonly Descriptor[];
}

/** Compiles all of them in two programs, as written and compiled; `bodies` lack the imports. */
export function compileTwins<Name extends string>(
  bodies: Readonly<Record<Name, string>>,
): (name: Name) => Twin {
  const named = Object.entries<string>(bodies).map(
    ([name, body]) => [`${name}.ts`, `${HEAD}${body}`] as const,
  );
  const sources = { ...Object.fromEntries(named), 'leaves.ts': LEAVES };
  const written = compileModules(sources, { as: 'written', check: true });
  const compiled = compileModules(sources, { check: true });
  return (name) => {
    const module = moduleOf(compiled, `${name}.ts`);
    return {
      written: () => load(moduleOf(written, `${name}.ts`), leaveAsWritten),
      compiled: () => load(module, xcs.structuralJit),
      descriptors: () => {
        const descriptors: Descriptor[] = [];
        load(module, watching(descriptors));
        return descriptors;
      },
    };
  };
}

function moduleOf(modules: ReadonlyMap<string, CompiledModule>, name: string): CompiledModule {
  const module = modules.get(name);
  if (module === undefined) throw new Error(`The batch has no ${name}.`);
  if (module.diagnostics.length > 0) throw new Error(`${name}: ${module.diagnostics.join('\n')}`);
  return module;
}

function load(module: CompiledModule, structuralJit: unknown): Program {
  const exported = module.load({ modules: { xcs: { ...xcs, structuralJit } } });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what the programs are written to be
  return exported as unknown as Program;
}

/** What one call gave, and which leaves it called: in any order, for the code as written has another. */
export interface Observed {
  readonly result: unknown;
  readonly calls: readonly string[];
}

/** Calls one operator with each input, one after another. */
export async function observe(
  { create, probe }: Program,
  inputs: readonly unknown[],
  options?: InvokeOptions,
): Promise<readonly Observed[]> {
  const operator = create();
  const observed: Observed[] = [];
  for (const input of inputs) {
    probe.calls.length = 0;
    // oxlint-disable-next-line no-await-in-loop -- one call after another is what is compared
    const result = await operator.invoke(input, options);
    observed.push({ result, calls: probe.calls.toSorted() });
  }
  return observed;
}

/** The most leaves that one call with this input has at work at once. */
export async function overlap(
  { create, probe }: Program,
  input: unknown,
  options?: InvokeOptions,
): Promise<number> {
  probe.most = 0;
  await create().invoke(input, options);
  return probe.most;
}

/** Parallel dispatch that notes the size of each plan that it begins. */
export function noting(): { readonly scheduler: xcs.Scheduler; readonly begun: number[] } {
  const parallel = new xcs.TopologicalSchedulerWithParallelDispatch();
  const begun: number[] = [];
  const scheduler: xcs.Scheduler = {
    name: 'noting',
    begin(plan, start) {
      begun.push(plan.size);
      return parallel.begin(plan, start);
    },
  };
  return { scheduler, begun };
}
