/** What the programs of `programs/` are held to: the numbers of their table, and how far the compiler has come. */
import type { Rounds } from '../helpers/whole-runs.ts';

export const FILES: readonly string[] = [
  'tree-of-thoughts',
  'summaries',
  'software-team',
  'network-of-networks',
  'planned-searches',
  'hybrid-retrieval',
  'best-of-samples',
  'evaluation',
  'calendar-agent',
  'debate',
  'guardrails',
  'hostile',
].map((name) => `test/bench/programs/${name}.ts`);

/** When the compiler gets better, `reached` says so: lower it down to `target`, never raise it. */
export const ROUNDS: Readonly<Record<string, Rounds>> = {
  'B1 tree of thoughts': { calls: 144, asWritten: 144, target: 8, reached: 8 },
  'B2 map-reduce, 20 chunks': { calls: 21, asWritten: 21, target: 2, reached: 2 },
  'B2 map-reduce, 117 chunks': { calls: 118, asWritten: 118, target: 2, reached: 2 },
  'B3 refine chain': { calls: 20, asWritten: 20, target: 20, reached: 20 },
  'B4 software team': { calls: 57, asWritten: 57, target: 8, reached: 8 },
  'B5 network of networks': { calls: 20, asWritten: 20, target: 4, reached: 4 },
  'B6a searches and join': { calls: 9, asWritten: 9, target: 2, reached: 2 },
  'B6b branches and compare': { calls: 9, asWritten: 9, target: 3, reached: 3 },
  'B6c two and one': { calls: 3, asWritten: 3, target: 2, reached: 2 },
  'B6d half by hand': { calls: 5, asWritten: 3, target: 2, reached: 2 },
  'B7 hybrid retrieval': { calls: 18, asWritten: 18, target: 4, reached: 4 },
  'B9a self-consistency': { calls: 11, asWritten: 11, target: 2, reached: 2 },
  'B9b best of six': { calls: 6, asWritten: 6, target: 6, reached: 6 },
  'B10 evaluation': { calls: 100, asWritten: 100, target: 3, reached: 3 },
  'B11 calendar agent': { calls: 10, asWritten: 10, target: 6, reached: 6 },
  'B12 debate, simultaneous': { calls: 13, asWritten: 13, target: 4, reached: 4 },
  'B12 debate, round-robin': { calls: 13, asWritten: 13, target: 13, reached: 13 },
  'B15 guardrails': { calls: 6, asWritten: 6, target: 6, reached: 6 },
  'B15 guardrails, blocked': { calls: 2, asWritten: 2, target: 2, reached: 2 },
  'C2 hostile': { calls: 9, asWritten: 9, target: 9, reached: 9 },
};
