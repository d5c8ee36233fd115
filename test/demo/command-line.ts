/** The flags of the demo: what they are, what they mean, and what is said about a wrong one. */
import { parseArgs } from 'node:util';

export interface Flags {
  readonly kind: 'run';
  readonly question: string;
  readonly output: 'text' | 'mermaid' | 'json';
  readonly latencyScale: number;
  readonly models: readonly [string, string, string];
  readonly embeddingModel: string;
}

export type CommandLine =
  | Flags
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

const DEFAULTS = {
  question: 'How can I make a cache entry expire after some time?',
  'latency-scale': '1',
  models: 'gpt-4.1-nano,gpt-4o-mini,gpt-4.1-mini',
  'embedding-model': 'text-embedding-3-small',
} as const;

export const HELP: string = `Usage: npm run demo -- [flags]

Answers a question about the packages in node_modules from what they say of themselves, once with the program
as written and once compiled, and shows how the calls of both runs overlap.

  --question TEXT         what to ask (default: "${DEFAULTS.question}")
  --mermaid               print the graph of the program as Mermaid, and nothing else; asks no model
  --json                  print the graph, both runs and the answer as JSON, and nothing else
  --latency-scale NUMBER  multiplies how long the local models take; 0 answers at once (default: ${DEFAULTS['latency-scale']})
  --models A,B,C          a quick, an ordinary and a thorough chat model
                          (default: ${DEFAULTS.models})
  --embedding-model NAME  (default: ${DEFAULTS['embedding-model']})
  --help                  this text

The models are a server on this machine that picks sentences from the README files and takes as long as a
model would. With OPENAI_API_KEY set (and OPENAI_BASE_URL, for another server) it asks the real ones.
With --json and --mermaid use \`npm run -s demo -- …\`, so that npm prints nothing of its own.
`;

export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: OPTIONS,
      strict: true,
      allowPositionals: false,
    });
    return values.help === true ? { kind: 'help' } : readFlags({ ...DEFAULTS, ...values });
  } catch (error) {
    return { kind: 'wrong', message: explain(error) };
  }
}

const OPTIONS = {
  question: { type: 'string' },
  mermaid: { type: 'boolean' },
  json: { type: 'boolean' },
  'latency-scale': { type: 'string' },
  models: { type: 'string' },
  'embedding-model': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Values {
  readonly question: string;
  readonly mermaid?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly 'latency-scale': string;
  readonly models: string;
  readonly 'embedding-model': string;
}

function readFlags(values: Values): CommandLine {
  const scale = values['latency-scale'];
  const [quick, ordinary, thorough, ...more] = values.models.split(',').map((name) => name.trim());
  if (values.question.trim() === '') return wrong('--question', 'a text', values.question);
  if (!/^\d+(\.\d+)?$/.test(scale)) return wrong('--latency-scale', 'a number from 0 up', scale);
  if (!quick || !ordinary || !thorough || more.length > 0) {
    return wrong('--models', 'three names with commas between them', values.models);
  }
  if (values['embedding-model'].trim() === '') return wrong('--embedding-model', 'a name', '');
  if (values.mermaid === true && values.json === true) {
    return { kind: 'wrong', message: '--mermaid and --json both say what to print: give one of them' };
  }
  return {
    kind: 'run',
    question: values.question.trim(),
    output: values.json === true ? 'json' : values.mermaid === true ? 'mermaid' : 'text',
    latencyScale: Number(scale),
    models: [quick, ordinary, thorough],
    embeddingModel: values['embedding-model'].trim(),
  };
}

function wrong(flag: string, expected: string, got: string): CommandLine {
  return { kind: 'wrong', message: `${flag}: expected ${expected}, got ${JSON.stringify(got)}` };
}

/** What `parseArgs` found wrong, in its words up to its advice, and what is allowed. */
function explain(error: unknown): string {
  const [reason] = (error instanceof Error ? error.message : String(error)).split(/\. (?=To )|\n/);
  const allowed = Object.keys(OPTIONS).map((name) => `--${name}`);
  return `${reason ?? ''}\nAllowed are ${allowed.join(', ')}. \`npm run demo -- --help\` explains them.`;
}
