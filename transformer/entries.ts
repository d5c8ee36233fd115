/**
 * Loops that await nothing and are cut all the same: they read entries of a Map or Set that iterations around them put, so
 * that each read can wait for its own entry.
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';
import { contains } from './shape.ts';

const READS: ReadonlySet<string> = new Set(['get', 'has']);
const WRITES: ReadonlySet<string> = new Set(['set', 'add', 'delete']);

/** Whether `loop`, in a loop that is cut, reads entries that the rest of that one writes. */
export function readsEntriesOfOthers(context: Context, loop: ts.Statement, body: ts.Node): boolean {
  const { ts } = context;
  if (!ts.isForOfStatement(loop)) return false;
  const variables = new Set<ts.Symbol>();
  contains(context, loop.statement, (node) => {
    const variable = entryOf(context, node, READS);
    if (variable !== undefined) variables.add(variable);
    return false;
  });
  const writes = (node: ts.Node): boolean => {
    const variable = node === loop ? undefined : entryOf(context, node, WRITES);
    return variable !== undefined && variables.has(variable);
  };
  for (let outer: ts.Node = loop.parent; outer !== body; outer = outer.parent)
    if (ts.isIterationStatement(outer, false) && contains(context, outer, writes)) return variables.size > 0;
  return false;
}

/** The variable that holds the Map or Set of which `node` touches one entry by one of `methods`. */
function entryOf(context: Context, node: ts.Node, methods: ReadonlySet<string>): ts.Symbol | undefined {
  const { ts, checker } = context;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  const [key] = node.arguments;
  if (!methods.has(name.text) || key === undefined || !ts.isIdentifier(key)) return undefined;
  const library = libraryMember(context, checker.getResolvedSignature(node)?.declaration);
  const isEntry = library !== undefined && /^(?:Map|Set)$/u.test(library.owner);
  return isEntry && ts.isIdentifier(expression) ? checker.getSymbolAtLocation(expression) : undefined;
}
