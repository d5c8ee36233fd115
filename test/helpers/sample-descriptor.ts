import type { Dependence, Descriptor, OperatorRef, Span, Step } from '../../runtime/descriptor.ts';
import { plainStep, unordered } from './descriptors.ts';

const span = (line: number, column: number): Span => ({
  file: 'src/answer.ts',
  line,
  column,
  endLine: line,
  endColumn: column + 10,
});

const searching: OperatorRef = {
  id: 0,
  label: 'this.#search',
  type: 'Search',
  found: 'field',
  effect: { ...unordered, kind: 'resources', reads: ['index'] },
};

const drafting: OperatorRef = {
  id: 1,
  label: 'this.draft',
  type: 'Draft',
  found: 'field',
  effect: unordered,
  path: ['draft'],
};

export function sampleStep(id: number, kind: Step['kind'], changes: Partial<Step> = {}): Step {
  return { ...plainStep(id, kind), span: span(10 + id, 5), ...changes };
}

const flow = (before: number, after: number, what: string): Dependence => ({
  before,
  after,
  kind: 'flow',
  what,
});

/**
 * Sound, with a step of every kind:
 *
 *     docs = await this.#search.invoke(q)  ─┬─► msgs.push(docs) ──► await this.draft.invoke(msgs) ──► return
 *     early = this.draft.invoke(q) ─────────┴─► await early ──────────────────────────────────────────┘
 */
export const sample: Descriptor = {
  abi: 1,
  name: 'Answer',
  span: span(3, 1),
  options: '9f2c',
  undeclared: 'sequential',
  slots: ['input', 'context', 'docs', 'early', 'opinion', 'text', 'count', 'rest'],
  places: [
    { id: 0, kind: 'fresh', label: 'msgs' },
    { id: 1, kind: 'result', label: 'docs', step: 0 },
  ],
  operators: [searching, drafting],
  steps: [
    sampleStep(0, 'call', {
      label: 'await this.#search.invoke(input)',
      inputs: [0],
      outputs: [2],
      operators: [0],
      method: 'invoke',
    }),
    sampleStep(1, 'start', { inputs: [0], outputs: [3], operators: [1], method: 'begin', lingers: true }),
    sampleStep(2, 'compute', {
      label: 'msgs.push(docs)',
      inputs: [2],
      reads: [1],
      writes: [0],
      order: 'fence',
    }),
    sampleStep(3, 'await', { label: 'await early', inputs: [3], outputs: [4], starts: [1], gate: true }),
    sampleStep(4, 'async', {
      label: 'for (const m of msgs) …',
      inputs: [1],
      outputs: [5, 6],
      operators: [1],
      reads: [0],
    }),
    sampleStep(5, 'await', { label: 'await ready', outputs: [7], order: 'barrier' }),
    sampleStep(6, 'return', { label: 'text + opinion', inputs: [4, 5], mayFail: false }),
  ],
  dependences: [
    flow(0, 2, 'docs'),
    flow(1, 3, 'early'),
    flow(2, 4, 'msgs'),
    { before: 3, after: 4, kind: 'control', what: 'may leave the body before this' },
    { before: 4, after: 5, kind: 'effect', what: 'barrier' },
    flow(4, 6, 'text'),
    flow(3, 6, 'opinion'),
  ],
  criticalPath: 2,
  guards: [{ name: 'format' }],
  fields: ['#search', 'draft'],
  notes: [{ code: 'XCS3001', span: span(12, 5), message: 'keeps its place', hint: 'declare its effect' }],
};

/** The whole body runs as written. */
export const asWrittenSample: Descriptor = {
  ...sample,
  places: [],
  operators: [],
  steps: [],
  dependences: [],
  criticalPath: 0,
  notes: [],
  asWritten: { code: 'XCS2001', span: span(5, 3), message: '`yield` is not supported', hint: '' },
};
