/**
 * Programs in the shapes of published agents and tools: equal to the code as written when calls fail, and as fast as they
 * are said to be. Why each target is what it is stands at the top of the program.
 */
import { describe, expect, it } from 'vitest';
import { graphFromDescriptor } from '../runtime/graph/from-descriptor.ts';
import { XCSGraph } from '../runtime/graph/graph.ts';
import { loadWholePrograms } from './helpers/whole-programs.ts';
import { findDifference, measureRounds, type Rounds } from './helpers/whole-runs.ts';

/** When the compiler gets better, `reached` says so: lower it down to `target`, never raise it. */
const ROUNDS: Readonly<Record<string, Rounds>> = {
  'triage issues': { calls: 9, asWritten: 9, target: 5, reached: 5 },
  'triage issues, none open': { calls: 1, asWritten: 1, target: 1, reached: 1 },
  'deep research': { calls: 16, asWritten: 16, target: 10, reached: 11 },
  'review a pull request': { calls: 11, asWritten: 11, target: 3, reached: 3 },
  'extract records': { calls: 8, asWritten: 8, target: 3, reached: 3 },
  'answer with tools': { calls: 9, asWritten: 9, target: 5, reached: 5 },
  'run evals': { calls: 13, asWritten: 13, target: 3, reached: 3 },
  'ingest documents': { calls: 14, asWritten: 14, target: 6, reached: 6 },
  'translate a catalogue': { calls: 12, asWritten: 12, target: 2, reached: 2 },
  'group chat': { calls: 9, asWritten: 9, target: 5, reached: 5 },
  'plan and execute': { calls: 7, asWritten: 7, target: 5, reached: 5 },
};

const FILES = [
  'answer-with-tools',
  'deep-research',
  'extract-records',
  'group-chat',
  'ingest-documents',
  'plan-and-execute',
  'review-pull-request',
  'run-evals',
  'translate-catalogue',
  'triage-issues',
].map((name) => `fixtures/real/${name}.ts`);

const { programs, descriptors } = loadWholePrograms(['test/real/subjects.ts'], FILES);

it('are all held to something', () => {
  expect([...programs.keys()].toSorted()).toEqual(Object.keys(ROUNDS).toSorted());
});

it.each(descriptors.filter(({ asWritten }) => asWritten === undefined))(
  '$name has a graph with the longest chain that the compiler found, and it goes through JSON',
  (descriptor) => {
    const graph = graphFromDescriptor(descriptor);
    expect(graph.criticalPath()).toHaveLength(descriptor.criticalPath);
    const copy = XCSGraph.fromJSON(JSON.parse(JSON.stringify(graph)));
    expect([copy.toMermaid(), copy.toDot(), copy.waves()]).toEqual([
      graph.toMermaid(),
      graph.toDot(),
      graph.waves(),
    ]);
  },
);

describe.each([...programs.values()])('$name', (program) => {
  const rounds = ROUNDS[program.name];
  const calls = rounds?.calls ?? 1;

  it('is what the code as written is, whatever fails', async () => {
    expect(await findDifference(program, { seeds: 100, calls })).toBe('');
  });

  it('is that under a limit too', async () => {
    expect(await findDifference(program, { seeds: 40, calls, limit: 2 })).toBe('');
  });

  it('takes the rounds that it is said to take', async () => {
    expect(await measureRounds(program, rounds?.target ?? 0)).toEqual(rounds);
  });
});
