/** Fuzzes in several processes at once: each takes every so manieth batch, and their reports are added up. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { Counts } from './fuzz-counts.ts';
import type { FuzzOptions, FuzzReport } from './fuzzing.ts';

/** What a worker says to its parent. */
export type FuzzMessage = { readonly programs: number } | { readonly report: FuzzReport };

const here = import.meta.url;
/** Lies where the packages that it imports are found. */
const cache = fileURLToPath(new URL('../../node_modules/.fuzz-', here));

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
  const folder = mkdtempSync(cache);
  const worker = bundle(folder);
  const reports = await Promise.all(parts.map((part) => runWorker(worker, part, note))).finally(() => {
    rmSync(folder, { recursive: true });
  });
  const counts = new Counts();
  for (const { constructs } of reports) counts.addAll(constructs);
  return {
    programs: reports.reduce((sum, { programs }) => sum + programs, 0),
    failures: reports.flatMap(({ failures }) => failures).toSorted((a, b) => a.index - b.index),
    losses: reports.flatMap(({ losses }) => losses),
    constructs: counts.all,
  };
}

/**
 * Compiler, runtime and test helpers as one file: it starts sooner than its sources would through tsx, and does without the
 * names that tsx gives to every function each time it is made.
 */
function bundle(folder: string): string {
  const outfile = join(folder, 'worker.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('fuzz-worker.ts', here))],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Where this file lies, from which test helpers find what programs import.
    define: { 'import.meta.url': JSON.stringify(here) },
  });
  return outfile;
}

function runWorker(
  worker: string,
  options: FuzzOptions,
  onProgress: (programs: number) => void,
): Promise<FuzzReport> {
  // Compiling a batch makes much that dies young.
  const child = fork(worker, { execArgv: ['--max-semi-space-size=64'], serialization: 'advanced' });
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
