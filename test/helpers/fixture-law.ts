/** Where two runs of a fixture differ in what the law says they must share. */
import type { FixtureRun } from './fixture-run.ts';
import type { Seen, SeenCall } from './fixture-world.ts';

export interface Runs {
  readonly written: FixtureRun;
  readonly compiled: FixtureRun;
  readonly interpreted: FixtureRun;
}

export function findDifferences({ written, compiled, interpreted }: Runs): readonly string[] {
  const differences: string[] = [];
  if (compiled.outcome !== written.outcome) differences.push(`compiled gives ${compiled.outcome}`);
  if (interpreted.outcome !== written.outcome) differences.push(`interpreted gives ${interpreted.outcome}`);
  if (compiled.settledAt > written.settledAt) differences.push('compiled takes longer');
  if (effectsOf(compiled) !== effectsOf(written))
    differences.push(`effects: ${effectsOf(compiled)} instead of ${effectsOf(written)}`);
  const strays = compiled.unhandled.filter((error) => !written.unhandled.includes(error));
  return [
    ...differences,
    ...strays.map((error) => `leaves unhandled: ${error}`),
    ...differentCalls(written, compiled),
  ];
}

/** What keeps one order: logs, and the starts of calls that act. */
function effectsOf({ seen }: FixtureRun): string {
  return seen
    .filter((one) => one.kind === 'log' || one.acts)
    .map(nameOf)
    .join('; ');
}

/** Each call is made once, with the same input from start to end. A run that fails may have started later ones too. */
function differentCalls(written: FixtureRun, compiled: FixtureRun): readonly string[] {
  const expected = callsOf(written);
  const left = callsOf(compiled);
  const missing = expected.filter((call) => {
    const at = left.findIndex((other) => textOf(other) === textOf(call));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const strays = written.isError ? left.filter((call) => call.acts) : left;
  return [
    ...missing.map((call) => `not called: ${nameOf(call)}`),
    ...strays.map((call) => `called: ${nameOf(call)}`),
  ];
}

function callsOf({ seen }: FixtureRun): SeenCall[] {
  return seen.filter((one) => one.kind === 'call');
}

function textOf(call: SeenCall): string {
  const changed = call.outcome === 'aborted' ? '' : ` then ${call.givenAtEnd}`;
  return nameOf(call) + changed;
}

function nameOf(one: Seen): string {
  return one.kind === 'log' ? one.text : `${one.name} ${one.given}`;
}
