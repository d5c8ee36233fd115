/** What the type of an operator declares about its effect. */
import type ts from 'typescript';
import type { StaticEffect } from '../runtime/descriptor.ts';
import type { Context } from './context.ts';
import { strip } from './operators.ts';
import { staticEffect } from './options.ts';
import { exportOf } from './own-exports.ts';
import { elementTypes, resolveAlias } from './symbols.ts';

/** What the type of an operator declares: `static effect`, read off its type or its initializer. */
export function declaredEffect(context: Context, type: ts.Type): StaticEffect | undefined {
  const { ts, checker } = context;
  const present = checker.getNonNullableType(type);
  const symbol = present.symbol;
  if (symbol === undefined || !(symbol.flags & ts.SymbolFlags.Class)) return undefined;
  const declared = checker.getPropertyOfType(checker.getTypeOfSymbol(symbol), 'effect');
  if (declared === undefined) return undefined;
  return effectOfType(context, checker.getTypeOfSymbol(declared));
}

/** The `effect` in `const target = operator(function, { effect })`. */
export function declaredOption(context: Context, target: ts.Expression): StaticEffect | undefined {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(target);
  const declaration = symbol && resolveAlias(context, symbol).valueDeclaration;
  const call = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  const options =
    call && ts.isCallExpression(call) && exportOf(context, call.expression) === 'operator'
      ? call.arguments[1]
      : undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined;
  const property = options.properties
    .filter(ts.isPropertyAssignment)
    .find((member) => ts.isIdentifier(member.name) && member.name.text === 'effect');
  if (property === undefined) return undefined;
  const value = strip(context, property.initializer);
  if (ts.isStringLiteral(value))
    return value.text === 'pure' || value.text === 'unordered' || value.text === 'sequential'
      ? staticEffect(value.text)
      : undefined;
  return effectOfType(context, checker.getTypeAtLocation(value));
}

function effectOfType(context: Context, type: ts.Type): StaticEffect | undefined {
  const { checker } = context;
  if (type.isStringLiteral()) {
    const { value } = type;
    return value === 'pure' || value === 'unordered' || value === 'sequential'
      ? staticEffect(value)
      : undefined;
  }
  if (type.isUnion() || checker.getPropertiesOfType(type).length === 0) return undefined;
  const names = (key: string): readonly string[] => {
    const property = checker.getPropertyOfType(type, key);
    return property === undefined ? [] : resourceNames(context, checker.getTypeOfSymbol(property));
  };
  const mutates = checker.getPropertyOfType(type, 'mutates');
  return {
    kind: 'resources',
    reads: names('reads'),
    writes: names('writes'),
    mutates: mutates !== undefined && checker.typeToString(checker.getTypeOfSymbol(mutates)) !== 'false',
    state: false,
    known: 'declared',
  };
}

/** Names in the type of `reads` or `writes`; whatever is no literal (a function, a computed name) may be any resource. */
function resourceNames(context: Context, type: ts.Type): readonly string[] {
  if (type.isStringLiteral()) return [type.value];
  const elements = elementTypes(context, type);
  if (elements === undefined) return ['*'];
  return elements
    .flatMap((element) => (element.isUnion() ? element.types : [element]))
    .map((element) => (element.isStringLiteral() ? element.value : '*'));
}
