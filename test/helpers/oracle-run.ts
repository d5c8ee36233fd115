/** Runs a program as written under the eyes of an observer, for the oracle. */
import * as xcs from '../../runtime/index.ts';
import { Observer, type Experiment } from './oracle-observer.ts';
import { instrument } from './oracle-probes.ts';
import { leaveAsWritten, visibleConsole } from './prove.ts';
import { runProgram, type Create, type Trace } from './run-program.ts';
import { transpileModules } from './transpile.ts';
import * as worldLink from './world-link.ts';
import type { Schedule } from './world.ts';

export interface Observed extends Trace {
  readonly observer: Observer;
}

export interface Observable {
  readonly run: (schedule: Schedule, experiment?: Experiment) => Promise<Observed>;
  /** Whether calls in a composite may overlap: its class has our decorator. */
  readonly isCompiled: (operator: object) => boolean;
}

/** One program, to be run any number of times. */
export function observe(source: string): Observable {
  const probes: { current: Observer } = { current: new Observer() };
  const decorated = new Set<unknown>();
  const create = load(source, probes, decorated);
  return {
    run: async (schedule, experiment) => {
      const observer = new Observer(experiment);
      probes.current = observer;
      const trace = await runProgram(create, { ...schedule, failureRate: 0, observer });
      return { ...trace, observer };
    },
    isCompiled: (operator) => decorated.has(operator.constructor),
  };
}

function load(source: string, probes: { readonly current: Observer }, decorated: Set<unknown>): Create {
  class Operator<I, O> extends xcs.Operator<I, O> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever runs, `forward` says what comes out
    override invoke = ((input: I, options?: xcs.InvokeOptions): unknown =>
      probes.current.invoke(this, input, () => super.invoke(input, options))) as xcs.Operator<I, O>['invoke'];
    override forward(): never {
      throw new Error('To be overridden.');
    }
  }
  const structuralJit = (...given: readonly unknown[]): unknown => {
    for (const one of given) decorated.add(one);
    const answer: unknown = Reflect.apply(leaveAsWritten, undefined, given);
    if (typeof answer !== 'function' || decorated.has(answer)) return answer;
    return (...more: readonly unknown[]): unknown => {
      for (const one of more) decorated.add(one);
      return Reflect.apply(answer, undefined, more);
    };
  };
  const runtime = { ...xcs, Operator, structuralJit };
  const link = {
    at: (site: number): void => probes.current.at(site),
    changes: (key: string, isOwn: boolean, object: object): object =>
      probes.current.changes(key, isOwn, object),
    members: (list: unknown): unknown => probes.current.members(list),
    key: (value: unknown): unknown => probes.current.key(value),
    caught: (error: unknown): void => probes.current.caught(error),
    out: (value: unknown): unknown => probes.current.out(value),
    iterate: (items: Iterable<unknown>): Iterable<unknown> => probes.current.iterate(items),
  };
  const module = transpileModules({ 'program.ts': instrument(source) }).get('program.ts');
  const exported = module?.load({
    modules: { xcs: runtime, 'runtime/index': runtime, 'world-link': worldLink, 'oracle-link': { link } },
    console: visibleConsole,
  });
  if (typeof exported?.['create'] !== 'function') throw new Error('A program exports `create`.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what programs under test are written to be
  return exported['create'] as Create;
}
