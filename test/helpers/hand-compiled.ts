/** Compiled code written by hand: two calls that do not depend on each other, and a return. */
import type {
  Compiled,
  Dependence,
  Descriptor,
  Note,
  OperatorRef,
  Span,
  Step,
  StepFunction,
} from '../../runtime/descriptor.ts';
import { Operator } from '../../runtime/operator.ts';
import { plainStep, unordered } from './descriptors.ts';

/** What its calls do is declared. */
export class Leaf extends Operator<string, string> {
  static override readonly effect: 'unordered' | { writes: string } = 'unordered';
  async forward(text: string): Promise<string> {
    return text;
  }
}

export class Writer extends Leaf {
  static override readonly effect = { writes: 'index' };
}

export const span = (line: number, column = 5): Span => ({
  file: 'src/both.ts',
  line,
  column,
  endLine: line,
  endColumn: column + 10,
});

export function step(id: number, kind: Step['kind'], changes: Partial<Step>): Step {
  return { ...plainStep(id, kind), span: span(10 + id), ...changes };
}

export function field(id: number, name: string, changes: Partial<OperatorRef> = {}): OperatorRef {
  const path = { path: [name] };
  return {
    id,
    label: `this.${name}`,
    type: 'Operator',
    found: 'field',
    effect: unordered,
    ...path,
    ...changes,
  };
}

/** The same, reached as captured variables and private fields are. */
export function withoutPath(operator: OperatorRef): OperatorRef {
  const { id, label, type, found, effect } = operator;
  return { id, label, type, found, effect };
}

const flow = (before: number, after: number, what: string): Dependence => ({
  before,
  after,
  kind: 'flow',
  what,
});

export interface Both {
  readonly left: { invoke(input: string): Promise<unknown> };
  readonly right: { invoke(input: string): Promise<unknown> };
}

export const bothDescriptor: Descriptor = {
  abi: 1,
  name: 'Both',
  span: span(9, 1),
  options: 'none',
  undeclared: 'sequential',
  slots: ['input', 'context', 'left', 'right'],
  places: [],
  operators: [field(0, 'left'), field(1, 'right')],
  steps: [
    step(0, 'call', {
      label: 'this.left.invoke(q)',
      inputs: [0],
      outputs: [2],
      operators: [0],
      method: 'invoke',
    }),
    step(1, 'call', {
      label: 'this.right.invoke(q)',
      inputs: [0],
      outputs: [3],
      operators: [1],
      method: 'invoke',
    }),
    step(2, 'return', { label: 'return `${left}+${right}`', inputs: [2, 3], mayFail: false }),
  ],
  dependences: [flow(0, 2, 'left'), flow(1, 2, 'right')],
  criticalPath: 1,
  guards: [],
  fields: ['left', 'right'],
  notes: [],
};

const steps: readonly StepFunction[] = [
  (self: Both, _, q: string) => [self.left, q],
  (self: Both, _, q: string) => [self.right, q],
  (_self, _, left: string, right: string) => `${left}+${right}`,
];

/** `{ const left = await this.left.invoke(q); const right = await this.right.invoke(q); return … }`. */
export function both(changes: Partial<Descriptor> = {}, guards: readonly unknown[] = []): Compiled {
  const callees = [(self: Both) => self.left, (self: Both) => self.right];
  return { descriptor: { ...bothDescriptor, ...changes }, steps, callees, guards };
}

export const bailOut: Note = {
  code: 'XCS2001',
  span: span(10),
  message: 'a loop with an await runs as written',
  hint: 'collect the calls first',
};

/** Something that a test lets go on when it likes. */
export class Gate {
  readonly opened: Promise<void>;
  #open: () => void = () => {};
  constructor() {
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }
  open(): void {
    this.#open();
  }
}

/** Lets everything happen that needs no timer. */
export async function settle(): Promise<void> {
  for (let tick = 0; tick < 20; tick++) {
    // Ticks come one after another.
    // oxlint-disable-next-line no-await-in-loop
    await Promise.resolve();
  }
}
