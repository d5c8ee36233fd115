/**
 * The descriptor as text: what docs, fixtures and bug reports show. One line a step, independent of the other lines, so
 * that a change of one step is a change of one line.
 */
import type { Descriptor, Note, OperatorRef, Place, Region, Span, StaticEffect, Step } from './descriptor.ts';

type Code = Pick<Descriptor, 'steps' | 'slots' | 'places' | 'operators' | 'dependences'>;

/** Column at which the second part of a line starts, unless the first part is longer. */
const COLUMN = 44;

/**
 * Prints a descriptor: its steps with what they wait for, its operators with their effects, its places and its notes.
 *
 * @example
 * printDescriptor(compiled.descriptor);
 * // Answer  src/answer.ts:3:1  abi 1, undeclared sequential, critical path 2, options 9f2c
 * // 0  docs = call this.#search(input)           [free, may fail]  7:18
 * // 1  text = call this.#draft(input, docs)      waits for 0 flow docs  [free, may fail]  8:18
 */
export function printDescriptor(descriptor: Descriptor): string {
  const { abi, name, span, undeclared, criticalPath, options, asWritten, guards, fields } = descriptor;
  const facts = `abi ${abi}, undeclared ${undeclared}, critical path ${criticalPath}, options ${options}`;
  return [
    `${name}  ${span.file}:${place(span)}  ${facts}`,
    ...(asWritten === undefined ? [] : [`as written  ${printNote(asWritten)}`]),
    ...descriptor.steps.flatMap((step) => printRegions(descriptor, step)),
    ...section('operators', descriptor.operators.map(printOperator)),
    ...section('places', descriptor.places.map(printPlace)),
    ...(guards.length === 0 ? [] : [`guards  ${guards.map((guard) => guard.name).join(', ')}`]),
    ...(fields.length === 0 ? [] : [`fields  ${fields.join(', ')}`]),
    ...section('notes', descriptor.notes.map(printNote)),
  ].join('\n');
}

/** A step behind the head of the region that it is the first of, both as deep as they are nested. */
function printRegions(descriptor: Descriptor, step: Step): readonly string[] {
  const { regions = [], steps } = descriptor;
  const region = step.region === undefined ? undefined : regions[step.region];
  let depth = 0;
  for (let at = region; at !== undefined; depth++) {
    const outer: number | undefined = steps[at.owner]?.region;
    at = outer === undefined ? undefined : regions[outer];
  }
  const isFirst = region !== undefined && steps.find((one) => one.region === step.region) === step;
  const head = isFirst ? [`${'  '.repeat(depth * 2 - 1)}${printRegion(descriptor, region)}`] : [];
  return [...head, `${'  '.repeat(depth * 2)}${printStep(descriptor, step)}`];
}

function printRegion({ slots }: Descriptor, { role, owner, carried, again, error, results }: Region): string {
  const name = (slot: number): string => slots[slot] ?? `slot ${slot}`;
  const facts = [
    ...(error === undefined ? [] : [name(error)]),
    ...carried.map(({ into, out, versions }) =>
      out === undefined
        ? `${name(into)} as of ${(versions ?? []).map(({ step }) => step).join(', ')}`
        : name(into),
    ),
  ];
  const given = facts.length === 0 ? '' : ` (${facts.join('; ')})`;
  const gives = results.length === 0 ? '' : ` gives ${results.map(name).join(', ')}`;
  return `${role} of ${owner}${given}${gives}${again === undefined ? '' : `, again if ${name(again)}`}`;
}

/** Prints one step of a descriptor, without a line end. */
export function printStep(code: Code, step: Step): string {
  const { order, gate, lingers, abandons, mayFail, hops, ends } = step;
  const flags = [
    order,
    gate ? 'gate' : '',
    lingers ? 'lingers' : '',
    abandons === true ? 'abandons' : '',
    mayFail ? 'may fail' : '',
    hops === undefined ? '' : `in place ${hops} deep`,
    ends === undefined ? '' : `ends what begins at ${ends}`,
  ];
  return [
    `${step.id}  ${printCode(code, step)}`.padEnd(COLUMN),
    printWaits(code, step),
    printPlaces(code, 'reads', step.reads) + printShapes(step),
    printPlaces(code, 'writes', step.writes),
    `[${flags.filter(Boolean).join(', ')}]`,
    place(step.span),
  ]
    .filter(Boolean)
    .join('  ');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function printCode(code: Code, step: Step): string {
  const names = (slots: readonly number[]): string =>
    slots.map((slot) => code.slots[slot] ?? `slot ${slot}`).join(', ');
  const outputs = step.outputs.length > 1 ? `[${names(step.outputs)}]` : names(step.outputs);
  const assigned = outputs === '' ? '' : `${outputs} = `;
  const otherwise = step.otherwise?.some((slot) => slot !== null)
    ? ` else ${step.otherwise.map((slot) => (slot === null ? 'nothing' : names([slot]))).join(', ')}`
    : '';
  const guard = step.guard === undefined ? '' : `if ${names([step.guard])}: `;
  const text = `${assigned}${step.kind}${printBody(code, step)}(${names(step.inputs)})${printLabel(step)}`;
  return `${guard}${text}${otherwise}`;
}

/** Calls show whom they call; that is also all that a step run as written can say about its own calls. */
function printBody(code: Code, step: Step): string {
  const called = step.operators.map((operator) => code.operators[operator]);
  const labels = called.map((operator, index) => operator?.label ?? `operator ${step.operators[index]}`);
  const starts = step.starts?.map((start) => `step ${start}`) ?? [];
  // What an external is called says its method.
  const isSaid = step.method === 'invoke' || called.some((operator) => operator?.found === 'external');
  const method = step.method === undefined || isSaid ? '' : `.${step.method}`;
  const body = [...labels, ...starts].join(' + ');
  return body === '' ? '' : ` ${body}${method}`;
}

function printLabel(step: Step): string {
  return step.kind === 'call' || step.kind === 'start' ? '' : ` \`${step.label}\``;
}

function printWaits({ dependences, steps }: Code, step: Step): string {
  const causes = dependences
    .filter((dependence) => dependence.after === step.id)
    .toSorted((one, other) => one.before - other.before)
    .map(({ before, kind, what, carried, every, late, keys, inputs, part }) => {
      const end = step.regions === undefined ? ' if skipped' : ' to end';
      const last =
        carried === undefined
          ? ''
          : before === carried
            ? ' (all of the iteration before)'
            : ` (of ${every === true ? 'every earlier iteration' : 'the iteration before'})`;
      const same = keys ? ' under the same key' : inputs ? ' if it is the same' : '';
      const inside =
        part === undefined
          ? ''
          : ` (only ${part}${steps[before]?.kind === 'loop' ? ' in each iteration' : ''})`;
      return `${before} ${kind} ${what}${inside}${last}${late === true ? end : ''}${same}`;
    });
  return causes.length === 0 ? '' : `waits for ${causes.join(', ')}`;
}

function printPlaces(code: Code, verb: string, places: readonly number[]): string {
  if (places.length === 0) return '';
  return `${verb} ${places.map((id) => code.places[id]?.label ?? `place ${id}`).join(', ')}`;
}

/** `of { text }, arrays` */
function printShapes({ shapes }: Step): string {
  if (shapes === undefined) return '';
  return ` of ${shapes.map((shape) => (shape.length === 0 ? 'arrays' : `{ ${shape.join(', ')} }`)).join(', ') || 'nothing'}`;
}

function printOperator({ id, label, type, found, effect, path }: OperatorRef): string {
  const at = path === undefined ? '' : `  at ${path.length === 0 ? 'itself' : path.join('.')}`;
  return `${id}  ${label}: ${type}`.padEnd(COLUMN - 2) + `  ${found}  ${printEffect(effect)}${at}`;
}

function printEffect({ kind, reads, writes, mutates, state, goesOn, known }: StaticEffect): string {
  const parts = [
    kind === 'resources' ? '' : kind,
    reads.length === 0 ? '' : `reads ${reads.join(', ')}`,
    writes.length === 0 ? '' : `writes ${writes.join(', ')}`,
    mutates ? 'mutates' : '',
    state ? 'state' : '',
    goesOn === undefined ? '' : goesOn === 'always' ? 'goes on' : 'goes on when it fails',
  ];
  return `${parts.filter(Boolean).join('; ') || 'touches nothing'} (${known})`;
}

function printPlace({ id, kind, label, step, region, older }: Place): string {
  const own = region === undefined ? '' : `, in region ${region}`;
  const before = older === undefined ? '' : `, of earlier iterations ${older}`;
  return `${id}  ${label}  ${kind}${step === undefined ? '' : ` of step ${step}`}${own}${before}`;
}

function printNote({ code, span, message, hint }: Note): string {
  return `${code}  ${place(span)}  ${message}${hint === '' ? '' : `; ${hint}`}`;
}

function place({ line, column }: Span): string {
  return `${line}:${column}`;
}
