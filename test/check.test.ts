import { describe, expect, it } from 'vitest';
import { checkDescriptor, findProblems, longestCallChain } from '../runtime/check.ts';
import type { Descriptor, Step } from '../runtime/descriptor.ts';
import { XCSError } from '../runtime/errors.ts';
import { asWrittenSample, sample, sampleStep } from './helpers/sample-descriptor.ts';

const messages = (descriptor: Descriptor): readonly string[] =>
  findProblems(descriptor).map(({ message }) => message);

const withStep = (id: number, changes: Partial<Step>): Descriptor => ({
  ...sample,
  steps: sample.steps.map((step) => (step.id === id ? { ...step, ...changes } : step)),
});

it('finds nothing wrong with a sound descriptor', () => {
  expect(findProblems(sample)).toEqual([]);
  expect(findProblems(asWrittenSample)).toEqual([]);
});

it('says nothing but the ABI about a descriptor of another ABI', () => {
  expect(messages({ ...sample, abi: 0, criticalPath: 99 })).toEqual([
    'abi: expected 1, got 0; compile it again',
  ]);
});

describe('steps', () => {
  it.each<[string, Descriptor, string]>([
    ['have dense ids', withStep(2, { id: 9 }), 'step 2: its id is 9'],
    ['fill slots that exist', withStep(2, { outputs: [8] }), 'step 2: fills slot 8, but there are 8 slots'],
    [
      'fill each slot once',
      withStep(4, { outputs: [5, 6, 2] }),
      'step 4: fills slot 2, which step 0 has filled',
    ],
    [
      'do not fill the input',
      withStep(2, { outputs: [0] }),
      'step 2: fills slot 0, which the input has filled',
    ],
    [
      'use slots after they are filled',
      withStep(0, { inputs: [4] }),
      'step 0: uses slot 4 before any step fills it',
    ],
    ['fill every slot', withStep(5, { outputs: [] }), 'slot 7 (`rest`): no step fills it'],
    ['call one operator', withStep(0, { operators: [] }), 'step 0: `call` calls exactly one operator, got 0'],
    ['fail if they call', withStep(0, { mayFail: false }), 'step 0: calls an operator, and so may fail'],
    [
      'start one operator',
      withStep(1, { operators: [0, 1] }),
      'step 1: `start` calls exactly one operator, got 2',
    ],
    [
      'call with one output',
      withStep(0, { outputs: [2, 3] }),
      'step 0: `call` has one output at most, got 2',
    ],
    ['compute without a method', withStep(2, { method: 'invoke' }), 'step 2: `compute` has no `method`'],
    ['call without starts', withStep(0, { starts: [1] }), 'step 0: `call` has no `starts`'],
    [
      'await earlier starts',
      withStep(3, { starts: [0] }),
      'step 3: waits for 0, which is no earlier `start`',
    ],
    ['name existing operators', withStep(4, { operators: [2] }), 'step 4: no operator 2, there are 2'],
    ['read existing places', withStep(4, { reads: [2] }), 'step 4: no place 2, there are 2'],
    ['write existing places', withStep(4, { writes: [3] }), 'step 4: no place 3, there are 2'],
    ['end in the return', withStep(6, { kind: 'compute' }), 'step 6: the last step must be the return'],
    ['return once', withStep(2, { kind: 'return' }), 'step 2: `return` must be the last step'],
    ['return into no slot', withStep(6, { outputs: [7] }), 'step 6: `return` fills no slot'],
    [
      'wait for whoever fills their slots',
      { ...sample, dependences: sample.dependences.slice(1) },
      'step 2: uses slot 2 of step 0, but does not wait for it',
    ],
    [
      'have a span',
      withStep(0, { span: { file: 'a.ts', line: 2, column: 5, endLine: 2, endColumn: 4 } }),
      'step 0: its span ends before it starts',
    ],
  ])('%s', (_, descriptor, message) => {
    expect(messages(descriptor)).toContain(message);
  });
});

describe('the rest', () => {
  const backward = { before: 4, after: 2, kind: 'anti', what: 'msgs' } as const;
  const itself = { before: 2, after: 2, kind: 'anti', what: 'msgs' } as const;
  const absent = { before: 2, after: 12, kind: 'flow', what: 'msgs' } as const;
  const place = { id: 2, kind: 'result', label: 'x' } as const;
  const note = { ...sample.notes[0], code: 'E1', message: '', hint: '', span: sample.span };
  it.each<[string, Partial<Descriptor>, string]>([
    ['dependences point forward', { dependences: [backward] }, 'anti dependence 4 → 2: must point forward'],
    ['no step waits for itself', { dependences: [itself] }, 'anti dependence 2 → 2: must point forward'],
    ['dependences join steps', { dependences: [absent] }, 'flow dependence 2 → 12: no step 12'],
    ['the critical path is right', { criticalPath: 3 }, 'critical path: expected 2, got 3'],
    ['operators have dense ids', { operators: sample.operators.toReversed() }, 'operator 0: its id is 1'],
    ['places have dense ids', { places: sample.places.toReversed() }, 'place 0: its id is 1'],
    ['results name their step', { places: [...sample.places, place] }, 'place 2: a result of which step?'],
    ['places name steps', { places: [...sample.places, { ...place, step: 7 }] }, 'place 2: no step 7'],
    ['notes have codes', { notes: [note] }, 'note `E1`: expected a code XCSnnnn'],
    ['no steps need a reason', { steps: [] }, 'no steps, and no `asWritten` that says why'],
    ['a reason means no steps', { ...sample, asWritten: note }, '`asWritten`, and steps all the same'],
    [
      'there are two slots at least',
      { slots: ['input'] },
      'slots: expected the input and the context, got 1',
    ],
  ])('%s', (_, changes, message) => {
    expect(messages({ ...sample, ...changes })).toContain(message);
  });
});

it('throws all problems with the steps around the first', () => {
  const check = (): void =>
    checkDescriptor({ ...withStep(3, { inputs: [7], starts: [0] }), criticalPath: 0 });
  expect(check).toThrow(XCSError);
  expect(check).toThrow(expect.objectContaining({ code: 'XCS5003' }));
  expect(check).toThrow('the descriptor of `Answer` is broken');
  expect(check).toThrow('\n  critical path: expected 2, got 0');
  expect(check).toThrow(
    /around step 3:\n {2}1 {2}early.*\n {2}2 {2}compute.*\n> 3 {2}opinion.*\n {2}4 .*\n {2}5 /u,
  );
});

it('accepts a sound descriptor in silence', () => {
  expect(checkDescriptor(sample)).toBeUndefined();
});

it('counts only calls on the longest chain', () => {
  expect(longestCallChain(sample.steps, sample.dependences)).toBe(2);
  expect(longestCallChain(sample.steps, [])).toBe(1);
  expect(longestCallChain([], [])).toBe(0);
  const calls = [0, 1, 2, 3].map((id) => sampleStep(id, 'call', { operators: [0] }));
  const dependences = [
    { before: 0, after: 1 },
    { before: 1, after: 3 },
    { before: 2, after: 3 },
  ];
  expect(longestCallChain(calls, dependences)).toBe(3);
});

it('counts what handles a failure after what may fail, and what is in a region after what that waits for', () => {
  const call = { operators: [0] };
  const steps = [
    sampleStep(0, 'call', call),
    sampleStep(1, 'try', { regions: [0, 1] }),
    sampleStep(2, 'call', { ...call, region: 0 }),
    sampleStep(3, 'call', { ...call, region: 1 }),
    sampleStep(4, 'return'),
  ];
  expect(longestCallChain(steps, [{ before: 1, after: 4 }])).toBe(2);
  expect(longestCallChain(steps, [{ before: 0, after: 1 }])).toBe(3);
});
