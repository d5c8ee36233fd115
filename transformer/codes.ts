/**
 * Every code that this package can say, with its explanation: one source for messages, `xcs explain XCS3004`, `codes.md` and
 * the tests that each example says its code.
 */
import type { XCSCode } from '../runtime/errors.ts';
import { catalogue, type Code, isCode } from './catalogue.ts';
import { asWritten } from './explanations/as-written.ts';
import { type Example, type Explanation, PREAMBLE } from './explanations/explanation.ts';
import { kept } from './explanations/kept.ts';
import { misuse } from './explanations/misuse.ts';
import { runTime } from './explanations/run-time.ts';

/** A code of the compiler or of the runtime. */
export type KnownCode = Code | XCSCode;

/** No code is said by the compiler and by the runtime, so that each has one meaning. */
export const explanations: Readonly<Record<KnownCode, Explanation>> = {
  ...misuse,
  ...asWritten,
  ...kept,
  ...runTime,
};

export const knownCodes: readonly string[] = Object.keys(explanations).toSorted();

export function isKnownCode(code: string): code is KnownCode {
  return Object.hasOwn(explanations, code);
}

const AREAS: Readonly<Record<string, string>> = {
  XCS0: 'set-up',
  XCS1: 'wrong use, an error',
  XCS2: 'runs as written',
  XCS3: 'keeps its place',
  XCS4: 'an opportunity',
  XCS5: 'a bug in xcs',
  XCS9: 'at run time',
};

/** The entry of `code` as plain text. */
export function printCode(code: KnownCode): string {
  const { why, example, fixed } = explanations[code];
  const hint = isCode(code) ? [`  to change that: ${catalogue[code].hint}`] : [];
  return [
    `${code}  ${areaOf(code)}`,
    `  ${titleOf(code)}`,
    `  ${why}`,
    ...hint,
    '',
    'example',
    ...indent(example),
    ...(fixed === undefined ? [] : ['', 'fixed', ...indent(fixed)]),
    '',
  ].join('\n');
}

/** The page of all codes. */
export function printCodesPage(): string {
  return [
    '# Codes',
    '',
    'Written by `UPDATE_DOCS=1 npx vitest run test/codes.test.ts`; `xcs explain CODE` prints an entry. Each program stands behind',
    '',
    '```ts',
    PREAMBLE.trimEnd(),
    '```',
    '',
    ...knownCodes.filter(isKnownCode).flatMap(printSection),
  ].join('\n');
}

function printSection(code: KnownCode): readonly string[] {
  const { why, example, fixed } = explanations[code];
  const hint = isCode(code) ? [`To change that: ${catalogue[code].hint}.`, ''] : [];
  return [
    `## ${code}`,
    '',
    `*${areaOf(code)}*: ${titleOf(code)}. ${why}`,
    '',
    ...hint,
    ...fence(example),
    ...(fixed === undefined ? [] : ['Fixed:', '', ...fence(fixed)]),
  ];
}

function titleOf(code: KnownCode): string {
  const { title } = explanations[code];
  return title ?? (isCode(code) ? catalogue[code].message.replace('%', '…') : code);
}

function areaOf(code: KnownCode): string {
  return AREAS[code.slice(0, 4)] ?? 'unknown';
}

function indent({ code }: Example): readonly string[] {
  return code.split('\n').map((line) => `  ${line}`);
}

const LANGUAGES: Readonly<Record<Example['kind'], string>> = {
  program: 'ts',
  run: 'ts',
  plugin: 'jsonc',
  text: 'text',
};

function fence({ kind, code }: Example): readonly string[] {
  return [`\`\`\`${LANGUAGES[kind]}`, code, '```', ''];
}
