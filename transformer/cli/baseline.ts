/**
 * How parallel each class was when the baseline was written, and what has become more sequential since.
 *
 * The numbers are those of the compiler's own graph, so they change with the code and with nothing else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { callsOperators, findCalling } from '../../runtime/call-edges.ts';
import type { Descriptor } from '../../runtime/descriptor.ts';
import { graphFromDescriptor } from '../../runtime/graph/from-descriptor.ts';
import { findOverlappingLoops } from '../../runtime/overlap.ts';
import { CliError } from './cli-error.ts';

/** What is recorded of a class or function. */
export interface Recorded {
  readonly calls: number;
  readonly criticalPath: number;
  /** How many pairs of calls wait for each other, directly or not. */
  readonly orderedPairs: number;
  /** Loops with calls in them whose iterations follow one another. */
  readonly orderedLoops: number;
  /** Steps for which everything waits, and pieces that run as written. */
  readonly opaqueSteps: number;
  readonly asWritten: boolean;
}

export type Baseline = Readonly<Record<string, Recorded>>;

const VERSION = 2;

export function record(descriptors: readonly Descriptor[]): Baseline {
  const entries = new Map<string, Recorded>();
  for (const descriptor of descriptors) {
    const name = `${descriptor.span.file}#${descriptor.name}`;
    // Two of one name in one file are told apart by their order.
    let key = name;
    for (let count = 2; entries.has(key); count++) key = `${name} (${count})`;
    entries.set(key, recordOne(descriptor));
  }
  return Object.fromEntries([...entries].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function recordOne(descriptor: Descriptor): Recorded {
  const { steps, regions = [], dependences, criticalPath, asWritten } = descriptor;
  const overlapping = findOverlappingLoops(steps, dependences, regions);
  const calling = findCalling(descriptor);
  const loops = steps.filter(({ id, kind }) => kind === 'loop' && calling.has(id));
  return {
    calls: steps.filter(callsOperators).length,
    criticalPath,
    orderedPairs: countOrderedPairs(descriptor),
    orderedLoops: loops.filter(({ id }) => !overlapping.includes(id)).length,
    opaqueSteps: steps.filter(({ order, kind }) => order === 'barrier' || kind === 'async').length,
    asWritten: asWritten !== undefined,
  };
}

/** Within one pass of each loop. */
function countOrderedPairs(descriptor: Descriptor): number {
  const graph = graphFromDescriptor(descriptor);
  const isCall = (id: string): boolean => graph.getNodeAttribute(id, 'isRegion') !== true;
  const before = (id: string): number => [...graph.dependencyClosure(id)].filter(isCall).length;
  return graph.filterNodes(isCall).reduce((sum, id) => sum + before(id), 0);
}

/** What is more sequential than recorded, a sentence for each. */
export function findRegressions(before: Baseline, now: Baseline): readonly string[] {
  return Object.entries(now).flatMap(([name, found]) => {
    const recorded = before[name];
    return recorded === undefined ? [] : compare(recorded, found).map((what) => `${name}: ${what}`);
  });
}

function compare(before: Recorded, now: Recorded): readonly string[] {
  if (now.asWritten) return before.asWritten ? [] : ['runs as written, was compiled'];
  if (before.asWritten) return [];
  const more = (what: string, was: number, is: number): readonly string[] =>
    is > was ? [`${what}, expected at most ${was}, got ${is}`] : [];
  return [
    ...more('calls on the critical path', before.criticalPath, now.criticalPath),
    ...more('loops whose iterations follow one another', before.orderedLoops, now.orderedLoops),
    ...more('steps that run as written or hold everything up', before.opaqueSteps, now.opaqueSteps),
    // With other calls there are other pairs, which says nothing.
    ...(before.calls === now.calls
      ? more('pairs of calls that wait for each other', before.orderedPairs, now.orderedPairs)
      : []),
  ];
}

/** What the baseline knows and is not there any more. */
export function findGone(before: Baseline, now: Baseline): readonly string[] {
  return Object.keys(before).filter((name) => !Object.hasOwn(now, name));
}

export function writeBaseline(file: string, name: string, classes: Baseline): void {
  try {
    writeFileSync(file, `${JSON.stringify({ version: VERSION, classes }, undefined, 2)}\n`);
  } catch (cause) {
    throw new CliError(`the baseline \`${name}\` cannot be written: ${reason(cause)}`, 'name another file', {
      cause,
    });
  }
}

export function readBaseline(file: string, name: string): Baseline {
  const again = `write it anew: xcs check --write-baseline ${name}`;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CliError(`the baseline \`${name}\` cannot be read: ${reason(cause)}`, again, { cause });
  }
  if (!isContent(content))
    throw new CliError(`\`${name}\` is no baseline of version ${VERSION} of \`xcs check\``, again);
  return content.classes;
}

function isContent(value: unknown): value is { readonly classes: Baseline } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, classes }: { version?: unknown; classes?: unknown } = value;
  if (version !== VERSION || typeof classes !== 'object' || classes === null) return false;
  return Object.values(classes).every(isRecorded);
}

const NUMBERS = ['calls', 'criticalPath', 'orderedPairs', 'orderedLoops', 'opaqueSteps'];

function isRecorded(value: unknown): value is Recorded {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    NUMBERS.every((name) => typeof fields.get(name) === 'number') &&
    typeof fields.get('asWritten') === 'boolean'
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
