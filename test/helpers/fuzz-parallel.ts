/** Fuzzes in several processes at once: each takes every so manieth batch, and their reports are added up. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Counts } from './fuzz-counts.ts';
import type { FuzzOptions, FuzzReport } from './fuzzing.ts';

/** What a worker says to its parent. */
export type FuzzMessage = { readonly programs: number } | { readonly report: FuzzReport };

const worker = fileURLToPath(new URL('fuzz-worker.ts', import.meta.url));

/** `onProgress` is called after each batch with the number of programs done so far. */
export async function fuzzInParallel(
  options: FuzzOptions,
  jobs: number,
  onProgress: (programs: number) => void = () => undefined,
): Promise<FuzzReport> {
  let done = 0;
  const note = (programs: number): void => {
    done += programs;
    onProgress(done);
  };
  const parts = Array.from({ length: jobs }, (_, first) => ({ ...options, part: { of: jobs, first } }));
  const reports = await Promise.all(parts.map((part) => runWorker(part, note)));
  const counts = new Counts();
  for (const { constructs } of reports) counts.addAll(constructs);
  return {
    programs: reports.reduce((sum, { programs }) => sum + programs, 0),
    failures: reports.flatMap(({ failures }) => failures).toSorted((a, b) => a.index - b.index),
    losses: reports.flatMap(({ losses }) => losses),
    constructs: counts.all,
  };
}

function runWorker(options: FuzzOptions, onProgress: (programs: number) => void): Promise<FuzzReport> {
  const child = fork(worker, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  child.send(options);
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what fuzz-worker.ts sends
      const said = message as FuzzMessage;
      if ('report' in said) resolve(said.report);
      else onProgress(said.programs);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      reject(new Error(`A process that fuzzes ended without a report: ${code ?? signal}.`));
    });
  });
}
