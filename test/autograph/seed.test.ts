/** The seven examples of the seed, compiled and run. What they print is measured; what they answer is checked here. */
import crypto, { createHash, scryptSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import zlib, { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import * as xcs from '../../runtime/index.ts';
import { startModelServer } from '../demo/model-server.ts';
import { compileModule } from '../helpers/compile.ts';

const modules = { xcs, 'node:crypto': crypto, 'node:zlib': zlib, 'node:fs/promises': fsPromises };

function load(name: string): (...args: readonly unknown[]) => Promise<unknown> {
  const folder = new URL('../../fixtures/real/seed/', import.meta.url);
  const compiled = compileModule(readFileSync(new URL(name, folder), 'utf8'), { check: true });
  expect(compiled.diagnostics).toEqual([]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each exports just that
  return compiled.load({ modules })['main'] as (...args: readonly unknown[]) => Promise<unknown>;
}

function bodyOf(body: unknown): { readonly model: string } {
  if (typeof body !== 'string') throw new Error('the client sends JSON');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a chat request
  return JSON.parse(body) as { readonly model: string };
}

describe('the seed’s examples', () => {
  it('are seven', () => {
    const files = readdirSync(new URL('../../fixtures/real/seed/', import.meta.url));
    expect(files.filter((file) => file.endsWith('.ts'))).toHaveLength(7);
  });

  it('basic jit derives the keys that the code as written derives, and starts both at once from the third call on', async () => {
    const lines: string[] = [];
    const result = await load('basic-jit.ts')((line: string) => lines.push(line));
    const key = (text: string, salt: string): string => scryptSync(text, salt, 16).toString('hex');
    expect(result).toEqual(
      ['one', 'two', 'three', 'four'].map((text) => ({
        signing: key(text, 'signing'),
        sealing: key(text, 'sealing'),
      })),
    );
    const early = lines.flatMap((line) => / of 2 calls (\d)/u.exec(line)?.[1] ?? []);
    expect(early).toEqual(['0', '0', '2', '2']);
  });

  it('advanced jit gives what the code as written gives, on all of its ways', async () => {
    const lines: string[] = [];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what it answers
    const { learnt, written, ways } = (await load('advanced-jit.ts')((line: string) => lines.push(line))) as {
      readonly learnt: readonly { readonly sizes: readonly number[] }[];
      readonly written: unknown;
      readonly ways: number;
    };
    expect(learnt).toEqual(written);
    expect(ways).toBe(3);
    expect(learnt[1]).toEqual({ sizes: [gzipSync('short').byteLength], smallest: 'gzip' });
    const line = (number: number): string => `line ${number} ${'of a text that repeats '.repeat(8)}`;
    const text = `${line(0)}\n${line(1)}`;
    const whole = [gzipSync, deflateSync, brotliCompressSync].map((compress) => compress(text).byteLength);
    const each = [line(0), line(1)].map((one) => gzipSync(one).byteLength);
    expect(learnt[0]?.sizes).toEqual([...whole, ...each]);
    expect(lines.join('\n')).toMatch(/^learning: [\d.]+ ms$/mu);
  });

  it('three approaches give one result', async () => {
    const [left, right] = ['basic-jit.ts', 'advanced-jit.ts'].map((name) =>
      fileURLToPath(new URL(`../../fixtures/real/seed/${name}`, import.meta.url)),
    );
    const digests = [left, right].map((path) =>
      createHash('sha256')
        .update(readFileSync(path ?? ''))
        .digest('hex'),
    );
    const lines: string[] = [];
    const result = await load('three-approaches.ts')((line: string) => lines.push(line), { left, right });
    const isSame = digests[0] === digests[1];
    expect(result).toEqual(Array.from({ length: 3 }, () => [isSame, true, isSame]).flat());
    expect(lines.filter((line) => line.startsWith('flowchart'))).toHaveLength(3);
  });

  it('simplified autograph gives 30, 40, 50, 60 and 45, 60, 75, 90', async () => {
    const lines: string[] = [];
    const result = await load('autograph-simplified.ts')((line: string) => lines.push(line));
    expect(result).toEqual([
      [30, 40, 50, 60],
      [45, 60, 75, 90],
    ]);
    expect(lines).toHaveLength(2);
  });

  it('nested pipeline runs a compiled composite for each sentence of a recorded graph', async () => {
    const result = await load('nested-pipeline.ts')(() => {});
    expect(result).toEqual({
      sentences: [
        { words: 4, longest: 'recorded' },
        { words: 3, longest: 'often' },
        { words: 5, longest: 'compiled' },
      ],
      words: 12,
    });
  });

  it('transforms map one operator over lists, alone and in a graph', async () => {
    const result = await load('transforms.ts')(() => {});
    expect(result).toEqual({
      direct: [10, 20, 30],
      recorded: { twice: [2, 4, 6], sixfold: [6, 12, 18] },
    });
  });

  it('autograph with a model server asks for three answers and has them judged', async () => {
    const server = await startModelServer({ latencyScale: 0 });
    try {
      const asked: string[] = [];
      const client = new OpenAI({
        apiKey: 'none',
        baseURL: server.url,
        maxRetries: 0,
        fetch: (url, init) => {
          asked.push(bodyOf(init?.body).model);
          return fetch(url, init);
        },
      });
      const lines: string[] = [];
      const result = await load('autograph-model-server.ts')(client, (line: string) => lines.push(line));
      expect(result).toMatchObject({ answers: [expect.any(String), expect.any(String), expect.any(String)] });
      const once = ['gpt-4.1-nano', 'gpt-4.1-nano', 'gpt-4.1-nano', 'gpt-4.1-mini'];
      expect(asked).toEqual([...once, ...once]);
      expect(lines).toHaveLength(1);
    } finally {
      await server.close();
    }
  });
});
