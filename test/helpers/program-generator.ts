/** A fast-check arbitrary of composite classes: a list of statements, printed as TypeScript. Shrinks to few, plain ones. */
import fc from 'fast-check';
import { BLOCKS, printStatement, SIMPLE, type Statement } from './program-statements.ts';
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
  /** @default 10 */
  readonly maxStatements?: number;
}

export function anyProgram(options: GeneratorOptions = {}): fc.Arbitrary<GeneratedProgram> {
  const { blocks = true, avoid = [], only = [], maxStatements = 10 } = options;
  const chosen = (kinds: readonly string[]): string[] => {
    const some = kinds.filter((kind) => only.includes(kind));
    return some.length > 0 ? some : [...kinds];
  };
  const picks = fc.array(fc.nat(9999), { minLength: 12, maxLength: 12 });
  const simple: fc.Arbitrary<Statement> = fc.record({
    kind: fc.constantFrom(...chosen(Object.keys(SIMPLE))),
    picks,
    body: fc.constant([]),
  });
  const { block } = fc.letrec<{ block: Statement; body: readonly Statement[] }>((tie) => ({
    block: fc.record({
      kind: fc.constantFrom(...chosen(Object.keys(BLOCKS))),
      picks,
      body: tie('body'),
    }),
    body: fc.array(
      fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        { weight: 5, arbitrary: simple },
        { weight: 2, arbitrary: tie('block') },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }));
  const plain = fc.array(simple, { minLength: 1, maxLength: maxStatements });
  const mixed = (simpleWeight: number): fc.Arbitrary<readonly Statement[]> =>
    fc.array(fc.oneof({ weight: simpleWeight, arbitrary: simple }, { weight: 1, arbitrary: block }), {
      minLength: 1,
      maxLength: maxStatements,
    });
  const statements = blocks
    ? fc.oneof(
        { weight: 2, arbitrary: plain },
        { weight: 1, arbitrary: mixed(8) },
        { weight: 2, arbitrary: mixed(1) },
      )
    : plain;
  return statements.map((chosenOnes) => printProgram(chosenOnes, avoid));
}

export function printProgram(
  statements: readonly Statement[],
  avoid: readonly Avoided[] = [],
): GeneratedProgram {
  const writer = new ProgramWriter(avoid);
  for (const statement of statements) printStatement(writer, statement);
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
