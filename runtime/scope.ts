/**
 * The options in force where a call is made: those of the scopes around it, and those of the program.
 *
 * Scopes live in an `AsyncLocalStorage` where there is one. It is neither made nor entered before the first scope, for on
 * Node 20 it makes every later `await` about three times dearer. Where there is none, a scope holds for the synchronous
 * part of its function; a run that starts there carries the options on to whatever it calls.
 */
import { newStorage, type Storage } from './async-storage.ts';
import { notAFunction } from './errors.ts';
import { checkExecutionOptions, overlay, type ExecutionOptions } from './options.ts';

class Scopes {
  #storage: Storage<ExecutionOptions> | undefined;
  #program: ExecutionOptions | undefined;

  /** Options of the scopes around the caller; absent outside any. */
  get current(): ExecutionOptions | undefined {
    return this.#storage?.getStore();
  }

  /** Options of the whole program; absent unless set. */
  get program(): ExecutionOptions | undefined {
    return this.#program;
  }

  set program(options: ExecutionOptions | undefined) {
    this.#program = options;
  }

  enter<T>(options: ExecutionOptions, fn: () => T): T {
    this.#storage ??= newStorage();
    return this.#storage.run(overlay(this.#storage.getStore(), options), fn);
  }
}

/** The one piece of state that outlives a run. */
export const scopes: Scopes = new Scopes();

/**
 * Runs `fn` so that everything called in it runs under `options`; inner scopes win over outer ones. Throws an `XCSError` for
 * an option that is unknown or not allowed.
 *
 * @example
 * await executionOptions({ scheduler: 'sequential' }, () => answer.invoke({ q: 'why?' }));
 */
export function executionOptions<T>(options: ExecutionOptions, fn: () => T): T {
  const checked = checkExecutionOptions('executionOptions', options);
  if (typeof fn !== 'function') throw notAFunction('executionOptions', fn);
  return scopes.enter(checked, fn);
}

/**
 * Sets options for the whole program, on top of those set before; scopes, calls and the options of a class win over them.
 * Throws an `XCSError` for an option that is unknown or not allowed.
 *
 * @example
 * setExecutionOptions({ maxConcurrency: 8 });
 */
export function setExecutionOptions(options: ExecutionOptions): void {
  scopes.program = { ...scopes.program, ...checkExecutionOptions('setExecutionOptions', options) };
}

/**
 * The options in force here: those of the scopes around the caller over those of the program.
 *
 * @example
 * setExecutionOptions({ maxConcurrency: 8 });
 * getExecutionOptions().maxConcurrency; // 8
 */
export function getExecutionOptions(): ExecutionOptions {
  const { current, program } = scopes;
  return { ...(current === undefined ? program : overlay(program, current)) };
}

/**
 * Forgets what `setExecutionOptions` has set.
 *
 * @example
 * resetExecutionOptions();
 */
export function resetExecutionOptions(): void {
  scopes.program = undefined;
}
