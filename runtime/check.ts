/**
 * The descriptor's checker: every invariant that link, plan, run and the graph rely on. It runs after the compiler's last
 * pass, in every test that makes a descriptor, and on descriptors that come from elsewhere (JSON).
 */
import { ABI_VERSION } from './abi.ts';
import type { Dependence, Descriptor, Note, Region, Span, Step } from './descriptor.ts';
import { brokenDescriptor, must } from './errors.ts';
import { Nesting, type Visit } from './nesting.ts';
import { printStep } from './print.ts';

/** One broken invariant, and the step at which it shows. */
export interface Problem {
  readonly message: string;
  readonly step?: number;
}

/**
 * Throws an `XCSError` with code `XCS5003` that lists every broken invariant and prints the steps around the
 * first, or does nothing.
 *
 * @example
 * checkDescriptor(JSON.parse(text));
 */
export function checkDescriptor(descriptor: Descriptor): void {
  const problems = findProblems(descriptor);
  if (problems.length > 0) throw brokenDescriptor(descriptor.name, describe(descriptor, problems));
}

/** Every broken invariant of a descriptor; empty when it is sound. */
export function findProblems(descriptor: Descriptor): readonly Problem[] {
  // Nothing else can be said about a descriptor of another shape.
  if (descriptor.abi !== ABI_VERSION)
    return [{ message: `abi: expected ${ABI_VERSION}, got ${descriptor.abi}; compile it again` }];
  return [
    ...findDenseProblems(descriptor),
    ...findSlotProblems(descriptor),
    ...findShapeProblems(descriptor),
    ...findReferenceProblems(descriptor),
    ...findDependenceProblems(descriptor),
    ...findNoteProblems(descriptor),
  ];
}

/** The most calls that wait for one another, each counted once. Needs dependences that point forward. */
export function longestCallChain(
  steps: readonly Step[],
  dependences: readonly Pick<Dependence, 'before' | 'after' | 'carried'>[],
): number {
  const afters = new Map<number, number[]>();
  for (const { before, after, carried } of dependences) {
    if (carried !== undefined) continue;
    const list = afters.get(before);
    if (list === undefined) afters.set(before, [after]);
    else list.push(after);
  }
  const chainTo = new Map<number, number>();
  /** For what runs others: the chain to its beginning, which is before all that is in it. */
  const chainBefore = new Map<number, number>();
  const raise = (step: number, length: number): void =>
    void chainTo.set(step, Math.max(chainTo.get(step) ?? 0, length));
  let longest = 0;
  const open: Step[] = [];
  const end = (step: Step): void => {
    const length = chainTo.get(step.id) ?? 0;
    for (const after of afters.get(step.id) ?? []) raise(after, length);
  };
  for (const step of steps) {
    // A step that runs others ends when they have, and so do chains through it.
    while (open.length > 0 && open.at(-1)?.regions?.includes(step.region ?? -1) !== true) {
      const ended = must(open.pop(), 'no step is open');
      const around = open.at(-1);
      if (around !== undefined) raise(around.id, chainTo.get(ended.id) ?? 0);
      end(ended);
    }
    const owner = open.at(-1);
    if (owner !== undefined) {
      // What handles a failure, or the end, comes after all that the `try` has run until then.
      const isLater = owner.kind === 'try' && owner.regions?.[0] !== step.region;
      raise(step.id, (isLater ? chainTo : chainBefore).get(owner.id) ?? 0);
    }
    raise(step.id, (chainTo.get(step.id) ?? 0) + (step.operators.length > 0 ? 1 : 0));
    longest = Math.max(longest, chainTo.get(step.id) ?? 0);
    if (step.regions !== undefined) {
      open.push(step);
      chainBefore.set(step.id, chainTo.get(step.id) ?? 0);
    } else {
      if (owner !== undefined) raise(owner.id, chainTo.get(step.id) ?? 0);
      end(step);
    }
  }
  return longest;
}

function describe(descriptor: Descriptor, problems: readonly Problem[]): string {
  const lines = problems.map(({ message }) => `  ${message}`);
  const first = problems.find(({ step }) => step !== undefined)?.step;
  if (first === undefined) return lines.join('\n');
  const around = descriptor.steps.slice(Math.max(0, first - 2), first + 3);
  const code = around.map((step) => `${step.id === first ? '>' : ' '} ${printStep(descriptor, step)}`);
  return [...lines, `around step ${first}:`, ...code].join('\n');
}

function findDenseProblems({ steps, operators, places }: Descriptor): readonly Problem[] {
  const dense = (what: string, items: readonly { readonly id: number }[]): readonly Problem[] =>
    items.flatMap(({ id }, index) =>
      id === index ? [] : [{ message: `${what} ${index}: its id is ${id}` }],
    );
  return [...dense('step', steps), ...dense('operator', operators), ...dense('place', places)];
}

function findSlotProblems({ steps, slots, regions = [] }: Descriptor): readonly Problem[] {
  const problems: Problem[] =
    steps.length === 0 || slots.length >= 2
      ? []
      : [{ message: `slots: expected the input and the context, got ${slots.length}` }];
  // The input and the context are there before the first step.
  const filled = new Map<number, string>([
    [0, 'the input'],
    [1, 'the context'],
  ]);
  for (const { id, carried, error } of regions)
    for (const slot of [...carried.map(({ into }) => into), ...(error === undefined ? [] : [error])])
      filled.set(slot, `region ${id}`);
  for (const step of steps) {
    const { id, outputs } = step;
    for (const slot of slotsUsedBy(step))
      if (!filled.has(slot))
        problems.push({ step: id, message: `step ${id}: uses slot ${slot} before any step fills it` });
    for (const slot of outputs) {
      const writer = filled.get(slot);
      if (slots[slot] === undefined)
        problems.push({
          step: id,
          message: `step ${id}: fills slot ${slot}, but there are ${slots.length} slots`,
        });
      else if (writer !== undefined)
        problems.push({ step: id, message: `step ${id}: fills slot ${slot}, which ${writer} has filled` });
      filled.set(slot, `step ${id}`);
    }
  }
  if (steps.length === 0) return problems;
  const idle = slots.flatMap((name, slot) =>
    filled.has(slot) ? [] : [{ message: `slot ${slot} (\`${name}\`): no step fills it` }],
  );
  return [...problems, ...idle];
}

/** The slots that must be filled before the step begins. */
function slotsUsedBy({ inputs, guard, otherwise = [] }: Step): readonly number[] {
  const passed = otherwise.flatMap((slot) => slot ?? []);
  return [...inputs, ...(guard === undefined ? [] : [guard]), ...passed];
}

/** What each kind of step must and must not have. */
function findShapeProblems({ steps, asWritten }: Descriptor): readonly Problem[] {
  if (steps.length === 0)
    return asWritten === undefined ? [{ message: 'no steps, and no `asWritten` that says why' }] : [];
  const problems: Problem[] =
    asWritten === undefined ? [] : [{ message: '`asWritten`, and steps all the same' }];
  const last = steps.length - 1;
  if (steps[last]?.kind !== 'return')
    problems.push({ step: last, message: `step ${last}: the last step must be the return` });
  for (const step of steps) {
    const wrong = (message: string): number =>
      problems.push({ step: step.id, message: `step ${step.id}: ${message}` });
    const calls = step.kind === 'call' || step.kind === 'start';
    if (calls && step.operators.length !== 1)
      wrong(`\`${step.kind}\` calls exactly one operator, got ${step.operators.length}`);
    if (step.operators.length > 0 && !step.mayFail) wrong('calls an operator, and so may fail');
    if (calls && step.outputs.length > 1)
      wrong(`\`${step.kind}\` has one output at most, got ${step.outputs.length}`);
    if (!calls && step.method !== undefined) wrong(`\`${step.kind}\` has no \`method\``);
    const waits = step.kind === 'await' || step.kind === 'async';
    if (!waits && step.starts !== undefined) wrong(`\`${step.kind}\` has no \`starts\``);
    if (step.kind === 'return' && (step.id < last || step.region !== undefined))
      wrong('`return` must be the last step');
    if ((step.kind === 'return' || step.kind === 'exit') && step.outputs.length > 0)
      wrong(`\`${step.kind}\` fills no slot`);
    if (step.kind === 'exit' && !step.gate)
      wrong('`exit` decides whether later steps run, so it must be a gate');
    if (step.otherwise !== undefined && step.otherwise.length !== step.outputs.length)
      wrong(`\`otherwise\` is for each output, got ${step.otherwise.length} for ${step.outputs.length}`);
    const runs = step.kind === 'loop' || step.kind === 'try';
    if (runs !== (step.regions ?? []).length > 0) wrong(`\`${step.kind}\` runs ${runs ? 'no' : 'a'} region`);
    if (step.otherwise !== undefined && step.guard === undefined) wrong('`otherwise` without a `guard`');
  }
  return problems;
}

function findReferenceProblems({ steps, operators, places }: Descriptor): readonly Problem[] {
  const problems: Problem[] = [];
  for (const step of steps) {
    const missing = (what: string, ids: readonly number[], there: readonly unknown[]): void => {
      for (const id of ids)
        if (there[id] === undefined)
          problems.push({
            step: step.id,
            message: `step ${step.id}: no ${what} ${id}, there are ${there.length}`,
          });
    };
    missing('operator', step.operators, operators);
    missing('place', step.reads, places);
    missing('place', step.unheld ?? [], places);
    missing('place', step.writes, places);
    for (const start of step.starts ?? [])
      if (start >= step.id || steps[start]?.kind !== 'start')
        problems.push({
          step: step.id,
          message: `step ${step.id}: waits for ${start}, which is no earlier \`start\``,
        });
  }
  for (const { id, kind, step, region, older } of places) {
    if (older !== undefined && (region === undefined || places[older] === undefined || older === id))
      problems.push({ message: `place ${id}: the objects of which earlier iterations?` });
    if (kind === 'result' && step === undefined)
      problems.push({ message: `place ${id}: a result of which step?` });
    if (step !== undefined && steps[step] === undefined)
      problems.push({ message: `place ${id}: no step ${step}` });
  }
  return problems;
}

function findDependenceProblems({
  steps,
  regions = [],
  dependences,
  criticalPath,
}: Descriptor): readonly Problem[] {
  const problems = dependences.flatMap(({ before, after, kind, carried, every, part }) => {
    const name = `${kind} dependence ${before} → ${after}`;
    const absent = [before, after].find((step) => steps[step] === undefined);
    if (absent !== undefined) return [{ message: `${name}: no step ${absent}` }];
    const inside = part === undefined ? undefined : steps[part]?.region;
    if (part !== undefined && (inside === undefined || regions[inside]?.owner !== before))
      return [{ message: `${name}: step ${part} is no part of ${before}` }];
    if (every === true && carried === undefined)
      return [{ message: `${name}: every earlier iteration of which loop?` }];
    const isBetween = carried !== undefined && steps[carried]?.kind === 'loop';
    return isBetween || before < after ? [] : [{ step: after, message: `${name}: must point forward` }];
  });
  if (problems.length > 0) return problems;
  return [
    ...findUnorderedFlow(steps, regions, dependences),
    ...findCriticalPathProblem(steps, dependences, criticalPath),
  ];
}

/** A scheduler sees dependences only: a slot that is used without one would be read before it is filled. */
function findUnorderedFlow(
  steps: readonly Step[],
  regions: readonly Region[],
  dependences: readonly Dependence[],
): readonly Problem[] {
  const ordered = new Set(dependences.map(({ before, after }) => `${before} ${after}`));
  const nesting = new Nesting({ steps, regions });
  const producer = new Map<number, number>(
    steps.flatMap(({ id, outputs }) => outputs.map((slot) => [slot, id])),
  );
  return steps.flatMap((step) =>
    slotsUsedBy(step).flatMap((slot) => {
      const { id } = step;
      const before = producer.get(slot);
      if (before === undefined || before >= id) return [];
      // What a step in another region fills is there when the step that holds it has ended.
      const outer = nesting.relate(visitOf(before), visitOf(id), false)?.before;
      if (outer === undefined || ordered.has(`${outer} ${id}`)) return [];
      return [
        { step: id, message: `step ${id}: uses slot ${slot} of step ${before}, but does not wait for it` },
      ];
    }),
  );
}

function visitOf(step: number): Visit {
  return { id: step, step, copies: [] };
}

function findCriticalPathProblem(
  steps: readonly Step[],
  dependences: readonly Dependence[],
  criticalPath: number,
): readonly Problem[] {
  const expected = longestCallChain(steps, dependences);
  return expected === criticalPath
    ? []
    : [{ message: `critical path: expected ${expected}, got ${criticalPath}` }];
}

function findNoteProblems({ notes, asWritten, span, steps }: Descriptor): readonly Problem[] {
  const all: readonly Note[] = asWritten === undefined ? notes : [...notes, asWritten];
  const problems: Problem[] = isSpan(span)
    ? []
    : [{ message: 'the descriptor: its span ends before it starts' }];
  for (const { id, span: of } of steps)
    if (!isSpan(of)) problems.push({ step: id, message: `step ${id}: its span ends before it starts` });
  for (const note of all) {
    if (!/^XCS\d{4}$/u.test(note.code))
      problems.push({ message: `note \`${note.code}\`: expected a code XCSnnnn` });
    if (!isSpan(note.span))
      problems.push({ message: `note \`${note.code}\`: its span ends before it starts` });
  }
  return problems;
}

function isSpan({ line, column, endLine, endColumn }: Span): boolean {
  return line >= 1 && column >= 1 && (endLine > line || (endLine === line && endColumn >= column));
}
