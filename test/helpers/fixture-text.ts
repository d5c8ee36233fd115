/** What a fixture shows: every stage of the compiler, and the runs. */
import { must } from '../../runtime/errors.ts';
import { graphFromDescriptor } from '../../runtime/graph/from-descriptor.ts';
import { printDescriptor } from '../../runtime/print.ts';
import type { Note } from '../../runtime/descriptor.ts';
import { labelOf } from '../../transformer/context.ts';
import type { Lowered, Piece } from '../../transformer/piece.ts';
import { readEmittedCode } from './fixture-code.ts';
import type { Body, CompiledFixture } from './fixture-compile.ts';
import { findDifferences, type Runs } from './fixture-law.ts';
import type { FixtureRun } from './fixture-run.ts';
import type { Seen } from './fixture-world.ts';

export function printFixture(compiled: CompiledFixture, runs: Runs | undefined, linked: string): string {
  const { bodies, outputText, fixture } = compiled;
  return [
    `# ${fixture.claim.replaceAll('-', ' ')}`,
    ...section('Steps', bodies.map(printPieces)),
    ...section('Dependences', bodies.map(printDependences)),
    ...(linked === '' ? [] : section('At link', [linked])),
    ...graphsOf(bodies),
    ...section('Code', printCode(bodies, outputText), 'js'),
    ...section('Notes', [[...compiled.diagnostics, ...bodies.flatMap(printNotes)].join('\n')]),
    ...(runs === undefined ? [] : section('Run', printRuns(runs))),
    '',
  ].join('\n');
}

function section(title: string, parts: readonly string[], language = 'text'): readonly string[] {
  const text = parts.filter(Boolean).join('\n\n');
  return ['', `## ${title}`, '', ...(text === '' ? ['none'] : [`\`\`\`${language}`, text, '```'])];
}

function printPieces({ lowered, descriptor }: Body): string {
  if (lowered === undefined) return `${descriptor.name}: as written`;
  return [`${descriptor.name}:`, ...lowered.pieces.map((piece) => printPiece(lowered, piece))].join('\n');
}

function printPiece({ slots }: Lowered, { id, kind, form, inputs, outputs, nodes }: Piece): string {
  const names = (bindings: Piece['inputs']): string => bindings.map(({ slot }) => slots[slot]).join(', ');
  const value = outputs.length === 0 ? '' : ` → ${names(outputs)}`;
  const kinds = kind === form ? kind : `${kind} ${form}`;
  const code = form === 'nothing' ? '' : nodes.map((node) => labelOf(node)).join(' ');
  return `${id}  ${kinds}  (${names(inputs)})${value}`.padEnd(44) + (code === '' ? '' : `  ${code}`);
}

/** Notes stand in a section of their own, and the hash of the options is not what a fixture is about. */
function printDependences({ descriptor }: Body): string {
  const { asWritten: _, ...rest } = descriptor;
  return printDescriptor({ ...rest, notes: [] }).replace(/, options \w+$/m, '');
}

/** What is nested is drawn, too: everything else is a line with what it waits for. */
function graphsOf(bodies: readonly Body[]): readonly string[] {
  const graphs = bodies.flatMap(({ descriptor }) => {
    const graph = graphFromDescriptor(descriptor);
    return graph.someNode((_, { isRegion }) => isRegion === true) ? [graph.toMermaid()] : [];
  });
  return graphs.length === 0 ? [] : section('Graph', graphs, 'mermaid');
}

function printCode(bodies: readonly Body[], outputText: string): readonly string[] {
  const { compiled, effects } = readEmittedCode(outputText);
  const parts = compiled.map(({ steps, callees, guards, copies }, index) =>
    [
      `// ${bodies.filter(({ descriptor }) => isEmitted(descriptor))[index]?.descriptor.name ?? 'steps'}`,
      ...steps.map((step, id) => `/* ${id} */ ${step},`),
      ...copies.map((copy) => `copy ${copy}`),
      ...(callees.length === 0 ? [] : [`callees: [${callees.join(', ')}]`]),
      ...(guards.length === 0 ? [] : [`guards: [${guards.join(', ')}]`]),
    ].join('\n'),
  );
  return [...parts, ...effects];
}

/** Under a decorator that stands outside of ours nothing is emitted. */
function isEmitted({ asWritten }: Body['descriptor']): boolean {
  return asWritten?.code !== 'XCS2008';
}

function printNotes({ descriptor }: Body): readonly string[] {
  const { asWritten, notes } = descriptor;
  return (asWritten === undefined ? notes : [asWritten]).map((note) => printNote(note, descriptor.span.file));
}

function printNote({ code, span, message, hint }: Note, file: string): string {
  const elsewhere = span.file === file ? '' : `${span.file}:`;
  return `${code}  ${elsewhere}${span.line}:${span.column}  ${message}; ${hint}`;
}

function printRuns(runs: Runs): readonly string[] {
  const { written, compiled } = runs;
  const differences = findDifferences(runs);
  const verdict =
    differences.length === 0
      ? [`same in all: ${written.outcome}`]
      : [`as written: ${written.outcome}`, ...differences.map((one) => `DIFFERENT: ${one}`)];
  return [printRun('as written', written), printRun('compiled', compiled), verdict.join('\n')];
}

function printRun(title: string, { settledAt, seen, unhandled }: FixtureRun): string {
  const left = unhandled.map((error) => `          unhandled ${error}`);
  return [`${title}: ${settledAt} ms`, ...seen.map(printSeen), ...left].join('\n');
}

function printSeen(one: Seen): string {
  if (one.kind === 'log') return `${one.startedAt}`.padStart(4).padEnd(10) + one.text;
  const { startedAt, endedAt, outcome, name, given, givenAtEnd } = one;
  const changed = givenAtEnd === undefined || givenAtEnd === given ? '' : `, in the end ${givenAtEnd}`;
  const ended = outcome === 'done' ? '' : `, ${outcome ?? 'pending'}`;
  const times = `${startedAt}`.padStart(4) + `–${endedAt ?? ''}`.padEnd(6);
  return `${times}${name} ${given}${changed}${ended}`;
}

/** Each code that a fixture shows. */
export function codesIn({ diagnostics, bodies }: CompiledFixture): ReadonlySet<string> {
  const text = [...diagnostics, ...bodies.flatMap(printNotes)].join('\n');
  return new Set([...text.matchAll(/XCS\d{4}/g)].map(([code]) => must(code, 'a match has a text')));
}
