/**
 * What can go wrong while a graph is recorded, and when what was recorded is given an input that it does not fit.
 */
import { XCSError } from '../errors.ts';

/** A handle was used as if it were the value that it stands for. `use` says how, `out` what to write instead. */
export function concreteUse(handle: string, use: string, out: string): XCSError {
  return new XCSError(
    'XCS1201',
    `\`${handle}\` is known only when the graph runs, but ${use} while it is recorded; ${out}`,
  );
}

/** A handle stands where it has no value: in another graph, or outside the branch or the body that made it. */
export function misplacedHandle(handle: string, why: string, out: string): XCSError {
  return new XCSError('XCS1202', `\`${handle}\` has no value here: ${why}; ${out}`);
}

export function badRecording(what: string, out: string): XCSError {
  return new XCSError('XCS1203', `${what}; ${out}`);
}

/** A field was written before a spread, and the spread has it too: nobody can tell which one came last. */
export function ambiguousSpread(node: string, field: string, spread: string): XCSError {
  return new XCSError(
    'XCS1204',
    `the input of \`${node}\` has a field \`${field}\` before it spreads \`${spread}\`, which has one too; ` +
      'spread first and write fields after it, or make the object in `select`',
  );
}

export function missingInput(node: string, path: string, got: unknown): XCSError {
  const has =
    typeof got === 'object' && got !== null ? `an object with ${list(Object.keys(got))}` : String(got);
  return new XCSError(
    'XCS1205',
    `node \`${node}\` needs \`${path}\`, but the input of the graph is ${has}; ` +
      'give it to `execute`, or a default: autograph(fn, { defaults: { … } })',
  );
}

export function nothingThere(node: string, path: string, of: string, got: unknown): XCSError {
  return new XCSError(
    'XCS1206',
    `node \`${node}\` needs \`${path}\`, but \`${of}\` is ${String(got)}; ` +
      'if it may be absent, read it with `select`, or decide with `when`',
  );
}

/** `map` was given something else when the graph ran. */
export function badList(got: unknown): XCSError {
  const shown = got === null ? 'null' : `a value of type ${typeof got}`;
  return new XCSError(
    'XCS1207',
    `\`map\` takes a handle for an array, got ${shown}; make one with \`select\``,
  );
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'no fields' : `\`${names.slice(0, 20).join('`, `')}\``;
}
