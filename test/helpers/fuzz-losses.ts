/**
 * Why a generated program is slower than it could be: on the longest chain of calls of the compiled run, the first call that
 * follows another of which it needs nothing, and the dependences of the descriptor that lead from one to the other.
 */
import type { Dependence, Descriptor, Step } from '../../runtime/descriptor.ts';
import type { Estimate } from './oracle.ts';
import type { GeneratedProgram } from './program-generator.ts';
import type { Trace } from './run-program.ts';
import { keyOf, type CallRecord } from './world.ts';

export interface Loss {
  readonly source: string;
  readonly written: number;
  readonly ideal: number;
  readonly compiled: number;
  /** The same for programs that lose by the same rules. */
  readonly cause: string;
  /** Where, in this program. */
  readonly where: string;
}

interface Compiled {
  readonly trace: Trace;
}

/** Answers nothing if the program is as fast as it could be. */
export function findLoss(
  { source }: GeneratedProgram,
  descriptor: Descriptor | undefined,
  { written, ideal, needs, trace }: Estimate & Compiled,
): Loss | undefined {
  if (trace.settledAt <= ideal + 1e-6) return undefined;
  const loss = { source, written, ideal, compiled: trace.settledAt };
  const { asWritten } = descriptor ?? {};
  if (descriptor === undefined) return { ...loss, cause: 'no descriptor', where: '' };
  if (asWritten !== undefined)
    return { ...loss, cause: `${asWritten.code} runs as written`, where: asWritten.message };
  const wait = findWait(trace, needs);
  if (wait === undefined) return { ...loss, cause: 'no call waits in vain', where: '' };
  const [before, after] = wait.map((call) => stepsOf(call, source, descriptor));
  const path = shortestPath(before ?? [], after ?? [], descriptor);
  const where = wait.map(({ label, atStart }) => `${label} ${atStart}`).join('\n  then ');
  const both = before?.find(({ id }) => after?.some((step) => step.id === id));
  if (both !== undefined && path?.length !== 2) {
    const codes = descriptor.notes.filter(({ span }) => isWithin(span, both.span)).map(({ code }) => code);
    const cause = `one ${both.kind} step (${[...new Set(codes)].join(', ') || both.order})`;
    return { ...loss, cause, where: `${where}\n  in ${both.id} ${both.label}` };
  }
  if (path === undefined) return { ...loss, cause: 'no dependence between the two calls', where };
  return {
    ...loss,
    cause: path.map((one) => one.cause).join(' > '),
    where: [where, ...path.map((one) => `  ${one.text}`)].join('\n'),
  };
}

function isWithin(inner: Step['span'], outer: Step['span']): boolean {
  return inner.line >= outer.line && inner.endLine <= outer.endLine;
}

type Wait = readonly [before: CallRecord, after: CallRecord];

/** From the call that ends last back to the first one: the first pair of which the later call does not need the earlier. */
function findWait({ calls }: Trace, needs: Estimate['needs']): Wait | undefined {
  const endOf = (call: CallRecord | undefined): number => call?.endedAt ?? -1;
  let last = calls.toSorted((a, b) => endOf(b) - endOf(a))[0];
  while (last !== undefined) {
    const after: CallRecord = last;
    const before = calls.filter(
      (call) => call !== after && Math.abs(endOf(call) - after.startedAt) < 1e-6 && call.order < after.order,
    );
    const needless = before.every((call) => !needs(keyOf(call), keyOf(after)));
    if (before[0] !== undefined && needless) return [before[0], after];
    last = before.find((call) => needs(keyOf(call), keyOf(after)));
  }
  return undefined;
}

/** The steps that may have made a call: by its site, which stands in the text once, or else by the operator's name. */
function stepsOf({ label, input }: CallRecord, source: string, { steps }: Descriptor): readonly Step[] {
  const site = typeof input === 'object' && input !== null && 'site' in input ? String(input.site) : '';
  const name = site.split(' ')[0] ?? '';
  const at = name === '' ? -1 : source.search(new RegExp(`site: ["\`]${name}\\b`));
  if (at < 0) {
    const field = label.split('.')[0] ?? '';
    return steps.filter((step) => step.kind !== 'loop' && step.kind !== 'try' && step.label.includes(field));
  }
  const before = source.slice(0, at).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  const around = steps.filter(({ span }) => {
    const begins = span.line < line || (span.line === line && span.column <= column);
    return begins && (span.endLine > line || (span.endLine === line && span.endColumn >= column));
  });
  const calls = around.filter(({ operators }) => operators.length > 0);
  return (calls.length > 0 ? calls : around).slice(-1);
}

interface Edge {
  readonly after: number;
  readonly cause: string;
  readonly text: string;
}

/** Breadth first, over dependences and from steps of a region to whoever runs it and back. */
function shortestPath(
  from: readonly Step[],
  to: readonly Step[],
  descriptor: Descriptor,
): readonly Edge[] | undefined {
  const edges = edgesOf(descriptor);
  const goals = new Set(to.map(({ id }) => id));
  const seen = new Set(from.map(({ id }) => id));
  let open: { readonly id: number; readonly path: readonly Edge[] }[] = [...seen].map((id) => ({
    id,
    path: [],
  }));
  while (open.length > 0) {
    const next: typeof open = [];
    for (const { id, path } of open) {
      for (const edge of edges.get(id) ?? []) {
        const longer = [...path, edge];
        if (goals.has(edge.after)) return longer;
        if (seen.has(edge.after)) continue;
        seen.add(edge.after);
        next.push({ id: edge.after, path: longer });
      }
    }
    open = next;
  }
  return undefined;
}

function edgesOf({ steps, regions = [], dependences }: Descriptor): ReadonlyMap<number, readonly Edge[]> {
  const edges = new Map<number, Edge[]>();
  const add = (before: number, edge: Edge): void => {
    edges.set(before, [...(edges.get(before) ?? []), edge]);
  };
  for (const dependence of dependences) add(dependence.before, tell(dependence, steps));
  for (const { id, region } of steps) {
    const owner = region === undefined ? undefined : regions[region]?.owner;
    if (owner === undefined) continue;
    const kind = steps[owner]?.kind ?? '';
    add(id, { after: owner, cause: `end of the ${kind}`, text: `${id} ends the ${kind} ${owner}` });
    add(owner, { after: id, cause: `in the ${kind}`, text: `${id} is in the ${kind} ${owner}` });
  }
  return edges;
}

function tell({ before, after, kind, what, carried }: Dependence, steps: readonly Step[]): Edge {
  const step = steps[after];
  const order = step === undefined || step.order === 'free' ? '' : ` ${step.order}`;
  const between = carried === undefined ? '' : ' carried';
  const named = what.replaceAll(/\d+/g, '').replaceAll(/`[^`]*`|"[^"]*"/g, '…');
  return {
    after,
    cause: `${kind}${between} (${kind === 'flow' ? '…' : named}) ${step?.kind ?? ''}${order}`,
    text: `${after} ${step?.label ?? ''}: ${kind}${between} of ${before} (${what})`,
  };
}

/** By cause, the most time lost first: how many programs, and the shortest of them. */
export function printLosses(losses: readonly Loss[], most: number): string {
  const lost = (loss: Loss): number => loss.compiled - loss.ideal;
  const groups = new Map<string, Loss[]>();
  for (const loss of losses) groups.set(loss.cause, [...(groups.get(loss.cause) ?? []), loss]);
  const all = losses.reduce((sum, loss) => sum + lost(loss), 0);
  const rows = [...groups]
    .map(([cause, group]) => ({ cause, group, sum: group.reduce((sum, loss) => sum + lost(loss), 0) }))
    .toSorted((a, b) => b.sum - a.sum)
    .slice(0, most);
  return rows
    .map(({ cause, group, sum }) => {
      const [shortest] = group.toSorted((a, b) => a.source.length - b.source.length);
      const share = ((100 * sum) / all).toFixed(1);
      const head = `## ${share} % of the time lost, ${group.length} programs: ${cause}`;
      if (shortest === undefined) return head;
      const times = [shortest.written, shortest.compiled, shortest.ideal].map((time) => time.toFixed(1));
      const what = `written ${times[0]}, compiled ${times[1]}, ideal ${times[2]}`;
      return `${head}\n${what}\n${shortest.where}\n${shortest.source}`;
    })
    .join('\n');
}
