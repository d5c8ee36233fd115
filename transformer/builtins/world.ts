/**
 * Global functions, and what the world can see or decides: console, clock, random. Left out: timers, `queueMicrotask`,
 * `fetch`, `process`, `Buffer`, `crypto.subtle`; `console.clear`, `profile` and `timeStamp`; marks of `performance`.
 */
import { alike, computation, type Builtin, type Rows, type Table } from './builtin.ts';

const printing: Builtin = {
  receiver: 'none',
  args: 'reads',
  result: 'primitive',
  ordered: 'console',
  coerces: true,
};
const counting: Builtin = { ...computation, ordered: 'console' };
const throwing: Builtin = { ...computation, throws: true };

const functions: Rows = {
  ...alike(computation, 'isFinite', 'isNaN', 'parseFloat', 'parseInt'),
  ...alike(throwing, 'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'atob', 'btoa'),
  structuredClone: { receiver: 'none', args: 'reads', result: 'fresh', throws: true, enumerates: true },
};

export const world: Table = {
  global: functions,
  Console: {
    ...alike(printing, 'assert', 'debug', 'dir', 'dirxml', 'error', 'group', 'groupCollapsed', 'info', 'log'),
    ...alike(printing, 'timeLog', 'trace', 'warn'),
    ...alike(counting, 'count', 'countReset', 'groupEnd', 'time', 'timeEnd'),
    table: { ...printing, enumerates: true },
  },
  Crypto: {
    getRandomValues: {
      receiver: 'none',
      args: 'mutates-first',
      result: 'element',
      ordered: 'random',
      throws: true,
    },
    randomUUID: { ...computation, ordered: 'random' },
  },
  Performance: { now: { ...computation, ordered: 'clock' } },
};
