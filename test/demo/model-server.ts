/**
 * A model server on loopback that speaks the chat-completions and embeddings protocol of OpenAI. It answers from the
 * prompt, takes as long as a model would, and refuses bad requests in the words of the protocol.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ChatCompletion } from 'openai/resources/chat/completions';
import type { CreateEmbeddingResponse } from 'openai/resources/embeddings';
import { complete, embed } from './extractive-model.ts';
import { latencyOf, type ModelSpeed } from './latency.ts';
import { readChatRequest, readEmbeddingsRequest, RequestError } from './model-requests.ts';
import { countTokens } from './words.ts';

export interface ModelServerOptions {
  /** Multiplies how long each answer takes; 0 answers at once. @default 1 */
  readonly latencyScale?: number;
}

export interface ModelServer {
  /** What a client takes as its base URL. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

interface Reply {
  readonly body: unknown;
  readonly milliseconds: number;
}

const SPEEDS: Readonly<Record<string, ModelSpeed>> = {
  'gpt-4.1-nano': { first: 320, perToken: 3 },
  'gpt-4o-mini': { first: 380, perToken: 4 },
  'gpt-4.1-mini': { first: 440, perToken: 5 },
  'text-embedding-3-small': { first: 180, perToken: 0.02 },
};

/** The largest request that is read, in bytes. */
const LARGEST_BODY = 4_000_000;

const ROUTES: Readonly<Record<string, (body: unknown, text: string) => Reply>> = {
  '/v1/chat/completions': answerChat,
  '/v1/embeddings': answerEmbeddings,
};

/** Starts the server on a free port of 127.0.0.1. */
export async function startModelServer({ latencyScale = 1 }: ModelServerOptions = {}): Promise<ModelServer> {
  const server = createServer((request, response) => void serve(request, response, latencyScale));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the model server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  latencyScale: number,
): Promise<void> {
  try {
    const answer = routeOf(request);
    const text = await readText(request);
    const { body, milliseconds } = answer(parse(text), text);
    const delay = milliseconds * latencyScale;
    if (delay === 0) {
      send(response, 200, body);
      return;
    }
    const timer = setTimeout(() => send(response, 200, body), delay);
    response.once('close', () => clearTimeout(timer));
  } catch (error) {
    const known =
      error instanceof RequestError ? error : new RequestError(500, String(error), null, 'server_error');
    send(response, known.status, known.toBody());
  }
}

function routeOf(request: IncomingMessage): (body: unknown, text: string) => Reply {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const route = ROUTES[path];
  if (route === undefined) {
    throw new RequestError(404, `Unknown URL ${path}; known are ${Object.keys(ROUTES).join(', ')}`);
  }
  if (request.method !== 'POST')
    throw new RequestError(405, `${path} takes POST, got ${request.method ?? 'nothing'}`);
  if (!/^Bearer \S/.test(request.headers.authorization ?? '')) {
    throw new RequestError(401, 'Send an API key as `Authorization: Bearer KEY`', null, 'invalid_api_key');
  }
  return route;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) throw new RequestError(413, `The request is larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestError(400, `The body is not JSON: ${String(error)}`);
  }
}

function answerChat(body: unknown, text: string): Reply {
  const { model, instructions, message } = readChatRequest(body);
  const speed = speedOf(model);
  const content = complete(instructions, message);
  const prompt = countTokens(instructions) + countTokens(message);
  const completion = countTokens(content);
  const reply: Omit<ChatCompletion, 'choices'> & { readonly choices: readonly unknown[] } = {
    id: 'chatcmpl-demo',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        logprobs: null,
        message: { role: 'assistant', content, refusal: null },
      },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
  return { body: reply, milliseconds: latencyOf(text, completion, speed) };
}

function answerEmbeddings(body: unknown, text: string): Reply {
  const { model, input, dimensions, base64 } = readEmbeddingsRequest(body);
  const speed = speedOf(model);
  const tokens = input.reduce((sum, item) => sum + countTokens(item), 0);
  const data = input.map((item, index) => {
    const vector = embed(item, dimensions);
    const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
    return { object: 'embedding', index, embedding };
  });
  const usage: CreateEmbeddingResponse['usage'] = { prompt_tokens: tokens, total_tokens: tokens };
  return { body: { object: 'list', model, data, usage }, milliseconds: latencyOf(text, tokens, speed) };
}

function speedOf(model: string): ModelSpeed {
  const speed = SPEEDS[model];
  if (speed !== undefined) return speed;
  const known = Object.keys(SPEEDS).join(', ');
  throw new RequestError(
    404,
    `The model \`${model}\` does not exist; known are ${known}`,
    'model',
    'model_not_found',
  );
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
