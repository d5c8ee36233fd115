/** A process of `fuzz-parallel.ts`: is sent options once, answers with progress and at last with its report. */
import type { FuzzMessage } from './fuzz-parallel.ts';
import { fuzz, type FuzzOptions } from './fuzzing.ts';

const say = (message: FuzzMessage): void => {
  process.send?.(message);
};

process.once('message', (message) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what fuzz-parallel.ts sends
  const options = message as FuzzOptions;
  void run(options);
});

async function run(options: FuzzOptions): Promise<void> {
  try {
    say({ report: await fuzz(options, (programs) => say({ programs })) });
  } catch (error) {
    process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
    process.exitCode = 1;
  }
  process.disconnect();
}
