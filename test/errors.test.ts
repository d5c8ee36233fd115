import { expect, it } from 'vitest';
import { must } from '../runtime/errors.ts';
import { XCSError } from '../runtime/index.ts';

it('a value that must be there and is not is our bug, said as such', () => {
  expect(must('there', 'it is gone')).toBe('there');
  expect(() => must(undefined, 'it is gone')).toThrow(
    new XCSError('XCS5001', 'it is gone; this is a bug in xcs, please report it'),
  );
});
