/** The demo: runs the program as written and compiled, on the same models, and reports how the calls overlap. */
import { isDeepStrictEqual } from 'node:util';
import OpenAI from 'openai';
import type { explain, graphOf } from 'xcs';
import type { AnswerQuestion } from '../../fixtures/real/package-questions/answer-question.ts';
import type { Library } from '../../fixtures/real/package-questions/library.ts';
import { type Flags, HELP, readCommandLine } from './command-line.ts';
import { startModelServer } from './model-server.ts';
import { Recorder } from './recorder.ts';
import { type Report, type Run, toJson, toText } from './report.ts';

/** What the demo needs of the outside. */
export interface Surroundings {
  /** The compiled program. */
  readonly program: { readonly AnswerQuestion: typeof AnswerQuestion; readonly Library: typeof Library };
  /** The runtime that the program was loaded with. */
  readonly xcs: { readonly explain: typeof explain; readonly graphOf: typeof graphOf };
  /** The `node_modules` that the question is about. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly now: () => number;
}

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The model server that is asked, and how the program reaches it. */
interface Models {
  readonly what: string;
  readonly apiKey: string;
  readonly baseURL: string | undefined;
  readonly local: boolean;
  readonly close: () => Promise<void>;
}

/** Runs the demo and answers its exit code: 0, 1 if a run failed or the answers differ, 2 for wrong flags. */
export async function demo(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  const line = readCommandLine(args);
  if (line.kind === 'run') return await runWith(line, surroundings);
  if (line.kind === 'wrong') {
    stderr.write(`${line.message}\n`);
    return 2;
  }
  stdout.write(HELP);
  return 0;
}

async function runWith(flags: Flags, surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  try {
    if (flags.output === 'mermaid') {
      stdout.write(`${surroundings.xcs.graphOf(surroundings.program.AnswerQuestion).toMermaid()}\n`);
      return 0;
    }
    const report = await compareWith(flags, surroundings);
    const colours = stdout.isTTY === true && !surroundings.env['NO_COLOR'];
    const text = toText(report, { colours, width: widthOf(stdout) });
    stdout.write(flags.output === 'json' ? toJson(report) : text);
    return report.equal ? 0 : 1;
  } catch (error) {
    clearProgress(stderr);
    stderr.write(`The program failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function compareWith(flags: Flags, surroundings: Surroundings): Promise<Report> {
  const models = await connect(flags, surroundings.env);
  try {
    return await compare(flags, models, surroundings);
  } finally {
    await models.close();
  }
}

async function connect({ latencyScale }: Flags, env: Surroundings['env']): Promise<Models> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = env;
  if (apiKey) {
    const what = baseURL || 'the OpenAI API';
    return { what, apiKey, baseURL: baseURL || undefined, local: false, close: async () => {} };
  }
  const { url, close } = await startModelServer({ latencyScale });
  return { what: `a model server on loopback, ${url}`, apiKey: 'local', baseURL: url, local: true, close };
}

async function compare(flags: Flags, models: Models, surroundings: Surroundings): Promise<Report> {
  const { program, xcs } = surroundings;
  await warmUp(flags, models, surroundings);
  const { run: written } = await runOnce('as written', flags, models, surroundings);
  const { run: compiled, operator } = await runOnce('compiled', flags, models, surroundings);
  clearProgress(surroundings.stderr);
  return {
    question: flags.question,
    models: models.what,
    graph: xcs.graphOf(program.AnswerQuestion),
    explanation: xcs.explain(operator),
    written,
    compiled,
    equal: isDeepStrictEqual(written.answer, compiled.answer),
  };
}

/** Whatever runs first in a process is slower, so both ways run once on models that answer at once. */
async function warmUp(flags: Flags, { local }: Models, surroundings: Surroundings): Promise<void> {
  if (!local) return;
  const { url, close } = await startModelServer({ latencyScale: 0 });
  const models = { what: url, apiKey: 'local', baseURL: url, local, close };
  try {
    await runOnce('as written', flags, models, surroundings);
    await runOnce('compiled', flags, models, surroundings);
  } finally {
    await close();
  }
}

interface Ran {
  readonly run: Run;
  readonly operator: AnswerQuestion;
}

async function runOnce(
  name: Run['name'],
  flags: Flags,
  models: Models,
  surroundings: Surroundings,
): Promise<Ran> {
  const { program, folder, now } = surroundings;
  const recorder = new Recorder(now, (running, ended) => {
    showProgress(surroundings.stderr, `${name}: ${ended} calls done, now ${running.join(', ') || 'nothing'}`);
  });
  const client = new OpenAI({
    apiKey: models.apiKey,
    ...(models.baseURL === undefined ? {} : { baseURL: models.baseURL }),
    fetch: recorder.fetch,
    maxRetries: 2,
    timeout: 60_000,
  });
  const library = recordLibrary(new program.Library(), recorder);
  const settings = { client, chat: flags.models, embedding: flags.embeddingModel };
  const operator = new program.AnswerQuestion(settings, library);
  if (name === 'as written') operator.disableJit();
  const answer = await operator.invoke({ question: flags.question, folder });
  return { operator, run: { name, answer, milliseconds: recorder.elapsed, calls: recorder.intervals } };
}

/** Searches take no time to speak of; building the index does. */
function recordLibrary(library: Library, recorder: Recorder): Library {
  const build = library.build.bind(library);
  library.build = async (folder) => await recorder.record('index', folder, async () => await build(folder));
  return library;
}

/** A pipe has no columns, and a terminal that does not know its own says 0. */
function widthOf({ columns }: Output): number {
  return columns === undefined || columns === 0 ? 100 : Math.max(60, columns);
}

function showProgress(stderr: Output, text: string): void {
  if (stderr.isTTY === true) stderr.write(`\r\u001B[K${text.slice(0, widthOf(stderr) - 1)}`);
}

function clearProgress(stderr: Output): void {
  if (stderr.isTTY === true) stderr.write('\r\u001B[K');
}
