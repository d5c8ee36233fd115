/** Reads requests of the chat-completions and embeddings protocol; what is wrong with one is a `RequestError`. */

export interface ChatRequest {
  readonly model: string;
  /** What the system says. */
  readonly instructions: string;
  /** What the user said last. */
  readonly message: string;
}

export interface EmbeddingsRequest {
  readonly model: string;
  readonly input: readonly string[];
  readonly dimensions: number;
  readonly base64: boolean;
}

/** A refusal, in the shape of the protocol. */
export class RequestError extends Error {
  readonly status: number;
  readonly parameter: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, parameter: string | null = null, code: string | null = null) {
    super(message);
    this.status = status;
    this.parameter = parameter;
    this.code = code;
  }

  toBody(): unknown {
    const type = this.status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message: this.message, type, param: this.parameter, code: this.code } };
  }
}

const ROLES: readonly unknown[] = ['system', 'developer', 'user', 'assistant', 'tool'];

export function readChatRequest(body: unknown): ChatRequest {
  const { model, messages, stream } = readObject(body, 'The body');
  if (stream === true) throw invalid('stream', 'false: this server does not stream', stream);
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('messages', 'a list of messages', messages);
  const said = messages.map((message: unknown, index) => readMessage(message, `messages[${index}]`));
  const last = said.findLast(({ role }) => role === 'user');
  if (last === undefined) throw invalid('messages', 'at least one message of role "user"', 'none');
  const instructions = said.filter(({ role }) => role === 'system' || role === 'developer');
  return {
    model: readText(model, 'model'),
    instructions: instructions.map(({ content }) => content).join('\n'),
    message: last.content,
  };
}

export function readEmbeddingsRequest(body: unknown): EmbeddingsRequest {
  const { model, input, dimensions = 256, encoding_format: format = 'float' } = readObject(body, 'The body');
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0) throw invalid('input', 'a text or a list of texts', input);
  if (format !== 'float' && format !== 'base64')
    throw invalid('encoding_format', '"float" or "base64"', format);
  if (
    typeof dimensions !== 'number' ||
    !Number.isInteger(dimensions) ||
    dimensions < 1 ||
    dimensions > 3072
  ) {
    throw invalid('dimensions', 'a whole number from 1 to 3072', dimensions);
  }
  return {
    model: readText(model, 'model'),
    input: texts.map((text) => readText(text, 'input')),
    dimensions,
    base64: format === 'base64',
  };
}

function readMessage(value: unknown, name: string): { readonly role: string; readonly content: string } {
  const { role, content } = readObject(value, `\`${name}\``);
  if (typeof role !== 'string' || !ROLES.includes(role))
    throw invalid(`${name}.role`, `one of ${ROLES.join(', ')}`, role);
  return { role, content: readText(content, `${name}.content`) };
}

function readText(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(name, 'a text', value);
  return value;
}

function readObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new RequestError(400, `${what} must be an object, got ${JSON.stringify(value)}`);
}

function invalid(name: string, expected: string, got: unknown): RequestError {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  return new RequestError(
    400,
    `Invalid \`${name}\`: expected ${expected}, got ${shown}`,
    name,
    'invalid_value',
  );
}
