import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from './model-server.ts';

let server: ModelServer;
let client: OpenAI;

beforeAll(async () => {
  server = await startModelServer({ latencyScale: 0 });
  client = new OpenAI({ apiKey: 'any', baseURL: server.url, maxRetries: 0 });
});
afterAll(async () => await server.close());

const passages = [
  '[1] lru-cache: A cache keeps entries. Set `ttl` to expire a cache entry after some time.',
  '[2] semver: Versions are compared by precedence.',
].join('\n');

async function ask(instructions: string, content: string): Promise<string | null | undefined> {
  const completion = await client.chat.completions.create({
    model: 'gpt-4.1-nano',
    messages: [
      { role: 'system', content: instructions },
      { role: 'user', content },
    ],
  });
  return completion.choices[0]?.message.content;
}

describe('chat completions', () => {
  it('answers a question with the sentence of the passages that is about it, and its number', async () => {
    const content = `## question\nHow does a cache entry expire?\n\n## passages\n${passages}`;
    expect(await ask('Answer the question in one sentence.', content)).toBe(
      'Set `ttl` to expire a cache entry after some time. [1]',
    );
  });

  it('answers the same request alike', async () => {
    const content = `## question\nHow are versions compared?\n\n## passages\n${passages}`;
    const instructions = 'Answer the question in detail.';
    expect(await ask(instructions, content)).toBe(await ask(instructions, content));
  });

  it('rewrites a question in three ways', async () => {
    const content = '## question\nHow can I make an entry expire?';
    const forms = ['keywords', 'a statement', 'technical terms'];
    const replies = await Promise.all(
      forms.map(async (form) => await ask(`Rewrite the question as ${form}.`, content)),
    );
    expect(replies).toEqual(['make entry expire', 'You can make an entry expire.', 'ttl maxAge stale']);
  });

  it('keeps only the sentences of a draft that the passages contain', async () => {
    const draft = 'That is easy. Versions are compared by precedence. [2]';
    const content = `## draft\n${draft}\n\n## passages\n${passages}`;
    const reply = await ask('Keep the sentences of the draft that the passages support.', content);
    expect(reply).toBe('Versions are compared by precedence. [2]');
  });

  it('prefers the draft that speaks to more of the question', async () => {
    const content =
      '## question\nHow does a cache entry expire?\n\n## drafts\n[1] Use it.\n[2] A cache entry expires.';
    expect(await ask('Which draft answers the question best?', content)).toMatch(/^2\. /);
  });

  it('says so when the passages hold nothing', async () => {
    const content = '## question\nWhat is it?\n\n## passages\n';
    expect(await ask('Answer the question in detail.', content)).toBe('The passages do not say.');
  });

  it('counts tokens', async () => {
    const { usage } = await client.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hello, World' }],
    });
    expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 });
  });
});

describe('embeddings', () => {
  it('gives texts about the same things vectors that are near each other', async () => {
    const input = ['expiring cache entries', 'an entry of the cache expires', 'comparing versions'];
    const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input });
    const [first = [], second = [], third = []] = data.map(({ embedding }) => embedding);
    const product = (other: readonly number[]): number =>
      first.reduce((sum, v, axis) => sum + v * (other[axis] ?? 0), 0);
    expect(product(first)).toBeCloseTo(1);
    expect(product(second)).toBeCloseTo(1);
    expect(product(third)).toBeLessThan(0.5);
  });

  it('gives the same vector as base64 and as numbers', async () => {
    const request = { model: 'text-embedding-3-small', input: 'cache', dimensions: 8 } as const;
    const plain = await client.embeddings.create({ ...request, encoding_format: 'float' });
    const packed = await client.embeddings.create(request);
    expect(plain.data[0]?.embedding).toHaveLength(8);
    expect(packed.data[0]?.embedding).toEqual(plain.data[0]?.embedding);
  });
});

describe('bad requests', () => {
  const user = { role: 'user', content: 'Hello' };
  const cases = [
    ['chat/completions', '{', 400, null, 'The body is not JSON'],
    ['chat/completions', '[]', 400, null, 'The body must be an object, got []'],
    [
      'chat/completions',
      { model: 'gpt-4o-mini' },
      400,
      'messages',
      'expected a list of messages, got nothing',
    ],
    ['chat/completions', { messages: [user] }, 400, 'model', 'expected a text, got nothing'],
    [
      'chat/completions',
      { model: 'gpt-4o-mini', messages: [{ role: 'boss', content: 'x' }] },
      400,
      'messages[0].role',
      'got "boss"',
    ],
    [
      'chat/completions',
      { model: 'gpt-4o-mini', messages: [user], stream: true },
      400,
      'stream',
      'does not stream',
    ],
    [
      'chat/completions',
      { model: 'gpt-0', messages: [user] },
      404,
      'model',
      'The model `gpt-0` does not exist',
    ],
    ['embeddings', { model: 'text-embedding-3-small', input: [] }, 400, 'input', 'got []'],
    [
      'embeddings',
      { model: 'text-embedding-3-small', input: 'x', dimensions: 0 },
      400,
      'dimensions',
      'got 0',
    ],
    ['images', {}, 404, null, 'Unknown URL /v1/images'],
  ] as const;

  it.each(cases)('POST %s %j is refused with status %i', async (path, body, status, param, message) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { authorization: 'Bearer any' };
    const response = await fetch(`${server.url}/${path}`, { method: 'POST', headers, body: text });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', param, message: expect.stringContaining(message) },
    });
  });

  it('a request without a key is refused', async () => {
    const response = await fetch(`${server.url}/embeddings`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
  });

  it('a request that is no POST is refused', async () => {
    const response = await fetch(`${server.url}/embeddings`);
    expect(response.status).toBe(405);
  });

  it('the client sees the error of the protocol', async () => {
    const request = client.chat.completions.create({
      model: 'gpt-0',
      messages: [{ role: 'user', content: 'x' }],
    });
    await expect(request).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
  });
});
