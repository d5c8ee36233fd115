/** What `run` of a fixture waits for under the effects of the objects that are really there. */
import * as xcs from '../../runtime/index.ts';
import { isObject } from '../../runtime/brand.ts';
import type { Dependence } from '../../runtime/descriptor.ts';
import { tryLink } from '../../runtime/link.ts';
import type { CompiledFixture } from './fixture-compile.ts';
import { FixtureWorld } from './fixture-world.ts';

/** The dependences, where they are others than the compiler assumed; or the guard that failed. */
export function printLink(fixture: CompiledFixture): string {
  const run = load(fixture);
  const link = isObject(run) ? tryLink(run, false) : undefined;
  if (link === undefined) return '';
  if ('failed' in link) return `as written: ${link.failed.reason}`;
  const { dependences, compiled } = link.linked;
  const assumed = new Set(compiled.descriptor.dependences.map(printDependence));
  const found = new Set(dependences.map(printDependence));
  return [
    ...[...found].filter((one) => !assumed.has(one)).map((one) => `also  ${one}`),
    ...[...assumed].filter((one) => !found.has(one)).map((one) => `not   ${one}`),
  ].join('\n');
}

function load(fixture: CompiledFixture): unknown {
  const world = new FixtureWorld();
  try {
    return fixture.load('compiled', { xcs, world: world.module }, world.console)['run'];
  } catch {
    // What does not load is told by the runs.
    return undefined;
  }
}

function printDependence({ before, after, kind, what }: Dependence): string {
  return `${after} waits for ${before} ${kind} ${what}`;
}
