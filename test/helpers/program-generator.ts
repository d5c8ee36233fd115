/** A fast-check arbitrary of composite classes: a tree of statements, printed as TypeScript. */
import fc from 'fast-check';
import { GROUPS, KINDS, printStatement, type Statement } from './program-kinds.ts';
import { ProgramWriter, type Avoided } from './program-writer.ts';

export interface GeneratedProgram {
  readonly statements: readonly Statement[];
  readonly source: string;
  /** Names of what it contains, for the report per construct. */
  readonly constructs: ReadonlySet<string>;
}

export interface GeneratorOptions {
  /** Also statements with awaits under control flow. @default true */
  readonly blocks?: boolean;
  readonly avoid?: readonly Avoided[];
  /** Only statements of these kinds. @default all */
  readonly only?: readonly string[];
}

interface Size {
  readonly weight: number;
  readonly maxStatements: number;
  /** How deep blocks stand inside one another. */
  readonly maxDepth: number;
}

/** Twice as long takes four times as long to compile, and most of what goes wrong shows in a few statements. */
const SIZES: readonly Size[] = [
  { weight: 3, maxStatements: 5, maxDepth: 2 },
  { weight: 1, maxStatements: 10, maxDepth: 3 },
];

export function anyProgram(options: GeneratorOptions = {}): fc.Arbitrary<GeneratedProgram> {
  const { avoid = [] } = options;
  const bySize = SIZES.map((size) => ({ weight: size.weight, arbitrary: anyBody(size, options) }));
  return fc.oneof(...bySize).map((all) => printProgram(all, avoid));
}

function anyBody(
  { maxStatements, maxDepth }: Size,
  { blocks = true, only = [] }: GeneratorOptions,
): fc.Arbitrary<readonly Statement[]> {
  const kinds = kindsOf(only);
  const leaves = kinds.filter((kind) => KINDS.get(kind)?.parts === 0);
  const straight = leaves.filter((kind) => KINDS.get(kind)?.isStraight === true);
  const plain = fc.array(anyLeaf(straight.length > 0 ? straight : leaves), {
    minLength: 1,
    maxLength: maxStatements,
  });
  const mixed = fc.array(anyStatement(kinds, leaves, maxDepth), { minLength: 1, maxLength: maxStatements });
  if (!blocks) return plain;
  return only.length > 0 ? mixed : fc.oneof({ weight: 1, arbitrary: plain }, { weight: 4, arbitrary: mixed });
}

/** Names of kinds or groups, as kinds; with something to call, for a block needs what to do. */
export function kindsOf(only: readonly string[]): readonly string[] {
  if (only.length === 0) return [...KINDS.keys()];
  const unknown = only.filter((name) => !KINDS.has(name) && GROUPS[name] === undefined);
  if (unknown.length > 0) {
    const known = [...Object.keys(GROUPS), ...KINDS.keys()].map((name) => `"${name}"`).join(', ');
    throw new TypeError(`No construct "${unknown.join('", "')}": there are ${known}.`);
  }
  const kinds = only.flatMap((name) => GROUPS[name] ?? [name]);
  return kinds.some((kind) => KINDS.get(kind)?.parts === 0) ? kinds : [...kinds, 'call'];
}

const picks: fc.Arbitrary<number[]> = fc.array(fc.nat(9999), { minLength: 12, maxLength: 12 });

function anyLeaf(kinds: readonly string[]): fc.Arbitrary<Statement> {
  return fc.record({ kind: weighted(kinds), picks, bodies: fc.constant([]) });
}

function anyStatement(
  kinds: readonly string[],
  leaves: readonly string[],
  depth: number,
): fc.Arbitrary<Statement> {
  const blocks = kinds.filter((kind) => !leaves.includes(kind));
  if (depth === 0 || blocks.length === 0) return anyLeaf(leaves);
  const inner = fc.array(anyStatement(kinds, leaves, depth - 1), { minLength: 0, maxLength: 3 });
  const block = weighted(blocks).chain((kind) => {
    const parts = KINDS.get(kind)?.parts ?? 1;
    return fc.record({
      kind: fc.constant(kind),
      picks,
      bodies: fc.array(inner, { minLength: parts, maxLength: parts }),
    });
  });
  return fc.oneof({ weight: 3, arbitrary: anyLeaf(leaves) }, { weight: 1, arbitrary: block });
}

function weighted(kinds: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    ...kinds.map((kind) => ({ weight: KINDS.get(kind)?.weight ?? 1, arbitrary: fc.constant(kind) })),
  );
}

export function printProgram(
  statements: readonly Statement[],
  avoid: readonly Avoided[] = [],
): GeneratedProgram {
  const writer = new ProgramWriter(avoid);
  for (const statement of statements) printStatement(writer, statement);
  writer.draw.use(statements.at(-1)?.picks.toReversed() ?? []);
  writer.settlePending();
  printReturn(writer);
  return { statements, source: writer.print(), constructs: writer.draw.constructs };
}

/** Mostly everything that is in scope, so that nothing which went wrong stays unseen. */
function printReturn(writer: ProgramWriter): void {
  switch (writer.draw.pick(8)) {
    case 5:
      writer.draw.tag('return of a call');
      return writer.line(`return ${writer.call('doc')};`);
    case 6:
      writer.draw.tag('return of an awaited call');
      return writer.line(`return [await ${writer.call('text')}, ${writer.result()}];`);
    default:
      return writer.line(`return ${writer.result()};`);
  }
}
