/** The seed's examples about `autograph` and transforms, compiled and run. */
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import * as xcs from '../../runtime/index.ts';
import { startModelServer } from '../demo/model-server.ts';
import { compileModule } from '../helpers/compile.ts';

function load(name: string): (...args: readonly unknown[]) => Promise<unknown> {
  const folder = new URL('../../fixtures/real/seed/', import.meta.url);
  const compiled = compileModule(readFileSync(new URL(name, folder), 'utf8'), { check: true });
  expect(compiled.diagnostics).toEqual([]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each exports just that
  return compiled.load({ modules: { xcs } })['main'] as (...args: readonly unknown[]) => Promise<unknown>;
}

function bodyOf(body: unknown): { readonly model: string } {
  if (typeof body !== 'string') throw new Error('the client sends JSON');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a chat request
  return JSON.parse(body) as { readonly model: string };
}

describe('the seed’s examples', () => {
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
