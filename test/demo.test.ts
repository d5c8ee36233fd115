import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommandLine } from './demo/command-line.ts';
import { demo, type Output, type Surroundings } from './demo/demo.ts';
import { loadProgram } from './demo/load-program.ts';
import { startModelServer } from './demo/model-server.ts';

const ALLOWED =
  'Allowed are --question, --mermaid, --json, --latency-scale, --models, --embedding-model, --help.';
const ALL_STAGES = (
  'check,check,check,draft in detail,draft in one sentence,draft with the code to use,embed,embed,index,judge,' +
  'rewrite as a statement,rewrite as keywords,rewrite as technical terms,suggest'
).split(',');

class Captured implements Output {
  readonly isTTY: boolean;
  readonly columns = 90;
  text = '';

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

let folder: string;
let loaded: Pick<Surroundings, 'program' | 'xcs'>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcs-demo-'));
  const readmes = {
    'small-cache':
      '# small-cache\n\nA cache that keeps entries in memory. Set `ttl` to make a cache entry expire after some time.\n',
    '@scope/colours':
      '# Colours\n\nWrites coloured text to a terminal, and plain text when the output is not a terminal.\n',
  };
  for (const [name, text] of Object.entries(readmes)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'README.md'), text);
  }
  loaded = loadProgram();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  args: readonly string[],
  { env = {}, isTTY = false }: { env?: Surroundings['env']; isTTY?: boolean } = {},
): Promise<Ran> {
  const [stdout, stderr] = [new Captured(isTTY), new Captured(isTTY)];
  let ticks = 0;
  const now = (): number => (ticks += 1);
  const code = await demo(args, { ...loaded, folder, env, stdout, stderr, now });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe('the flags', () => {
  it('have defaults', () => {
    expect(readCommandLine([])).toEqual({
      kind: 'run',
      question: 'How can I make a cache entry expire after some time?',
      output: 'text',
      latencyScale: 1,
      models: ['gpt-4.1-nano', 'gpt-4o-mini', 'gpt-4.1-mini'],
      embeddingModel: 'text-embedding-3-small',
    });
  });

  it('are read', () => {
    const args = [
      '--question',
      ' Why? ',
      '--json',
      '--latency-scale=0.5',
      '--models',
      'a, b,c',
      '--embedding-model',
      'e',
    ];
    expect(readCommandLine(args)).toEqual({
      kind: 'run',
      question: 'Why?',
      output: 'json',
      latencyScale: 0.5,
      models: ['a', 'b', 'c'],
      embeddingModel: 'e',
    });
  });

  it.each([
    [['--colour'], `Unknown option '--colour'\n${ALLOWED}`],
    [['why'], `Unexpected argument 'why'`],
    [['--question'], `Option '--question <value>' argument missing\n${ALLOWED}`],
    [['--question='], '--question: expected a text, got ""'],
    [['--json=yes'], `Option '--json' does not take an argument\n${ALLOWED}`],
    [['--json', '--mermaid'], '--mermaid and --json both say what to print: give one of them'],
    [['--latency-scale', 'slow'], '--latency-scale: expected a number from 0 up, got "slow"'],
    [['--models', 'a,b'], '--models: expected three names with commas between them, got "a,b"'],
    [['--embedding-model='], '--embedding-model: expected a name, got ""'],
  ])('%j is wrong: says what is allowed, exits with 2', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  it('--help names every flag', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const named = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(ALLOWED).toBe(`Allowed are ${named.join(', ')}.`);
  });
});

/** What each call waits for, read off the program by hand; whatever else it waited for would be time lost. */
const WAITS: Readonly<Record<string, readonly string[]>> = {
  index: [],
  keywords: [],
  statement: [],
  terms: [],
  literal: ['index'],
  byKeywords: ['index', 'keywords'],
  byStatement: ['index', 'statement'],
  byTerms: ['index', 'terms'],
  found: ['byKeywords', 'byStatement', 'byTerms', 'literal'],
  wanted: [],
  vectors: ['found'],
  best: ['found', 'vectors', 'wanted'],
  brief: ['best'],
  practical: ['best'],
  thorough: ['best'],
  briefChecked: ['best', 'brief'],
  practicalChecked: ['best', 'practical'],
  thoroughChecked: ['best', 'thorough'],
  verdict: ['briefChecked', 'practicalChecked', 'thoroughChecked'],
  related: ['best'],
  format: ['best', 'briefChecked', 'practicalChecked', 'related', 'thoroughChecked', 'verdict'],
};

describe('the program', () => {
  it('is compiled whole, and each call waits for nothing but what it needs', () => {
    const graph = loaded.xcs.graphOf(loaded.program.AnswerQuestion);
    const nameOf = (id: string): string =>
      graph.getNodeAttribute(id, 'label').replace(/^(?:\$\d+ = )?this\.|(?<!\$\d+) = this\..*$/, '');
    const waits = [...graph.dependencies()].map(([id, befores]) => [
      nameOf(id),
      befores.map(nameOf).toSorted(),
    ]);
    expect(Object.fromEntries(waits)).toEqual(WAITS);
  });

  it('has no fence and no barrier', () => {
    const explanation = loaded.xcs.explain(loaded.program.AnswerQuestion);
    expect(explanation).not.toMatch(/fence|barrier|runs as written/);
  });
});

describe('the demo', () => {
  it('prints the question, the graph, both timelines, equal answers and the speed-up, and no progress in a pipe', async () => {
    const { code, stdout, stderr } = await run(['--latency-scale', '0']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('How can I make a cache entry expire after some time?');
    expect(stdout).toContain('Set `ttl` to make a cache entry expire after some time. [1]');
    expect(stdout).toContain('Sources: small-cache');
    expect(stdout).toContain('Graph: 21 calls, 9 of them in a row at least');
    expect(stdout).toMatch(/^ +5 +literal = this\.search +after 1 \(resource "index"\)$/m);
    expect(stdout).toMatch(/^as written: \d+\.\d\d s, 1 at once at most$/m);
    expect(stdout).toMatch(/^compiled: /m);
    expect(stdout).toContain('Answers equal: yes');
    expect(stdout).toContain('Same calls:    yes, 14 in both runs');
    expect(stdout).toMatch(/^Speed-up: +\d+\.\d\d×/m);
    expect(stdout).not.toContain('\u001B');
  });

  it('runs all independent calls together, and never two as written', async () => {
    const { code, stdout } = await run(['--latency-scale', '0', '--json']);
    const found = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(found).toMatchObject({ equal: true, sameCalls: true, answer: { sources: ['small-cache'] } });
    const [written, compiled] = found.runs;
    expect(written).toMatchObject({ name: 'as written', mostAtOnce: 1 });
    // The index, three rewrites and the embedding of the question wait for nothing.
    expect(compiled).toMatchObject({ name: 'compiled', answer: written.answer });
    expect(compiled.mostAtOnce).toBeGreaterThanOrEqual(5);
    for (const { calls } of [written, compiled]) {
      expect(calls.map(({ label }: { label: string }) => label).toSorted()).toEqual(ALL_STAGES);
    }
  });

  it('--json prints the graph that --mermaid draws, and nothing else', async () => {
    const json = await run(['--latency-scale', '0', '--json']);
    const mermaid = await run(['--mermaid']);
    expect(JSON.parse(json.stdout).mermaid).toBe(mermaid.stdout.trimEnd());
    expect(mermaid.code).toBe(0);
    expect(mermaid.stdout).toMatch(/^(flowchart|graph) /);
    expect(mermaid.stderr).toBe('');
  });

  it('has a progress line and colours on a terminal, and no colours under NO_COLOR', async () => {
    const terminal = await run(['--latency-scale', '0'], { isTTY: true });
    expect(terminal.stderr).toContain('compiled: ');
    expect(terminal.stderr.endsWith('\r\u001B[K')).toBe(true);
    expect(terminal.stdout).toContain('\u001B[32m');
    const plain = await run(['--latency-scale', '0'], { isTTY: true, env: { NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001B');
  });

  it('gives another answer to another question', async () => {
    const question = 'How do I write coloured text to a terminal?';
    const { stdout } = await run(['--latency-scale', '0', '--json', '--question', question]);
    const { answer } = JSON.parse(stdout);
    expect(answer.text).toContain('Writes coloured text to a terminal');
    expect(answer.sources).toEqual(['@scope/colours']);
  });

  it('answers when nothing is found', async () => {
    const { code, stdout } = await run(['--latency-scale', '0', '--json', '--question', 'zzz?']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).answer.text).toBe('The passages do not say.');
  });

  it('with a key and a base URL it asks that server, and says what is wrong if that fails', async () => {
    const server = await startModelServer({ latencyScale: 0 });
    const env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.url };
    try {
      const { code, stdout } = await run([], { env });
      expect(code).toBe(0);
      expect(stdout).toContain(`Models    ${server.url}`);
      const failed = await run(['--models', 'gpt-0,gpt-4o-mini,gpt-4o-mini'], { env });
      expect(failed).toMatchObject({ code: 1, stdout: '' });
      expect(failed.stderr).toMatch(/^The program failed: 404 The model `gpt-0` does not exist/);
    } finally {
      await server.close();
    }
  });
});
