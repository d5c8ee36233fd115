/** The plugin's options: validated where they enter, with the option, the value and what is allowed named. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import type { StaticEffect } from '../runtime/descriptor.ts';
import { type PresetName, presetNames } from './presets.ts';

/** A function or method of another module that counts as an operator. */
export interface External {
  /** Module specifier as the code imports it, such as `ai`. */
  readonly from: string;
  /** Exported function, or `Class.method`. */
  readonly name: string;
  /** @default 'sequential' */
  readonly effect?:
    | 'pure'
    | 'unordered'
    | 'sequential'
    | { readonly reads?: string | readonly string[]; readonly writes?: string | readonly string[] };
}

/** Options of the plugin entry in tsconfig.json. */
export interface PluginOptions {
  /** Whatever runs as written is an error. @default false */
  readonly strict?: boolean;
  /** Functions and methods of other modules that count as operators. @default [] */
  readonly externals?: readonly External[];
  /**
   * Packages whose well-known calls count as operators without being declared: `true` for `ai`, `openai`,
   * `@anthropic-ai/sdk`, `@langchain/core` and the global `fetch`, or those of them that are listed. @default true
   */
  readonly presets?: boolean | readonly PresetName[];
  /** Effect of operators that neither declare one nor show it. @default 'sequential' */
  readonly undeclared?: 'sequential' | 'unordered';
  /** File, relative to the tsconfig, that receives the report; `false` for none. @default false */
  readonly report?: string | false;
}

export interface Settings {
  readonly strict: boolean;
  readonly externals: readonly {
    readonly from: string;
    readonly name: string;
    readonly effect: StaticEffect;
  }[];
  readonly presets: readonly PresetName[];
  readonly undeclared: 'sequential' | 'unordered';
  readonly report: string | false;
  /** Stands in each descriptor: code compiled under other options is another code. */
  readonly hash: string;
}

export interface OptionProblem {
  readonly code: 'XCS0011' | 'XCS0012';
  readonly what: string;
}

/** Keys of a plugin entry that belong to ts-patch or to editors. */
const foreign = new Set([
  'transform',
  'name',
  'import',
  'type',
  'transformProgram',
  'tsConfig',
  'resolvePathAliases',
]);

/** The entry of `plugins` that is ours: by name, or by the path of this package's transformer. */
export function pluginEntry(
  { plugins }: ts.CompilerOptions,
  root: string,
): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(plugins)) return undefined;
  const own = fileURLToPath(new URL('./index', import.meta.url));
  const entries: readonly unknown[] = plugins;
  return entries.find((entry: unknown): entry is Readonly<Record<string, unknown>> => {
    if (typeof entry !== 'object' || entry === null || !('transform' in entry)) return false;
    const { transform } = entry;
    if (typeof transform !== 'string') return false;
    return transform === 'xcs/transformer' || resolve(root, transform).replace(/\.[cm]?[jt]s$/, '') === own;
  });
}

/** Reads a plugin entry. What is wrong with it is answered beside the settings, which then keep their defaults. */
export function readOptions(entry: Readonly<Record<string, unknown>>): {
  readonly settings: Settings;
  readonly problems: readonly OptionProblem[];
  /** ts-patch hands over what is no longer the code as written, so that nothing can be compiled. */
  readonly isLate: boolean;
} {
  const problems: OptionProblem[] = [];
  const { strict, externals, presets, undeclared, report, after, afterDeclarations, ...rest } = entry;
  for (const key of Object.keys(rest)) if (!foreign.has(key)) problems.push({ code: 'XCS0011', what: key });
  const check = <T>(
    name: string,
    value: unknown,
    fallback: T,
    allowed: string,
    isValid: (value: unknown) => value is T,
  ): T => {
    if (value === undefined) return fallback;
    if (isValid(value)) return value;
    problems.push({ code: 'XCS0012', what: `\`${name}\` is ${JSON.stringify(value)}; expected ${allowed}` });
    return fallback;
  };
  check('after', after, false, inTime, isFalse);
  check('afterDeclarations', afterDeclarations, false, inTime, isFalse);
  const settings = {
    strict: check('strict', strict, false, 'true or false', (value) => typeof value === 'boolean'),
    externals: check('externals', externals, [], externalsAllowed, isExternals).map(readExternal),
    presets: readPresets(check('presets', presets, true, presetsAllowed, isPresets)),
    undeclared: check('undeclared', undeclared, 'sequential', '"sequential" or "unordered"', isUndeclared),
    report: check('report', report, false, 'a file name or false', isReport),
  };
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);
  return { settings: { ...settings, hash }, problems, isLate: Boolean(after) || Boolean(afterDeclarations) };
}

const inTime = 'it to be left out: what is compiled is the code as written, not what TypeScript makes of it';

function isFalse(value: unknown): value is false {
  return value === false;
}

const externalsAllowed =
  'a list of { from, name, effect }, where `from` and `name` are not empty, and `effect` is left out or "pure", ' +
  '"unordered", "sequential" or { reads, writes } with names';

function isUndeclared(value: unknown): value is 'sequential' | 'unordered' {
  return value === 'sequential' || value === 'unordered';
}

function isReport(value: unknown): value is string | false {
  return value === false || isName(value);
}

const presetsAllowed = `true, false or a list of ${presetNames.map((name) => `"${name}"`).join(', ')}`;

function isPresets(value: unknown): value is boolean | readonly PresetName[] {
  const isPreset = (one: unknown): boolean => presetNames.some((name) => name === one);
  return typeof value === 'boolean' || (Array.isArray(value) && value.every(isPreset));
}

function readPresets(value: boolean | readonly PresetName[]): readonly PresetName[] {
  if (typeof value !== 'boolean') return value;
  return value ? presetNames : [];
}

function isExternals(value: unknown): value is readonly External[] {
  return Array.isArray(value) && value.every(isExternal);
}

function isExternal(value: unknown): value is External {
  if (typeof value !== 'object' || value === null) return false;
  const { from, name, effect, ...rest }: { from?: unknown; name?: unknown; effect?: unknown } = value;
  return isName(from) && isName(name) && isEffect(effect) && Object.keys(rest).length === 0;
}

function isEffect(value: unknown): value is External['effect'] {
  if (value === undefined || value === 'pure' || value === 'unordered' || value === 'sequential') return true;
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  const isResources = entries.every(
    ([key, names]) => (key === 'reads' || key === 'writes') && [names].flat().every(isName),
  );
  return isResources && entries.length > 0;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function readExternal({ from, name, effect = 'sequential' }: External): Settings['externals'][number] {
  return { from, name, effect: staticEffect(effect) };
}

/** What a declared effect says as far as it can be known without the object. */
export function staticEffect(effect: NonNullable<External['effect']>): StaticEffect {
  const kind = typeof effect === 'string' ? effect : 'resources';
  const { reads = [], writes = [] } = typeof effect === 'string' ? {} : effect;
  return {
    kind,
    reads: [reads].flat(),
    writes: [writes].flat(),
    mutates: false,
    state: false,
    known: 'declared',
  };
}
