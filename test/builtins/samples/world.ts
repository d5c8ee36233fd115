/** Samples for global functions, console, clock and random: receiver, then arguments. */
import type { Sample, Samples } from '../perform.ts';

const printing = ['debug', 'dirxml', 'error', 'group', 'groupCollapsed', 'info', 'log', 'trace', 'warn'];
const counting = ['count', 'countReset', 'timeEnd'];

export const worldSamples: Samples = {
  global: {
    atob: () => [undefined, 'YQ=='],
    btoa: () => [undefined, 'a'],
    decodeURI: () => [undefined, '%20'],
    decodeURIComponent: () => [undefined, '%20'],
    encodeURI: () => [undefined, ' '],
    encodeURIComponent: () => [undefined, ' '],
    isFinite: () => [undefined, 1],
    isNaN: () => [undefined, 1],
    parseFloat: () => [undefined, '1.5'],
    parseInt: () => [undefined, '15', 10],
    structuredClone: (x) => [undefined, { a: x.item('a') }],
  },
  Console: {
    ...Object.fromEntries(
      printing.map((name): [string, Sample] => [name, (x) => [undefined, '%s', x.item('a')]]),
    ),
    ...Object.fromEntries(counting.map((name): [string, Sample] => [name, () => [undefined, 'default']])),
    assert: (x) => [undefined, false, '%s', x.item('a')],
    dir: (x) => [undefined, x.item('a'), { customInspect: true }],
    groupEnd: () => [undefined],
    time: () => [undefined, 'a'],
    timeLog: (x) => [undefined, 'default', x.item('a')],
    table: (x) => [undefined, [{ held: x.item('a') }, x.item('b')]],
  },
  Crypto: {
    getRandomValues: () => [undefined, new Uint8Array(64)],
    randomUUID: () => [undefined],
  },
  Performance: { now: () => [undefined] },
};
