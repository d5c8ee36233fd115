/** The world of one run of a fixture: calls that take virtual time, and everything that can be seen of them. */
import { inspect } from 'node:util';
import { VirtualClock } from './virtual-clock.ts';

/** A call, as the world saw it. */
export interface SeenCall {
  readonly kind: 'call';
  readonly name: string;
  /** What it was given, as text, when it started. */
  readonly given: string;
  readonly startedAt: number;
  /** Others can see when it starts. */
  readonly acts: boolean;
  endedAt?: number;
  outcome?: 'done' | 'failed' | 'aborted';
  /** What it was given, when it ended. */
  givenAtEnd?: string;
}

/** Something that was logged. */
export interface SeenLog {
  readonly kind: 'log';
  readonly text: string;
  readonly startedAt: number;
}

export type Seen = SeenCall | SeenLog;

interface WorkOptions {
  readonly takes?: number;
  readonly signal?: AbortSignal;
}

export class FixtureWorld {
  readonly clock: VirtualClock = new VirtualClock();
  readonly seen: Seen[] = [];

  /** What `import … from 'world'` gives a fixture. */
  readonly module: Readonly<Record<string, unknown>> = {
    work: (name: string, input: unknown, answer: () => unknown, options?: WorkOptions) =>
      this.#work(name, input, answer, false, options),
    act: (name: string, input: unknown, answer: () => unknown, options?: WorkOptions) =>
      this.#work(name, input, answer, true, options),
    pause: (milliseconds: number) => this.clock.sleep(milliseconds),
    consult: (subject: unknown) => {
      this.#log('consult', [subject]);
      return `advice on ${show(subject)}`;
    },
  };

  readonly console: Readonly<Record<string, unknown>> = {
    log: (...values: readonly unknown[]) => {
      this.#log('log', values);
    },
    warn: (...values: readonly unknown[]) => {
      this.#log('warn', values);
    },
  };

  #log(what: string, values: readonly unknown[]): void {
    this.seen.push({ kind: 'log', text: `${what} ${values.map(show).join(' ')}`, startedAt: this.clock.now });
  }

  async #work(
    name: string,
    input: unknown,
    answer: () => unknown,
    acts: boolean,
    options: WorkOptions = {},
  ): Promise<unknown> {
    const call: SeenCall = { kind: 'call', name, given: show(input), startedAt: this.clock.now, acts };
    this.seen.push(call);
    const end = (outcome: NonNullable<SeenCall['outcome']>): void => {
      Object.assign(call, { outcome, endedAt: this.clock.now, givenAtEnd: show(input) });
    };
    try {
      await this.clock.sleep(options.takes ?? 10, options.signal);
    } catch (error) {
      end('aborted');
      throw error;
    }
    try {
      const given = answer();
      end('done');
      return given;
    } catch (error) {
      end('failed');
      throw error;
    }
  }
}

/** `value` on one line. */
export function show(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: null, maxStringLength: null });
}
