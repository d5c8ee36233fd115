/** Programs that keep the law unless something is wrong: those of the rules and of the regressions, and some of the generator's. */
import { otherFiles } from '../regressions/fields.ts';
import { callThemes, inlinedThemes, loopThemes, memoryThemes } from '../regressions/programs.ts';
import { rules } from '../rules/programs.ts';
import { printRule, violationOf } from '../rules/verdict.ts';
import { BATCH, batches, schedulesFor } from './fuzzing.ts';
import { calm } from './litmus.ts';
import { mostInFlight, overlapCases, printOverlap, type OverlapCase } from './overlap-programs.ts';
import { refute, type Pair } from './prove.ts';
import { differencesOf, printRegression, type Regression } from './regression.ts';

export interface Case {
  readonly name: string;
  readonly source: string;
  /** What is wrong; nothing if it keeps the law. */
  readonly judge: (pair: Pair) => Promise<string>;
}

/** Programs that are compiled as one, with other files that they import. */
export interface Group {
  readonly cases: readonly Case[];
  readonly others: Readonly<Record<string, string>>;
}

/** Fewer than the tests try: there are many changes. */
const SEEDS = 16;
/** As many as make five batches: the first of those that `law.test.ts` proves. */
const LAW = { count: 5 * BATCH, seed: 20_261_122 };

export function groupsOfCases(): readonly Group[] {
  const themes = Object.values({ ...callThemes, ...memoryThemes });
  return [
    { cases: [...rules.map(caseOfRule), ...themes.flat().flatMap(caseOfRegression)], others: otherFiles },
    { cases: Object.values(loopThemes).flat().flatMap(caseOfRegression), others: {} },
    { cases: Object.values(inlinedThemes).flat().flatMap(caseOfRegression), others: {} },
    { cases: overlapCases.map(caseOfOverlap), others: {} },
    ...[...batches(LAW)].map((batch) => ({
      cases: batch.map(({ program, index }) => ({
        name: `program ${index} of the law`,
        source: program.source,
        judge: async (pair: Pair) => {
          const found = await refute(pair, schedulesFor(program, index, LAW));
          return found === undefined ? '' : found.violations.map(({ message }) => message).join('\n');
        },
      })),
      others: {},
    })),
  ];
}

function caseOfRule(rule: (typeof rules)[number]): Case {
  return {
    name: `rule "${rule.name}"`,
    source: printRule(rule),
    judge: (pair) => violationOf(rule, pair, SEEDS),
  };
}

function caseOfRegression(one: Regression): readonly Case[] {
  if (one.knownGap !== undefined) return [];
  const judge = async (pair: Pair): Promise<string> => {
    const differences = await differencesOf(pair, one.ties ?? true, SEEDS);
    const isAsWritten = pair.descriptors.every(({ asWritten }) => asWritten !== undefined);
    return isAsWritten === (one.asWritten ?? false)
      ? differences
      : `${differences} as written: ${isAsWritten}`;
  };
  return [{ name: `regression "${one.claim}"`, source: printRegression(one), judge }];
}

function caseOfOverlap(one: OverlapCase): Case {
  const { claim, calls, inFlight = calls } = one;
  return {
    name: `overlap "${claim}"`,
    source: printOverlap(one),
    judge: async (pair) => {
      const found = mostInFlight(await calm(pair));
      return found === inFlight ? '' : `${found} calls in flight`;
    },
  };
}
