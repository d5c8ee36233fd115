/** Every row with its samples. */
import { expect } from 'vitest';
import { builtins } from '../../transformer/builtins.ts';
import { datedRows } from '../../transformer/builtins/time.ts';
import type { Row, Sample, Samples } from './perform.ts';
import { arraySamples } from './samples/array.ts';
import { collectionSamples } from './samples/collection.ts';
import { numberSamples } from './samples/number.ts';
import { objectSamples } from './samples/object.ts';
import { textSamples } from './samples/text.ts';
import { datedSamples, timeSamples } from './samples/time.ts';
import { worldSamples } from './samples/world.ts';

export interface Case extends Row {
  readonly title: string;
  readonly samples: readonly Sample[];
}

export const samples: Samples = {
  ...arraySamples,
  ...collectionSamples,
  ...numberSamples,
  ...objectSamples,
  ...textSamples,
  ...timeSamples,
  ...worldSamples,
};

export const undatedCases: readonly Case[] = casesOf(builtins, samples, '');
export const allCases: readonly Case[] = [
  ...undatedCases,
  ...casesOf(datedRows, datedSamples, ' with an argument'),
];

/** `Map get`, for all members of all owners. */
export function titles(table: Readonly<Record<string, object>>): readonly string[] {
  return Object.entries(table).flatMap(([owner, rows]) =>
    Object.keys(rows).map((member) => `${owner} ${member}`),
  );
}

function casesOf(table: typeof builtins, source: Samples, suffix: string): readonly Case[] {
  return Object.entries(table).flatMap(([owner, rows]) =>
    Object.entries(rows).map(([member, row]) => {
      const title = `${owner} ${member}${suffix}`;
      const sample = source[owner]?.[member] ?? expect.fail(`${title} has no sample`);
      return { owner, member, row, title, samples: Array.isArray(sample) ? sample : [sample] };
    }),
  );
}
