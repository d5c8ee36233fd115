/** Classes of other files whose constructors were relied on: link tells by hashes that they are still the ones that were read. */
import { describe, expect, it } from 'vitest';
import { isConstructedAs } from '../runtime/construction.ts';
import { Operator } from '../runtime/index.ts';

const CONSTRUCTION = Symbol.for('xcs.construction');

function mark(target: object, value: unknown): void {
  Object.defineProperty(target, CONSTRUCTION, { value });
}

class Base extends Operator<string, string> {
  override forward(input: string): string {
    return input;
  }
}
class Made extends Base {}
class Unmarked extends Made {}
class Plain {
  readonly label = 'plain';
}
mark(Base, 'base');
mark(Made, 'made');
mark(Plain, 'plain');

describe('a class is constructed as it was read', () => {
  it.each<[string, unknown, readonly string[], boolean]>([
    ['when each class of its chain carries the hash', Made, ['made', 'base'], true],
    ['when it extends nothing', Plain, ['plain'], true],
    ['not when its own hash is another', Made, ['other', 'base'], false],
    ['not when the hash of what it extends is another', Made, ['made', 'other'], false],
    ['not when it extends more than was read', Made, ['made'], false],
    ['not when it extends less than was read', Plain, ['plain', 'base'], false],
    ['not when a hash is only inherited', Unmarked, ['made', 'made', 'base'], false],
    ['not when it carries none', Unmarked, ['unmarked'], false],
    ['not when it is no class', undefined, ['made'], false],
  ])('%s', (_claim, target, hashes, expected) => {
    expect(isConstructedAs(() => target, hashes)).toBe(expected);
  });
});
