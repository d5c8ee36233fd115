/**
 * Who records the operators that are invoked here and now. Looked at by every `invoke`, so it is small: one field, and the
 * async storage once a function that awaits has been recorded.
 *
 * A `using` block is recorded while it runs synchronously: what runs after an `await` could be anybody's.
 */

/** Takes a call instead of making it; answers the handle of its result. */
export interface CallRecorder {
  record(operator: object, input: unknown): object;
}

interface Storage {
  run<T>(recorder: CallRecorder | undefined, fn: () => T): T;
  getStore(): CallRecorder | undefined;
}

/** What is there in Node and in hosts like it. */
interface Host {
  readonly process?: {
    getBuiltinModule?(id: 'node:async_hooks'): { readonly AsyncLocalStorage: new () => Storage } | undefined;
  };
}

class Recording {
  /** Records the synchronous part of what runs now. */
  #here: CallRecorder | undefined;
  #storage: Storage | undefined;

  get current(): CallRecorder | undefined {
    return this.#here ?? this.#storage?.getStore();
  }

  /** Records what `fn` invokes before it returns. */
  during<T>(recorder: CallRecorder | undefined, fn: () => T): T {
    const around = this.#here;
    this.#here = recorder;
    try {
      return fn();
    } finally {
      this.#here = around;
    }
  }

  /** Records what `fn` invokes, after it has awaited too. Nothing where there is no storage to carry that. */
  throughout<T>(recorder: CallRecorder, fn: () => T): { readonly value: T } | undefined {
    this.#storage ??= newStorage();
    // The storage alone says who records: the field would hide it from what is recorded inside.
    const value = this.#storage?.run(recorder, () => ({ value: this.during(undefined, fn) }));
    return value;
  }

  /** Records nothing of what `fn` invokes: it is made. */
  suspend<T>(fn: () => T): T {
    if (this.current === undefined) return fn();
    const around = this.#here;
    this.#here = undefined;
    try {
      return this.#storage === undefined ? fn() : this.#storage.run(undefined, fn);
    } finally {
      this.#here = around;
    }
  }

  /** Records until `close`; answers who did so before. */
  open(recorder: CallRecorder): CallRecorder | undefined {
    const around = this.#here;
    this.#here = recorder;
    return around;
  }

  close(recorder: CallRecorder, around: CallRecorder | undefined): void {
    if (this.#here === recorder) this.#here = around;
  }
}

/** One for the program, like the scopes of options. */
export const recording: Recording = new Recording();

function newStorage(): Storage | undefined {
  // Not imported: browsers have neither the module nor `process`.
  const host: Host = globalThis;
  const hooks = host.process?.getBuiltinModule?.('node:async_hooks');
  return hooks === undefined ? undefined : new hooks.AsyncLocalStorage();
}
