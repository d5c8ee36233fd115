/**
 * Calls of well-known packages that count as operators unless the plugin option `presets` turns them off.
 *
 * A row says what a call does whatever it is given, bar the options in `unless`: a call that may be given one of those is
 * not covered, and neither is one that answers a stream.
 */
import type { StaticEffect } from '../runtime/descriptor.ts';

export const presetNames = ['ai', 'openai', '@anthropic-ai/sdk', '@langchain/core', 'fetch'] as const;

export type PresetName = (typeof presetNames)[number];

export interface Preset {
  readonly from: PresetName;
  /** Exported function, or `Class.method`. */
  readonly name: string;
  /** `undeclared`: it is an operator, but may run code of the program, so the plugin option of that name decides. */
  readonly effect: 'unordered' | 'undeclared';
  /** Options of the first argument with which the call may do more than that. */
  readonly unless?: readonly string[];
}

function unordered(
  from: PresetName,
  names: readonly string[],
  unless?: readonly string[],
): readonly Preset[] {
  return names.map((name) => ({ from, name, effect: 'unordered', ...(unless ? { unless } : {}) }));
}

/** What `fetch` does depends on its arguments: see `fetch-effect.ts`. */
export const presets: readonly Preset[] = [
  // Tools run code of the program.
  ...unordered('ai', ['generateText'], ['tools']),
  ...unordered('ai', ['generateObject', 'embed', 'embedMany', 'rerank', 'experimental_generateImage']),
  ...unordered('openai', [
    'Completions.create',
    'Embeddings.create',
    'Moderations.create',
    'Images.generate',
  ]),
  // A conversation is state on the server; hosted tools may write anywhere.
  ...unordered('openai', ['Responses.create'], ['conversation', 'tools']),
  ...unordered('@anthropic-ai/sdk', ['Messages.create'], ['container', 'mcp_servers']),
  ...unordered('@anthropic-ai/sdk', ['Messages.countTokens']),
  ...unordered('@langchain/core', [
    'BaseChatModel.invoke',
    'BaseLLM.invoke',
    'BaseRetriever.invoke',
    'Embeddings.embedQuery',
    'Embeddings.embedDocuments',
    'EmbeddingsInterface.embedQuery',
    'EmbeddingsInterface.embedDocuments',
    'BasePromptTemplate.invoke',
    'BaseOutputParser.invoke',
  ]),
  // A runnable may be a function or a tool of the program.
  ...['Runnable', 'RunnableInterface', 'RunnableSequence'].flatMap((owner) =>
    ['invoke', 'batch'].map((method): Preset => {
      return { from: '@langchain/core', name: `${owner}.${method}`, effect: 'undeclared' };
    }),
  ),
];

/** The effect of a row, under the plugin option `undeclared`. */
export function presetEffect({ effect }: Preset, undeclared: 'sequential' | 'unordered'): StaticEffect {
  const isKnown = effect === 'unordered';
  return {
    kind: isKnown ? 'unordered' : undeclared,
    reads: [],
    writes: [],
    mutates: false,
    state: !isKnown && undeclared === 'sequential',
    known: isKnown ? 'declared' : 'undeclared',
  };
}
