/**
 * For each call of a body the calls that it waits for, and the way from one to the other through the code between them,
 * with every place on it. What follows from other waits is left out: it decides nothing.
 */
import { callsOperators, findCallEdges, findCalling, type CallEdge } from './call-edges.ts';
import type { Dependence, Descriptor, Step } from './descriptor.ts';
import { explainCause, explainPlace } from './explain-cause.ts';
import { withoutImplied } from './implied-edges.ts';
import { findOverlappingLoops } from './overlap.ts';

type Code = Pick<Descriptor, 'steps' | 'slots' | 'regions'>;

/**
 * A line for each call, loop and `try` with calls in it, and lines with what each waits for. `orderOf` says of a call
 * whether it keeps its place.
 */
export function explainCalls(
  code: Code,
  dependences: readonly Dependence[],
  orderOf: (step: Step) => string,
): readonly string[] {
  const { steps, regions = [] } = code;
  const calling = findCalling(code);
  const edges = withoutImplied(code, findCallEdges(code, dependences, calling));
  const overlapping = new Set(findOverlappingLoops(steps, dependences, regions));
  return steps.flatMap((step) => {
    if (!calling.has(step.id)) return [];
    const iterations = overlapping.has(step.id) ? ', iterations overlap' : ', iterations in order';
    const indent = '  '.repeat(depthOf(step, code));
    return [
      `  ${indent}${explainPlace(step)}${step.kind === 'loop' ? iterations : callsOperators(step) ? orderOf(step) : ''}`,
      ...explainWaits(step, edges, code).map((line) => `${indent}       ${line}`),
    ];
  });
}

/** How many regions are around a step. */
export function depthOf(
  { region }: Pick<Step, 'region'>,
  { steps, regions = [] }: Omit<Code, 'slots'>,
): number {
  const owner = region === undefined ? undefined : steps[regions[region]?.owner ?? -1];
  return owner === undefined ? 0 : 1 + depthOf(owner, { steps, regions });
}

function explainWaits(step: Step, edges: readonly CallEdge[], code: Code): readonly string[] {
  const role = step.region === undefined ? undefined : code.regions?.[step.region]?.role;
  const part = role === 'catch' ? ['runs only if the `try` around it fails'] : [];
  const last = role === 'finally' ? ['runs when the `try` around it has ended'] : [];
  const ways = new Map<string, CallEdge[]>();
  for (const edge of edges) {
    if (edge.after !== step.id) continue;
    const key = `${edge.before} ${edge.carried}`;
    const known = ways.get(key);
    if (known === undefined) ways.set(key, [edge]);
    else known.push(edge);
  }
  const placeOf = ([edge]: readonly CallEdge[]): number => edge?.before ?? 0;
  const waits = [...ways.values()]
    .toSorted((one, other) => placeOf(one) - placeOf(other))
    .map((several) => explainWait(several, code));
  const lines = [...part, ...last, ...waits];
  return lines.length === 0 && callsOperators(step) ? ['waits for nothing'] : lines;
}

/** The two reasons that say most: the shortest ways, and of these data before effects, effects before conditions. */
function explainWait(ways: readonly CallEdge[], code: Code): string {
  const [{ before, carried } = { before: -1, carried: undefined }] = ways;
  const earlier = code.steps[before];
  const reasons = ways
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map(({ chain }) => explainChain(chain, code));
  const why = [...new Set(reasons)].slice(0, 2).join('; ');
  const place = earlier === undefined ? 'an earlier step' : explainPlace(earlier);
  if (carried === undefined) return `waits for ${place}: ${why}`;
  return before === carried
    ? `waits for all of the iteration before of ${place}: ${why}`
    : `waits for ${place} of the iteration before: ${why}`;
}

const RANKS: readonly Dependence['kind'][] = ['flow', 'anti', 'output', 'effect', 'control', 'failure'];

function rankOf({ chain }: CallEdge): number {
  return chain.length * RANKS.length + RANKS.indexOf(chain[0]?.kind ?? 'failure');
}

/** “needs `x` of 12:5 (x = f(y)), which needs `y`”. */
function explainChain(chain: readonly Dependence[], code: Code): string {
  return chain
    .map((link, at) => {
      const via = code.steps[link.before];
      // Of what iteration the call at the end of the way is has been said.
      if (at === chain.length - 1 || via === undefined)
        return explainCause({ kind: link.kind, what: link.what }, code);
      return `${explainCause(link, code)}, of ${explainPlace(via)}`;
    })
    .join(', which ');
}
