/** Samples for `Date` and `Intl`: receiver, then arguments. */
import type { Sample, Samples } from '../perform.ts';

const date = (): Date => new Date(Date.UTC(2001, 1, 3, 4, 5, 6, 7));

const getters = ['Date', 'Day', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds'];
const setters = ['Date', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds'];
const asking = [
  ...getters.flatMap((name) => [`get${name}`, `getUTC${name}`]),
  'getTime',
  'getTimezoneOffset',
  'toDateString',
  'toISOString',
  'toString',
  'toTimeString',
  'toUTCString',
  'valueOf',
];
const setting = [...setters.flatMap((name) => [`set${name}`, `setUTC${name}`]), 'setTime'];
const locale = ['toLocaleDateString', 'toLocaleString', 'toLocaleTimeString'];

export const timeSamples: Samples = {
  Date: {
    ...Object.fromEntries(asking.map((name): [string, Sample] => [name, () => [date()]])),
    ...Object.fromEntries(setting.map((name): [string, Sample] => [name, () => [date(), 11]])),
    ...Object.fromEntries(locale.map((name): [string, Sample] => [name, () => [date(), 'en', {}]])),
  },
  DateConstructor: {
    call: () => [undefined],
    new: () => [undefined],
    now: () => [undefined],
    parse: () => [undefined, '2001-02-03'],
    UTC: () => [undefined, 2001, 1],
  },
  'Intl.Collator': {
    compare: () => [new Intl.Collator('en'), 'a', 'b'],
    resolvedOptions: () => [new Intl.Collator('en')],
  },
  'Intl.CollatorConstructor': { new: () => [undefined, ['en'], { numeric: true }] },
  'Intl.DateTimeFormat': {
    format: (x) => [new Intl.DateTimeFormat('en'), x.convertible(date(), 0)],
    formatToParts: (x) => [new Intl.DateTimeFormat('en'), x.convertible(date(), 0)],
    resolvedOptions: () => [new Intl.DateTimeFormat('en')],
  },
  'Intl.DateTimeFormatConstructor': { new: () => [undefined, ['en'], { dateStyle: 'short' }] },
  'Intl.ListFormat': {
    format: (x) => [new Intl.ListFormat('en'), x.list(['a', 'b'])],
    new: () => [undefined, ['en'], { type: 'unit' }],
    resolvedOptions: () => [new Intl.ListFormat('en')],
  },
  'Intl.NumberFormat': {
    format: () => [new Intl.NumberFormat('en'), 1.5],
    formatToParts: () => [new Intl.NumberFormat('en'), 1.5],
    resolvedOptions: () => [new Intl.NumberFormat('en')],
  },
  'Intl.NumberFormatConstructor': { new: () => [undefined, ['en'], { style: 'percent' }] },
  'Intl.PluralRules': {
    resolvedOptions: () => [new Intl.PluralRules('en')],
    select: () => [new Intl.PluralRules('en'), 2],
  },
  'Intl.PluralRulesConstructor': { new: () => [undefined, ['en'], { type: 'ordinal' }] },
  'Intl.RelativeTimeFormat': {
    format: () => [new Intl.RelativeTimeFormat('en'), -1, 'day'],
    new: () => [undefined, ['en'], { numeric: 'auto' }],
    resolvedOptions: () => [new Intl.RelativeTimeFormat('en')],
  },
};

/** With an argument, the clock is not read. */
export const datedSamples: Samples = {
  DateConstructor: { new: () => [undefined, date()] },
  'Intl.DateTimeFormat': {
    format: (x) => [new Intl.DateTimeFormat('en'), x.convertible(date(), 0)],
    formatToParts: (x) => [new Intl.DateTimeFormat('en'), x.convertible(date(), 0)],
  },
};
