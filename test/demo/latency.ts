/**
 * How long a model takes: a lognormal time to the first token, then a time per token. The draw comes from the request
 * alone, so that the same request takes as long in every run.
 */
import { createHash } from 'node:crypto';

export interface ModelSpeed {
  /** Median time to the first token, in milliseconds. */
  readonly first: number;
  /** Time per token after that, in milliseconds. */
  readonly perToken: number;
}

/** The spread of the time to the first token: the standard deviation of its logarithm. */
const SIGMA = 0.4;

export function latencyOf(request: string, tokens: number, { first, perToken }: ModelSpeed): number {
  return first * Math.exp(SIGMA * standardNormal(request)) + perToken * tokens;
}

/** Box and Muller's transform of two numbers that the hash of the text gives. */
function standardNormal(text: string): number {
  const digest = createHash('sha256').update(text).digest();
  const [first, second] = [digest.readUInt32BE(0), digest.readUInt32BE(4)].map(
    (bits) => (bits + 1) / (2 ** 32 + 1),
  );
  return Math.sqrt(-2 * Math.log(first ?? 1)) * Math.cos(2 * Math.PI * (second ?? 1));
}
