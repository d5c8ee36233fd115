import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import schema from '../runtime/descriptor.schema.json' with { type: 'json' };
import { asWrittenSample, sample } from './helpers/sample-descriptor.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

/** Where the schema disagrees, and which of its rules. */
const complaints = (data: unknown): readonly string[] => {
  validate(data);
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
};

it.each([
  ['compiled', sample],
  ['as written', asWrittenSample],
])('accepts a descriptor that is %s, after a round trip through JSON', (_, descriptor) => {
  expect(complaints(JSON.parse(JSON.stringify(descriptor)))).toEqual([]);
});

it('knows every field of the descriptor', () => {
  const [step] = sample.steps;
  const [operator] = sample.operators;
  const unknown = {
    ...sample,
    color: 1,
    steps: [{ ...step, color: 1 }],
    operators: [{ ...operator, color: 1 }],
  };
  expect(complaints(unknown)).toEqual([
    ' additionalProperties',
    '/operators/0 additionalProperties',
    '/steps/0 additionalProperties',
  ]);
});

it.each<[string, object, string]>([
  ['another ABI', { abi: 2 }, '/abi const'],
  ['a step of an unknown kind', { steps: [{ ...sample.steps[0], kind: 'jump' }] }, '/steps/0/kind enum'],
  ['a negative slot', { steps: [{ ...sample.steps[0], inputs: [-1] }] }, '/steps/0/inputs/0 minimum'],
  [
    'an unknown dependence',
    { dependences: [{ before: 0, after: 1, kind: 'x', what: '' }] },
    '/dependences/0/kind enum',
  ],
  ['a note without code', { notes: [{ ...sample.notes[0], code: '' }] }, '/notes/0/code pattern'],
  ['no steps and no reason', { steps: [] }, '/steps minItems'],
  ['steps and a reason all the same', { asWritten: sample.notes[0] }, '/steps maxItems'],
])('rejects %s', (_, changes, complaint) => {
  expect(complaints({ ...sample, ...changes })).toContain(complaint);
});

it.each(Object.keys(sample))('requires `%s`', (field) => {
  const entries = Object.entries(sample).filter(([name]) => name !== field);
  expect(complaints(Object.fromEntries(entries))).toContain(' required');
});
