import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { repository } from './helpers/emission-package.ts';

it('the runtime exports exactly what is documented', () => {
  expect(Object.keys(xcs).toSorted()).toMatchInlineSnapshot(`
    [
      "AutoGraphBuilder",
      "Operator",
      "RecordedGraph",
      "TopologicalScheduler",
      "TopologicalSchedulerWithParallelDispatch",
      "TracerContext",
      "XCSError",
      "XCSGraph",
      "autograph",
      "constant",
      "execute",
      "executeDetailed",
      "executionOptions",
      "explain",
      "failedElement",
      "failedStep",
      "getExecutionOptions",
      "getJitMetrics",
      "graphOf",
      "jit",
      "map",
      "operator",
      "resetExecutionOptions",
      "resetJitMetrics",
      "select",
      "setExecutionOptions",
      "structuralJit",
      "template",
      "vmap",
      "when",
      "withoutJit",
    ]
  `);
});

it('nothing that is exported is undefined', () => {
  expect(Object.entries(xcs).filter(([, value]) => value === undefined)).toEqual([]);
});

it('everything that is exported, types too, says what it is; optional fields of it, what holds without them', () => {
  const index = path.join(repository, 'runtime/index.ts');
  const program = ts.createProgram([index], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = module ? checker.getExportsOfModule(module) : [];
  const isSilent = (symbol: ts.Symbol): boolean => symbol.getDocumentationComment(checker).length === 0;
  const originals = exported.map((symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  );
  expect(originals.length).toBeGreaterThan(Object.keys(xcs).length);
  expect(originals.filter(isSilent).map(({ name }) => name)).toEqual([]);
  const options = originals.filter(({ name }) => name.endsWith('Options') || name === 'ResourceEffect');
  const fields = options.flatMap((symbol) =>
    [...(symbol.members?.values() ?? [])].map((field) => ({ of: symbol.name, field })),
  );
  const isWithout = (field: ts.Symbol): boolean =>
    (field.flags & ts.SymbolFlags.Optional) !== 0 &&
    !field.getJsDocTags(checker).some(({ name }) => name === 'default');
  expect(
    fields.filter(({ field }) => isWithout(field)).map(({ of, field }) => `${of}.${field.name}`),
  ).toEqual([]);
});
