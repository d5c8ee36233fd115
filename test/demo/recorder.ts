/** Records when calls begin and end: every HTTP request of a client, and whatever else is handed to `record`. */

export interface Interval {
  readonly label: string;
  /** What makes the call the same call in another run: its label and its input. */
  readonly key: string;
  /** Milliseconds since the recorder was made. */
  readonly start: number;
  readonly end: number;
}

export class Recorder {
  readonly #now: () => number;
  readonly #origin: number;
  readonly #onChange: (running: readonly string[], ended: number) => void;
  readonly #running = new Map<object, string>();
  readonly #intervals: Interval[] = [];

  constructor(now: () => number, onChange: (running: readonly string[], ended: number) => void = () => {}) {
    this.#now = now;
    this.#origin = now();
    this.#onChange = onChange;
  }

  /** The calls that have ended, in the order in which they started. */
  get intervals(): readonly Interval[] {
    return this.#intervals.toSorted((a, b) => a.start - b.start);
  }

  get elapsed(): number {
    return this.#now() - this.#origin;
  }

  async record<T>(label: string, input: string, call: () => Promise<T>): Promise<T> {
    const token = {};
    const start = this.elapsed;
    this.#running.set(token, label);
    this.#changed();
    try {
      return await call();
    } finally {
      this.#running.delete(token);
      this.#intervals.push({ label, key: `${label}\n${input}`, start, end: this.elapsed });
      this.#changed();
    }
  }

  /** A `fetch` that records each request until its body has arrived, under the name in its `x-stage` header. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const label = new Headers(init?.headers).get('x-stage') ?? 'request';
    const body = typeof init?.body === 'string' ? init.body : '';
    return await this.record(label, body, async () => {
      const response = await globalThis.fetch(input, init);
      const { status, statusText, headers } = response;
      return new Response(await response.arrayBuffer(), { status, statusText, headers });
    });
  };

  #changed(): void {
    this.#onChange([...this.#running.values()], this.#intervals.length);
  }
}
