/** What `jit` and compiled code have done so far, for people: of one operator, or of the whole program. */
import { EXPLAIN, isObject, isOperator } from './brand.ts';
import { notAnOperator } from './errors.ts';
import { Counters, ofProgram, type Counts } from './jit/counters.ts';
import { findLearnt } from './jit/learners.ts';
import { linksOfProgram, noLinks, type LinkCounts } from './link-counts.ts';
import { linkCountsOf, tryLink } from './link.ts';
import { compiledOf, decorationOf, isEnabled, learningOf } from './registry.ts';
import { scopes } from './scope.ts';
import { findStrategy } from './strategy.ts';

/** A copy: it does not change any more. Times are in milliseconds. */
export interface JitMetrics {
  /** How calls are run now: `parallel`, `sequential`, `jit`, `as written`, or by a scheduler of somebody else. */
  readonly strategy: string;
  /** Runs that `structuralJit` or `jit` took charge of. */
  readonly runs: number;
  /** Runs that went by what was known: a link that still holds, a way that such an input has taken before. */
  readonly graphHits: number;
  /** Runs for which that had to be found out. */
  readonly graphMisses: number;
  /** `graphHits` of `runs`; 0 before the first. */
  readonly hitRatio: number;
  /** What it took to link compiled code to the operator. */
  readonly linkMs: number;
  /** What it took to learn from runs. */
  readonly traceMs: number;
  /** Runs as written, because a guard of compiled code failed. */
  readonly guardFailures: number;
  /** Calls that runs of `jit` have started, whether the code made them or they were foreseen. */
  readonly calls: number;
  /** Calls that were started before the code reached them. */
  readonly prefetches: number;
  /** Calls that the code made and that had been started. */
  readonly prefetchHits: number;
  /** Calls that the code made in another way than was foreseen. */
  readonly prefetchMisses: number;
  /** Calls that were started and not used; they were aborted. */
  readonly wasted: number;
  /** `wasted` of `calls`; 0 before the first. */
  readonly waste: number;
  /** What the calls of measured runs took, one by one. */
  readonly serialMs: number;
  /** What the measured runs took. */
  readonly runMs: number;
  /** How many times faster than one call after another; 1 as long as nothing was measured. */
  readonly speedUp: number;
  /** A summary for people. */
  toString(): string;
}

/**
 * What `structuralJit` and `jit` have done for an operator, what `execute` has for a graph, or all of that in the whole program.
 *
 * @throws XCSError `XCS1006` for what is neither operator nor graph.
 * @example
 * await answer.invoke({ q: 'why?' });
 * await answer.invoke({ q: 'how?' });
 * const { runs, hitRatio, strategy } = getJitMetrics(answer);
 * [runs, hitRatio, strategy]; // [2, 0.5, 'parallel']
 */
export function getJitMetrics(operator?: object): JitMetrics {
  if (operator === undefined) return copy('of each operator', linksOfProgram, ofProgram.counts);
  if (!isMeasured(operator)) throw notAnOperator('getJitMetrics', operator);
  const links = linkCountsOf(operator) ?? noLinks();
  return copy(strategyOf(operator), links, findLearnt(operator)?.counters.counts ?? NOTHING);
}

/**
 * Sets the counters of an operator, a graph, or the whole program, to zero. What has been learnt is kept.
 *
 * @throws XCSError `XCS1006` for what is neither operator nor graph.
 * @example
 * await answer.invoke({ q: 'why?' });
 * resetJitMetrics(answer);
 * getJitMetrics(answer).runs; // 0
 */
export function resetJitMetrics(operator?: object): void {
  if (operator !== undefined && !isMeasured(operator)) throw notAnOperator('resetJitMetrics', operator);
  const links = operator === undefined ? linksOfProgram : linkCountsOf(operator);
  const learnt = operator === undefined ? ofProgram : findLearnt(operator)?.counters;
  if (links !== undefined) Object.assign(links, noLinks());
  learnt?.reset();
}

/** Graphs are told by what they can tell, so that they need not be imported. */
function isMeasured(value: unknown): boolean {
  return isOperator(value) || (isObject(value) && EXPLAIN in value);
}

const NOTHING: Counts = new Counters().counts;

function copy(strategy: string, links: LinkCounts, counts: Counts): JitMetrics {
  const graphHits = links.hits + counts.graphHits;
  const graphMisses = links.misses + counts.graphMisses;
  const runs = graphHits + graphMisses;
  const { started, wasted } = counts;
  const [serialMs, runMs] = [links.serialMs + counts.serialMs, links.runMs + counts.runMs];
  const figures = {
    strategy,
    runs,
    graphHits,
    graphMisses,
    hitRatio: runs === 0 ? 0 : graphHits / runs,
    linkMs: links.linkMs,
    traceMs: counts.traceMs,
    guardFailures: links.guardFailures,
    calls: started,
    prefetches: counts.prefetchStarted,
    prefetchHits: counts.prefetchHits,
    prefetchMisses: counts.prefetchMisses,
    wasted,
    waste: started === 0 ? 0 : wasted / started,
    serialMs,
    runMs,
    speedUp: runMs === 0 ? 1 : serialMs / runMs,
  };
  return { ...figures, toString: () => print(figures) };
}

function print(of: Omit<JitMetrics, 'toString'>): string {
  return [
    `strategy: ${of.strategy}`,
    `runs: ${of.runs}; the graph was known for ${of.graphHits} (hit ratio ${of.hitRatio.toFixed(2)})`,
    `linking: ${of.linkMs.toFixed(2)} ms; learning: ${of.traceMs.toFixed(2)} ms; failed guards: ${of.guardFailures}`,
    `calls started early: ${of.prefetches}, of which used ${of.prefetchHits}, not used ${of.wasted} (${(100 * of.waste).toFixed(1)} % of all calls)`,
    `calls foreseen in another way: ${of.prefetchMisses}`,
    `speed-up: ${of.speedUp.toFixed(2)} (calls ${of.serialMs.toFixed(2)} ms, runs ${of.runMs.toFixed(2)} ms)`,
  ].join('\n');
}

function strategyOf(operator: object): string {
  if (EXPLAIN in operator) return 'strategy' in operator ? String(operator.strategy) : 'auto';
  if (!isEnabled(operator)) return 'as written';
  const decoration = decorationOf(operator);
  if (compiledOf(operator) === undefined || decoration === undefined)
    return learningOf(operator) === undefined ? 'as written' : 'jit';
  const link = tryLink(operator, decoration.options.startEarly === 'certain');
  if (link === undefined || 'failed' in link) return 'as written';
  const { plan, profile } = link.linked;
  return findStrategy(plan, decoration.options, scopes.current, profile.prefersSerial).strategy;
}
