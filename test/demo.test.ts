import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommandLine } from './demo/command-line.ts';
import { demo, type Output, type Surroundings } from './demo/demo.ts';
import { loadProgram } from './demo/load-program.ts';
import { startModelServer } from './demo/model-server.ts';
import { quiet, watch } from './helpers/gates.ts';

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

const READMES = 'for (const source of this.sources)';
const REWRITES = 'for (const rewrite of this.rewrites)';
const WRITERS = 'for (const writer of this.writers)';

/** What each call and loop waits for, read off the program by hand; whatever else it waited for would be time lost. */
const WAITS: Readonly<Record<string, readonly string[]>> = {
  'this.index': [],
  'wanted = this.embed': [],
  [REWRITES]: [],
  'query = this.rewrites': [],
  [READMES]: [],
  try: [],
  'this.sources': ['query = this.rewrites', 'this.index'],
  catch: ['this.sources'],
  'this.anywhere': ['query = this.rewrites', 'this.index'],
  'found = this.fuse': [REWRITES],
  // Nothing may be asked after the early exit before it is decided, which it is by what was found.
  'vectors = this.embed': [REWRITES, 'found = this.fuse'],
  'best = this.rerank': [REWRITES, 'found = this.fuse', 'vectors = this.embed', 'wanted = this.embed'],
  [WRITERS]: [REWRITES, 'found = this.fuse'],
  'draft = this.writers': [REWRITES, 'best = this.rerank', 'found = this.fuse'],
  'this.check': [REWRITES, 'best = this.rerank', 'draft = this.writers', 'found = this.fuse'],
  'verdict = this.judge': [WRITERS, REWRITES, 'found = this.fuse'],
  'related = this.suggest': [REWRITES, 'best = this.rerank', 'found = this.fuse'],
  'this.format': [
    WRITERS,
    REWRITES,
    'best = this.rerank',
    'found = this.fuse',
    'related = this.suggest',
    'verdict = this.judge',
  ],
};

describe('the program', () => {
  it('is compiled whole, its loops overlap, and each call waits for nothing but what it needs', () => {
    const graph = loaded.xcs.graphOf(loaded.program.AnswerQuestion);
    const labelOf = (id: string): string => graph.getNodeAttribute(id, 'label');
    const waits = [...graph.dependencies()].map(([id, befores]) => [
      labelOf(id),
      befores.map(labelOf).toSorted(),
    ]);
    const expected = Object.entries(WAITS).map(([id, befores]) => [id, befores.toSorted()]);
    expect(Object.fromEntries(waits)).toEqual(Object.fromEntries(expected));
    const loops = graph.filterNodes((_, { kind }) => kind === 'loop');
    expect(loops.map((id) => [labelOf(id), graph.getNodeAttribute(id, 'iterations')])).toEqual([
      [REWRITES, 'overlap'],
      [READMES, 'overlap'],
      [WRITERS, 'overlap'],
    ]);
  });

  it('has no fence and no barrier', () => {
    const explanation = loaded.xcs.explain(loaded.program.AnswerQuestion);
    expect(explanation).not.toMatch(/fence|barrier|runs as written/);
  });

  /** Every request takes one round, and so does reading the packages. */
  async function countRounds(compiled: boolean): Promise<number> {
    const waiting: (() => void)[] = [];
    const round = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
    const client = new OpenAI({
      apiKey: 'none',
      maxRetries: 0,
      fetch: async (address, { body } = {}) => {
        await round();
        if (typeof address !== 'string' || typeof body !== 'string') throw new Error('no request of text');
        return Response.json(replyTo(address, body));
      },
    });
    const library = new loaded.program.Library();
    const passage = { id: '1', name: 'small-cache', text: 'Set `ttl` to make a cache entry expire.' };
    Object.assign(library, { build: round, search: () => [passage], searchAnywhere: () => [passage] });
    const chat = ['gpt-4.1-nano', 'gpt-4o-mini', 'gpt-4.1-mini'] as const;
    const models = { client, chat, embedding: 'text-embedding-3-small' };
    const operator = new loaded.program.AnswerQuestion(models, library);
    if (!compiled) operator.disableJit();
    const running = watch(operator.invoke({ question: 'How does an entry expire?', folder }));
    let rounds = 0;
    for (; running.state === 'pending' && rounds < 30; rounds++) {
      // The client takes some turns of the event loop before it asks, and after it was answered.
      for (let turn = 0; turn < 30; turn++) await quiet(); // eslint-disable-line no-await-in-loop
      for (const resolve of waiting.splice(0)) resolve();
      for (let turn = 0; turn < 30; turn++) await quiet(); // eslint-disable-line no-await-in-loop
    }
    expect(running.state).toBe('fulfilled');
    return rounds;
  }

  it('takes 5 rounds, one for each call of the longest chain, where the code as written takes 14', async () => {
    // The index, the rewrites and one embedding; the other embedding; drafts and a suggestion; checks; the verdict.
    expect(await countRounds(true)).toBe(5);
    expect(await countRounds(false)).toBe(14);
  });
});

function replyTo(address: string, body: string): unknown {
  if (!address.endsWith('/embeddings'))
    return { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: '1' } }] };
  const { input }: { input: readonly string[] } = JSON.parse(body);
  return { data: input.map((_, index) => ({ object: 'embedding', index, embedding: [1, 0] })) };
}

describe('the demo', () => {
  it('prints the question, the graph, both timelines, equal answers and the speed-up, and no progress in a pipe', async () => {
    const { code, stdout, stderr } = await run(['--latency-scale', '0']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('How can I make a cache entry expire after some time?');
    expect(stdout).toContain('Set `ttl` to make a cache entry expire after some time. [1]');
    expect(stdout).toContain('Sources: small-cache');
    expect(stdout).toContain('Graph: 13 call sites, 10 of them in a row in one pass');
    expect(stdout).toMatch(/^ +\d+ +for \(const writer of this\.writers\): iterations overlap +after \d+$/m);
    expect(stdout).toMatch(/^ +\d+ +this\.sources +after 1 \(resource "index"\), \d+$/m);
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
    expect(JSON.parse(stdout).answer.text).toBe('The packages do not say.');
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
