/** What users may set for `jit`, checked where it is given. */
import { isObject } from '../brand.ts';
import { badOption, unknownOption } from '../errors.ts';

/** What code that learns from its calls learns, keeps and may waste. */
export interface JitOptions {
  /** Each instance is called with this once it is made, to have something to go by; it makes real calls. @default none */
  readonly sampleInput?: unknown;
  /** Learn from every call, and start nothing early. @default false */
  readonly forceTrace?: boolean;
  /**
   * Operators that are called learn from their own calls, too. Calls that the code was seen to overlap, or to leave behind,
   * only record theirs: the code may go by which of them ends first. @default false
   */
  readonly recursive?: boolean;
  /** The most ways through the code that are remembered for an instance. @default 16 */
  readonly cacheSize?: number;
  /** The share of started calls that may go unused. @default 0.1 */
  readonly maxWaste?: number;
}

interface Rule {
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
}

const flag: Rule = { allowed: 'true or false', accepts: (value) => typeof value === 'boolean' };

const RULES: Readonly<Record<keyof JitOptions, Rule>> = {
  sampleInput: { allowed: 'anything', accepts: () => true },
  forceTrace: flag,
  recursive: flag,
  cacheSize: {
    allowed: 'an integer from 1 up',
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  },
  maxWaste: {
    allowed: 'a number from 0 to 1',
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
};

/** Throws an `XCSError` for an option that is unknown or has a value that is not allowed. */
export function checkJitOptions(options: unknown = {}): JitOptions {
  if (!isObject(options) || Array.isArray(options)) throw badOption('jit', 'options', options, 'an object');
  const rules = new Map<string, Rule>(Object.entries(RULES));
  for (const [name, value] of Object.entries(options)) {
    const rule = rules.get(name);
    if (rule === undefined) throw unknownOption('jit', name, [...rules.keys()]);
    if (value !== undefined && !rule.accepts(value)) throw badOption('jit', name, value, rule.allowed);
  }
  return options;
}
