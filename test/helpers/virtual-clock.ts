/**
 * A clock that only the driver moves. Operators sleep on it; the driver lets every microtask run, then wakes the
 * sleeper that is due first (ties: who slept first). No wall clock is read, so a run is a function of its seeds.
 */

interface Sleeper {
  readonly due: number;
  readonly order: number;
  readonly wake: () => void;
}

export class VirtualClock {
  #now = 0;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();

  get now(): number {
    return this.#now;
  }

  /** Resolves after `duration`; with a signal, rejects with its reason as soon as it is aborted. */
  sleep(duration: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const sleeper: Sleeper = { due: this.#now + duration, order: this.#order++, wake };
      this.#sleepers.add(sleeper);
      if (signal?.aborted === true) leave();
      else signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Calls `wake` after `duration`, for timers and the driver's own events (an abort, say). */
  at(duration: number, wake: () => void): Sleeper {
    const sleeper = { due: this.#now + duration, order: this.#order++, wake };
    this.#sleepers.add(sleeper);
    return sleeper;
  }

  /** Until the answer is called, timers of the process and `performance` go by this clock. */
  install(): () => void {
    const { setTimeout, clearTimeout } = globalThis;
    const start = (wake: () => void, duration = 0): Sleeper => this.at(duration, wake);
    const stop = (sleeper: Sleeper): void => void this.#sleepers.delete(sleeper);
    Object.assign(globalThis, { setTimeout: start, clearTimeout: stop });
    performance.now = () => this.#now;
    return () => {
      Object.assign(globalThis, { setTimeout, clearTimeout });
      Reflect.deleteProperty(performance, 'now');
    };
  }

  /** Wakes sleepers one by one, each followed by all microtasks that it causes, until nobody sleeps. */
  async runUntilIdle(): Promise<void> {
    await quiet();
    for (let first = this.#first(); first !== undefined; first = this.#first()) {
      this.#sleepers.delete(first);
      this.#now = first.due;
      first.wake();
      // Sleepers come one at a time: what one sets off is over before the next one wakes.
      // oxlint-disable-next-line no-await-in-loop
      await quiet();
    }
  }

  #first(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      const earlier =
        first === undefined ||
        sleeper.due < first.due ||
        (sleeper.due === first.due && sleeper.order < first.order);
      if (earlier) first = sleeper;
    }
    return first;
  }
}

/** Ends when the microtask queue is empty: a macrotask begins only then. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
