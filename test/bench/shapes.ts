/** The graphs that engines are measured on, and a serial run of one that says what every engine must come to. */

export interface Shape {
  readonly name: string;
  /** The nodes that each node waits for, all with lower numbers. */
  readonly before: readonly (readonly number[])[];
}

/** `given` is the number of the node followed by the values of those before it, from engines that hand values on. */
export type Visit = (node: number, given?: readonly number[]) => number | Promise<number>;

/** Each node waits for two of the layer before. */
function layered(layers: number, width: number): Shape {
  const before = Array.from({ length: layers * width }, (_, node) => {
    const above = node - width;
    if (above < 0) return [];
    const beside = above - (above % width) + ((above + 1) % width);
    return [above, beside].toSorted((a, b) => a - b);
  });
  return { name: `DAG ${layers}×${width}`, before };
}

function fan(count: number): Shape {
  const branches = Array.from({ length: count }, (_, node) => node);
  return { name: `fan ${count} + join`, before: [...branches.map(() => []), branches] };
}

function chain(count: number): Shape {
  const before = Array.from({ length: count }, (_, node) => (node === 0 ? [] : [node - 1]));
  return { name: `chain ${count}`, before };
}

const DIAMOND: Shape = { name: 'diamond', before: [[], [0], [0], [1, 2]] };

/** Branches that nothing binds but the judge. */
const ENSEMBLE: Shape = { name: 'ensemble of 5 + judge', before: [[], [], [], [], [], [0, 1, 2, 3, 4]] };

/** `c` needs `a` alone, `d` needs `a` and `b`, and all is joined: level by level, `c` waits for `b` in vain. */
export const N_GRAPH: Shape = { name: 'N-graph', before: [[], [], [0], [0, 1], [2, 3]] };

export const SHAPES: readonly Shape[] = [DIAMOND, ENSEMBLE, N_GRAPH, layered(10, 10), fan(1000), chain(1000)];

/** Nodes by how many have to follow one another before them. */
export function layersOf({ before }: Shape): readonly (readonly number[])[] {
  const depths: number[] = [];
  const layers: number[][] = [];
  for (const [node, those] of before.entries()) {
    const depth = those.reduce((most, one) => Math.max(most, (depths[one] ?? 0) + 1), 0);
    depths.push(depth);
    (layers[depth] ??= []).push(node);
  }
  return layers;
}

/** What a node comes to: so many different values that a wrong order or a wrong value shows. */
function combine(node: number, values: readonly number[]): number {
  return values.reduce((sum, value) => (sum * 31 + value) % 1_000_003, node + 1);
}

/** One node after another. */
export function serial({ before }: Shape): readonly number[] {
  const values: number[] = [];
  for (const [node, those] of before.entries())
    values.push(
      combine(
        node,
        those.map((one) => values[one] ?? Number.NaN),
      ),
    );
  return values;
}

export interface Recording {
  readonly visit: Visit;
  readonly values: readonly (number | undefined)[];
}

/** A visit that computes what `serial` does, and throws for a node that comes too early, twice or with wrong values. */
export function record({ name, before }: Shape, isAsync: boolean): Recording {
  const values: (number | undefined)[] = before.map(() => undefined);
  const visit = (node: number, given?: readonly number[]): number => {
    const own = (before[node] ?? []).map((one) => {
      const value = values[one];
      if (value === undefined) throw new Error(`${name}: node ${node} ran before node ${one} had ended.`);
      return value;
    });
    if (values[node] !== undefined) throw new Error(`${name}: node ${node} ran twice.`);
    if (given !== undefined && given.slice(1).join() !== own.join())
      throw new Error(`${name}: node ${node} was given ${given.slice(1).join()}, expected ${own.join()}.`);
    const value = combine(node, own);
    if (!isAsync) values[node] = value;
    return value;
  };
  if (!isAsync) return { visit, values };
  const later = async (node: number, given?: readonly number[]): Promise<number> => {
    const value = visit(node, given);
    await Promise.resolve();
    values[node] = value;
    return value;
  };
  return { visit: later, values };
}
