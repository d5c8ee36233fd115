/** `npm run demo`: compiled next to the program into `.demo/`, and started there. */
import { fileURLToPath } from 'node:url';
import * as xcs from 'xcs';
import * as answers from '../../fixtures/real/package-questions/answer-question.ts';
import * as libraries from '../../fixtures/real/package-questions/library.ts';
import { demo } from './demo.ts';

process.exitCode = await demo(process.argv.slice(2), {
  program: { ...answers, ...libraries },
  xcs,
  folder: fileURLToPath(new URL('../../../node_modules', import.meta.url)),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => performance.now(),
});
