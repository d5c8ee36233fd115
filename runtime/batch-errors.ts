/** What can be wrong with what `vmap` and `batch` are given, and with what a `forwardBatch` gives. */
import { XCSError } from './errors.ts';

const IN_AXES = 'say with `inAxes` which fields are lists (0) and which are given to each element (null)';

export function badAxes(name: string, expected: string, got: unknown, out: string = IN_AXES): XCSError {
  const shown = got === null ? 'null' : Array.isArray(got) ? 'an array' : `a value of type ${typeof got}`;
  return new XCSError('XCS1301', `\`${name}\` takes ${expected}, got ${shown}; ${out}`);
}

export function unequalLengths(name: string, lengths: readonly string[]): XCSError {
  return new XCSError(
    'XCS1302',
    `\`${name}\` needs lists of equal length, got ${lengths.join(', ')}; give each element one item of each list, or map a field by null`,
  );
}

export function badBatch(name: string, length: number, got: unknown): XCSError {
  const shown = Array.isArray(got) ? `${got.length}` : `a value of type ${typeof got}`;
  return new XCSError(
    'XCS1303',
    `\`forwardBatch\` of \`${name}\` must give an array of ${length} results, in the order of the inputs, got ${shown}`,
  );
}
