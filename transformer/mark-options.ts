/** Checks the options of `structuralJit` as far as they are literals; the runtime checks the rest. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import type { Misuse } from './select.ts';

const allowed: Readonly<Record<string, string>> = {
  executionStrategy: '"auto", "parallel" or "sequential"',
  parallelThreshold: 'a whole number from 1 up',
  maxConcurrency: 'a whole number from 1 up, or Infinity',
  cacheGraph: 'true or false',
  startEarly: '"past-failures" or "certain"',
  fallback: '"as-written", "jit" or `jit`',
};

const literals: Readonly<Record<string, readonly string[]>> = {
  executionStrategy: ['auto', 'parallel', 'sequential'],
  startEarly: ['past-failures', 'certain'],
  fallback: ['as-written', 'jit'],
};

export function checkMarkOptions({ ts }: Context, node: ts.Expression): readonly Misuse[] {
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property): readonly Misuse[] => {
    if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) return [];
    const name = property.name.text;
    const expected = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (expected === undefined) {
      const known = Object.keys(allowed).join(', ');
      return [{ code: 'XCS1013', node: property, what: `\`${name}\` is unknown; allowed: ${known}` }];
    }
    if (isAllowed(ts, name, property.initializer)) return [];
    return [
      {
        code: 'XCS1013',
        node: property,
        what: `\`${name}\` is ${property.initializer.getText()}; expected ${expected}`,
      },
    ];
  });
}

function isAllowed(typescript: typeof ts, name: string, value: ts.Expression): boolean {
  const texts = Object.hasOwn(literals, name) ? literals[name] : undefined;
  if (typescript.isStringLiteralLike(value)) return texts?.includes(value.text) === true;
  const isBoolean =
    value.kind === typescript.SyntaxKind.TrueKeyword || value.kind === typescript.SyntaxKind.FalseKeyword;
  if (isBoolean) return name === 'cacheGraph';
  const isNegative = typescript.isPrefixUnaryExpression(value);
  if (!typescript.isNumericLiteral(value) && !isNegative) return true;
  return (
    texts === undefined &&
    name !== 'cacheGraph' &&
    !isNegative &&
    Number.isInteger(Number(value.getText())) &&
    Number(value.getText()) >= 1
  );
}
