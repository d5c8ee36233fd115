/** Packages and the global `fetch` as fixtures see them: their calls take time in the world of the run. */
import type { FixtureWorld } from './fixture-world.ts';

type Work = (name: string, input: unknown, answer: () => unknown) => Promise<unknown>;

/** What `import … from` one of the packages of `fixtures/packages.d.ts` gives. */
export function packagesOf(world: FixtureWorld): Readonly<Record<string, unknown>> {
  const { work } = worldCalls(world);
  const completions = {
    create: ({ messages }: { messages: readonly { content: string }[] }) =>
      work('chat', messages[0]?.content, () => ({ choices: [{ message: messages[0] }] })),
  };
  const embeddings = {
    create: ({ input }: { input: string }) => work('embeddings', input, () => ({ data: [] })),
  };
  const responses = {
    create: ({ input }: { input: string }) => work('responses', input, () => ({ output_text: input })),
  };
  const messages = {
    create: ({ messages: given }: { messages: readonly { content: string }[] }) =>
      work('claude', given[0]?.content, () => ({ content: `re ${given[0]?.content ?? ''}` })),
  };
  return {
    ai: {
      generateText: ({ prompt }: { prompt: string }) =>
        work('generateText', prompt, () => ({ text: `re ${prompt}` })),
      embed: ({ value }: { value: string }) => work('embed', value, () => ({ embedding: [value.length] })),
    },
    openai: {
      __esModule: true,
      default: class OpenAI {
        readonly chat = { completions };
        readonly embeddings = embeddings;
        readonly responses = responses;
      },
    },
    '@anthropic-ai/sdk': {
      __esModule: true,
      default: class Anthropic {
        readonly messages = messages;
      },
    },
    '@langchain/core/runnables': {
      RunnableLambda: class RunnableLambda {
        readonly invoke: (input: unknown) => Promise<unknown>;
        constructor({ func }: { func: (input: unknown) => unknown }) {
          this.invoke = (input) => work('lambda', input, () => func(input));
        }
      },
    },
    '@langchain/core/retrievers': {
      BaseRetriever: class BaseRetriever {
        invoke(input: string): Promise<unknown> {
          return work('retriever', input, () => [input]);
        }
      },
    },
  };
}

/** The global `fetch`. What reads may start in any order; what writes is seen to start. */
export function fetchOf(world: FixtureWorld): typeof globalThis.fetch {
  const { work, act } = worldCalls(world);
  return async (input, init) => {
    const method = init?.method ?? 'GET';
    const call = /^(GET|HEAD)$/i.test(method) ? work : act;
    const address = input instanceof Request ? input.url : String(input);
    await call(`${method} ${address}`, init?.body, () => undefined);
    const response = new Response();
    return Object.assign(response, {
      json: () => work(`json of ${address}`, undefined, () => address),
      clone: () => response,
    });
  };
}

/** `work` and `act` of the module `world`. */
function worldCalls({ module }: FixtureWorld): { readonly work: Work; readonly act: Work } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `FixtureWorld` provides under these names
  return module as unknown as { readonly work: Work; readonly act: Work };
}
