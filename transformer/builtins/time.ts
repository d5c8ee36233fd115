/**
 * `Date` and `Intl`. The time zone and the default locale count as constants. A builtin that reads the clock only for want
 * of a date has its ordered row here and its other one in `datedRows`. Left out: `Temporal`, `Intl.Segmenter`,
 * `Intl.Locale`, `Date.toJSON`, `Symbol.toPrimitive`, and everything that Intl formats as a range.
 */
import { alike, computation, question, type Builtin, type Rows, type Table } from './builtin.ts';

const localized: Builtin = { ...question, args: 'reads', throws: true };
const setting: Builtin = { receiver: 'mutates', args: 'none', result: 'primitive' };
const constructing: Builtin = { receiver: 'none', args: 'reads', result: 'fresh', throws: true };
const options: Rows = { resolvedOptions: { ...question, result: 'fresh' } };
const formatting: Builtin = { ...question, args: 'reads', throws: true, coerces: true };

/** A `Date` is read by its time, whatever its `valueOf`. */
const dating: Builtin = { receiver: 'none', args: 'reads', result: 'fresh' };

const dates: Table = {
  Date: {
    ...alike(question, 'getDate', 'getDay', 'getFullYear', 'getHours', 'getMilliseconds', 'getMinutes'),
    ...alike(question, 'getMonth', 'getSeconds', 'getTime', 'getTimezoneOffset', 'getUTCDate', 'getUTCDay'),
    ...alike(question, 'getUTCFullYear', 'getUTCHours', 'getUTCMilliseconds', 'getUTCMinutes', 'getUTCMonth'),
    ...alike(question, 'getUTCSeconds', 'toDateString', 'toString', 'toTimeString', 'toUTCString', 'valueOf'),
    ...alike(localized, 'toLocaleDateString', 'toLocaleString', 'toLocaleTimeString'),
    ...alike(setting, 'setDate', 'setFullYear', 'setHours', 'setMilliseconds', 'setMinutes', 'setMonth'),
    ...alike(setting, 'setSeconds', 'setTime', 'setUTCDate', 'setUTCFullYear', 'setUTCHours'),
    ...alike(setting, 'setUTCMilliseconds', 'setUTCMinutes', 'setUTCMonth', 'setUTCSeconds'),
    toISOString: { ...question, throws: true },
  },
  DateConstructor: {
    ...alike(computation, 'parse', 'UTC'),
    call: { ...computation, ordered: 'clock' },
    new: { ...dating, ordered: 'clock' },
    now: { ...computation, ordered: 'clock' },
  },
};

export const times: Table = {
  ...dates,
  'Intl.Collator': { ...options, compare: question },
  'Intl.CollatorConstructor': { new: constructing },
  'Intl.DateTimeFormat': {
    ...options,
    format: { ...formatting, ordered: 'clock' },
    formatToParts: { ...formatting, result: 'fresh', ordered: 'clock' },
  },
  'Intl.DateTimeFormatConstructor': { new: constructing },
  'Intl.ListFormat': {
    ...options,
    format: { ...question, args: 'reads', iterates: true },
    new: constructing,
  },
  'Intl.NumberFormat': { ...options, format: question, formatToParts: { ...question, result: 'fresh' } },
  'Intl.NumberFormatConstructor': { new: constructing },
  'Intl.PluralRules': { ...options, select: question },
  'Intl.PluralRulesConstructor': { new: constructing },
  // Infinity is a number, and refused.
  'Intl.RelativeTimeFormat': { ...options, format: { ...question, throws: true }, new: constructing },
};

/** The same with at least one argument: no clock. */
export const datedRows: Table = {
  DateConstructor: { new: dating },
  'Intl.DateTimeFormat': { format: formatting, formatToParts: { ...formatting, result: 'fresh' } },
};
