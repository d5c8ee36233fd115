/**
 * The builtin table against the declarations that the compiler will see.
 */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { builtin, builtinProperty, builtins } from '../transformer/builtins.ts';
import { properties } from '../transformer/builtins/property.ts';
import { datedRows } from '../transformer/builtins/time.ts';
import { titles } from './builtins/cases.ts';
import { libraryFolder, nameOf, readLibrary } from './builtins/library.ts';

const library = readLibrary();
const rows = Object.entries(builtins).flatMap(([owner, members]) =>
  Object.entries(members).map(([member, row]) => ({ title: `${owner} ${member}`, row })),
);

describe('the builtin table and the standard library', () => {
  it('names only members that the library declares', () => {
    const named = [...titles(builtins), ...titles(datedRows), ...titles(properties)];
    expect(named.filter((title) => !library.has(title))).toEqual([]);
  });

  it('lists every parameter that may be a function as a callback', () => {
    const wrong = rows.filter(({ title, row }) => {
      const declared = [...(library.get(title)?.functions ?? [])];
      return declared.toSorted((a, b) => a - b).join() !== (row.callbacks ?? []).join();
    });
    expect(wrong).toEqual([]);
  });

  it('says of every function of an iterable that it iterates', () => {
    const wrong = rows.filter(({ title, row }) => library.get(title)?.iterable && !row.iterates);
    expect(wrong).toEqual([]);
  });

  it('says that contents are not looked at only of primitives and of what is compared by identity', () => {
    const primitive =
      /^(number|string|bigint|boolean|symbol|PropertyKey|StringNumericLiteral|undefined|"\w+"|[| [\]])*$/;
    const compared = new Set(['T', 'K', 'D', 'any', 'unknown', 'RelativeTimeFormatUnit']);
    const wrong = rows.filter(({ title, row }) => {
      const types = [...(library.get(title)?.types ?? [])];
      return row.args === 'none' && types.some((type) => !primitive.test(type) && !compared.has(type));
    });
    expect(wrong.map(({ title }) => title)).toEqual([]);
  });

  it('claims nothing of readonly interfaces that it does not claim of the mutable ones', () => {
    for (const name of ['Array', 'Map', 'Set']) {
      const readonly = builtins[`Readonly${name}`] ?? {};
      expect(builtins[name]).toMatchObject(readonly);
      expect(Object.values(readonly).filter(({ receiver }) => receiver === 'mutates')).toEqual([]);
    }
  });
});

/** Every way in which an owner is declared, with and without the types of Node. */
const calls: readonly (readonly [expression: string, name: string])[] = [
  ['[1].map(String)', 'Array map'],
  ['[1].keys()[Symbol.iterator]()', 'ArrayIterator [Symbol.iterator]'],
  ['({} as readonly number[]).at(0)', 'ReadonlyArray at'],
  ['new Map<string, string>()', 'MapConstructor new'],
  ['new Map<string, string>().get("a")', 'Map get'],
  ['new Set<string>().values()', 'Set values'],
  ['Array.from([1])', 'ArrayConstructor from'],
  ['[1][Symbol.iterator]()', 'Array [Symbol.iterator]'],
  ['"a".replace("a", "b")', 'String replace'],
  ['String(1)', 'StringConstructor call'],
  ['({}).hasOwnProperty("a")', 'Object hasOwnProperty'],
  ['Object.entries({})', 'ObjectConstructor entries'],
  ['JSON.parse("1")', 'JSON parse'],
  ['Math.max(1)', 'Math max'],
  ['new Date()', 'DateConstructor new'],
  ['Date.now()', 'DateConstructor now'],
  ['new TypeError("a")', 'TypeErrorConstructor new'],
  ['Uint8Array.of(1).at(0)', 'Uint8Array at'],
  ['parseInt("1")', 'global parseInt'],
  ['encodeURIComponent("a")', 'global encodeURIComponent'],
  ['structuredClone({})', 'global structuredClone'],
  ['atob("")', 'global atob'],
  ['console.log("a")', 'Console log'],
  ['console.table([])', 'Console table'],
  ['crypto.randomUUID()', 'Crypto randomUUID'],
  ['performance.now()', 'Performance now'],
  ['new URL("a:b")', 'URL new'],
  ['new URL("a:b").toString()', 'URL toString'],
  ['URL.canParse("a:b")', 'URL canParse'],
  ['new URLSearchParams("a").get("a")', 'URLSearchParams get'],
  ['new TextEncoder().encode("a")', 'TextEncoder encode'],
  ['new TextDecoder().decode()', 'TextDecoder decode'],
  ['new Intl.NumberFormat("en").format(1)', 'Intl.NumberFormat format'],
  ['new Intl.NumberFormat("en")', 'Intl.NumberFormatConstructor new'],
  ['new Intl.ListFormat("en")', 'Intl.ListFormat new'],
  ['Promise.all([])', 'PromiseConstructor all'],
];

const inNode = { lib: ['lib.es2023.d.ts'], types: ['node'] };
const inBrowsers = { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [] };

describe('the names of owners', () => {
  it.each([
    ['Node', inNode],
    ['browsers', inBrowsers],
  ])('are those that the checker gives for %s', (_where, options) => {
    const found = resolve(
      calls.map(([expression]) => expression),
      options,
    );
    expect(found).toEqual(calls.map(([, name]) => name));
  });

  it('lead to a row, or to none for promises', () => {
    const unknown = calls.filter(([, name]) => {
      const [owner = '', member = ''] = name.split(' ');
      return builtin(owner, member, 1) === undefined;
    });
    expect(unknown.map(([, name]) => name)).toEqual(['PromiseConstructor all']);
  });
});

describe('builtinProperty', () => {
  it('knows constants, lengths and nothing else', () => {
    expect(builtinProperty('Math', 'PI')).toBe('pure');
    expect(builtinProperty('Array', 'length')).toBe('reads');
    expect(builtinProperty('URL', 'searchParams')).toBe(undefined);
    expect(builtinProperty('Uint8Array', 'buffer')).toBe(undefined);
    expect(builtinProperty('Map', 'constructor')).toBe(undefined);
  });
});

/** `owner member` of what each expression calls, as the checker sees it. */
function resolve(expressions: readonly string[], options: ts.CompilerOptions): readonly string[] {
  const path = join(libraryFolder, '../../..', 'expressions.ts');
  const source = ts.createSourceFile(path, `${expressions.join(';\n')};`, ts.ScriptTarget.ES2022, true);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => (name === path ? source : read(name, ...rest));
  const program = ts.createProgram(
    [path],
    { ...options, target: ts.ScriptTarget.ES2022, noEmit: true },
    host,
  );
  const checker = program.getTypeChecker();
  return source.statements.map((statement) => {
    if (!ts.isExpressionStatement(statement)) return 'no expression';
    const { expression } = statement;
    if (!ts.isCallExpression(expression) && !ts.isNewExpression(expression)) return 'no call';
    const declaration = checker.getResolvedSignature(expression)?.declaration;
    return declaration === undefined ? 'unresolved' : (nameOf(declaration)?.join(' ') ?? 'unnamed');
  });
}
