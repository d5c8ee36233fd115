/** Every kind of statement of generated programs, with how often it is drawn: after how often such code is written. */
import { CARRIED } from './program-carried.ts';
import { BLOCKS as CONTROL } from './program-control.ts';
import { EXITS, SHORT_CIRCUITS } from './program-exits.ts';
import { FUNCTIONS } from './program-functions.ts';
import { SIMPLE } from './program-statements.ts';
import type { ProgramWriter } from './program-writer.ts';

export interface Statement {
  readonly kind: string;
  readonly picks: readonly number[];
  /** What stands inside, part by part. */
  readonly bodies: readonly (readonly Statement[])[];
}

interface Kind {
  readonly weight: number;
  readonly parts: number;
  readonly isStraight: boolean;
}

const BLOCKS = { ...CONTROL, ...FUNCTIONS };
const LEAVES = { ...SIMPLE, ...EXITS, ...SHORT_CIRCUITS, ...CARRIED };

/** Of a hundred functions that await several calls, 72 return early, 43 handle failures, 35 loop. */
const WEIGHTS: Readonly<Record<string, number>> = {
  call: 4,
  log: 3,
  if: 6,
  try: 6,
  'for of': 4,
  'early return': 4,
};

export const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...Object.keys(LEAVES).map((kind) => [kind, kindOf(kind, 0, kind in SIMPLE)] as const),
  ...Object.entries(BLOCKS).map(([kind, { parts }]) => [kind, kindOf(kind, parts, false)] as const),
]);

function kindOf(kind: string, parts: number, isStraight: boolean): Kind {
  return { weight: WEIGHTS[kind] ?? 1, parts, isStraight };
}

/** Names for several kinds at once. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  loops: Object.keys(BLOCKS).filter((kind) => /^(for|while|do)\b/.test(kind)),
  functions: Object.keys(FUNCTIONS),
  exits: Object.keys(EXITS),
  'short circuits': Object.keys(SHORT_CIRCUITS),
  carried: Object.keys(CARRIED),
  straight: Object.keys(SIMPLE),
};

export function printStatement(writer: ProgramWriter, statement: Statement): void {
  const { kind, picks, bodies } = statement;
  writer.draw.during(picks, () => {
    writer.draw.tag(kind);
    const block = BLOCKS[kind];
    if (block === undefined) LEAVES[kind]?.(writer);
    else {
      block.print(writer, (part) => {
        for (const inner of bodies[part] ?? []) printStatement(writer, inner);
      });
    }
  });
}
