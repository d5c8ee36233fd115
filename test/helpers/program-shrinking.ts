/** Smaller versions of a generated program, the much smaller ones first. */
import type { Statement } from './program-kinds.ts';

type Statements = readonly Statement[];

/**
 * Halves are left out, then single statements; a block gives way to what stands in it, or loses one of its bodies; at last
 * the choices inside statements become plain.
 */
export function* smaller(statements: Statements): Generator<Statements> {
  for (let size = Math.ceil(statements.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < statements.length; at += size) yield statements.toSpliced(at, size);
  }
  for (const [i, { bodies }] of statements.entries()) {
    for (const body of bodies) if (body.length > 0) yield statements.toSpliced(i, 1, ...body);
  }
  for (const [i, statement] of statements.entries()) {
    for (const one of smallerInside(statement)) yield statements.with(i, one);
  }
}

function* smallerInside(statement: Statement): Generator<Statement> {
  const { bodies, picks } = statement;
  for (const [part, body] of bodies.entries()) {
    for (const one of smaller(body)) yield { ...statement, bodies: bodies.with(part, one) };
  }
  if (picks.some((pick) => pick !== 0)) yield { ...statement, picks: picks.map(() => 0) };
  for (const [i, pick] of picks.entries()) {
    if (pick !== 0) yield { ...statement, picks: picks.with(i, 0) };
  }
}
