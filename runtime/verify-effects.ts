/**
 * Watches calls that run as written, and reports what contradicts the effect that their operator declares: a changed
 * input, changed fields or other state, a `pure` result that is another one when the call is made again.
 *
 * Behaviour is observed from outside: nothing is wrapped, so what runs is what is written.
 */
import { isObject, type Forwarding } from './brand.ts';
import { CallContext } from './call-context.ts';
import type { DeclaredEffect } from './declared-effect.ts';
import { effectOf } from './effect.ts';
import { effectContradicted } from './errors.ts';
import type { EffectViolation, ExecutionOptions, VerifyEffects } from './options.ts';
import { scopes } from './scope.ts';
import { isSameResult, Snapshot } from './snapshot.ts';
import { readData, Witnesses } from './witnesses.ts';

/** The scope of a call carries the call, so that those within it are known as such. */
const CALL: unique symbol = Symbol('xcs.verified call');

interface Within extends ExecutionOptions {
  readonly [CALL]?: VerifiedCall;
}

interface Declared {
  readonly name: string;
  readonly effect: DeclaredEffect;
  readonly isPure: boolean;
}

/** What a `pure` operator was last given, and gave. */
interface Earlier {
  readonly input: unknown;
  readonly given: Snapshot;
  readonly result: unknown;
}

/** Calls of now. Of two that overlap and are not within each other, neither can be blamed for a change. */
const inFlight = new Set<VerifiedCall>();
const earlierOf = new WeakMap<object, Earlier>();

/** Runs `call`, which calls `self.forward(input)` as written, under observation. Settles as `call` does, some ticks later. */
export async function verifyCall(
  self: Forwarding,
  input: unknown,
  options: VerifyEffects,
  call: () => Promise<unknown>,
): Promise<unknown> {
  const declared = declarationOf(self);
  if (declared === undefined) return call();
  const verified = new VerifiedCall(self, input, declared, options);
  const result = await verified.run(call);
  if (declared.isPure) await verified.repeat(result);
  return result;
}

class VerifiedCall {
  readonly #self: Forwarding;
  readonly #input: unknown;
  readonly #declared: Declared;
  readonly #options: VerifyEffects;
  readonly #parent: VerifiedCall | undefined;
  readonly #given: Snapshot;
  readonly #fields: Snapshot;
  readonly #state: Snapshot;
  #overlaps = false;

  constructor(self: Forwarding, input: unknown, declared: Declared, options: VerifyEffects) {
    this.#self = self;
    this.#input = input;
    this.#declared = declared;
    this.#options = options;
    const around: Within | undefined = scopes.current;
    this.#parent = around?.[CALL];
    const { state = {} } = options === true ? {} : options;
    this.#given = new Snapshot('input', input);
    this.#fields = new Snapshot('this', self);
    this.#state = new Snapshot('state', state);
  }

  async run(call: () => Promise<unknown>): Promise<unknown> {
    for (const other of inFlight) {
      if (this.#isWithin(other)) continue;
      other.#overlaps = true;
      this.#overlaps = true;
    }
    inFlight.add(this);
    try {
      const within: Within = { [CALL]: this };
      return await scopes.enter(within, call);
    } finally {
      inFlight.delete(this);
      if (!this.#overlaps) this.#compare();
    }
  }

  /** A pure call gives the same again, and so does the one before it when it comes after this one. */
  async repeat(result: unknown): Promise<void> {
    const earlier = earlierOf.get(this.#self);
    earlierOf.set(this.#self, { input: this.#input, given: this.#given, result });
    if (this.#given.changes().length > 0) return;
    await this.#again(
      this.#input,
      result,
      'gave another result when it was called again with the same input',
    );
    if (earlier === undefined || earlier.given.changes().length > 0) return;
    await this.#again(
      earlier.input,
      earlier.result,
      'gave another result when two calls changed their order',
    );
  }

  #isWithin(other: VerifiedCall): boolean {
    for (let at = this.#parent; at !== undefined; at = at.#parent) if (at === other) return true;
    return false;
  }

  #compare(): void {
    const { effect } = this.#declared;
    if (!effect.mutates) for (const path of this.#given.changes()) this.#report(`changed \`${path}\``, path);
    if (effect.ordered || effect.writes.size > 0) return;
    const changes = new Set([...this.#fields.changes(), ...this.#state.changes()]);
    for (const path of changes) this.#report(`changed \`${path}\``, path);
  }

  async #again(input: unknown, expected: unknown, what: string): Promise<void> {
    let actual: unknown;
    try {
      actual = await this.#self.forward(input, new CallContext());
    } catch {
      this.#report(what.replace('gave another result', 'failed'), 'result');
      return;
    }
    if (!isSameResult(expected, actual)) this.#report(what, 'result');
  }

  #report(what: string, place: string): void {
    const { name } = this.#declared;
    const { message } = effectContradicted(name, what);
    const violation: EffectViolation = { operator: name, place, message };
    const { report } = this.#options === true ? {} : this.#options;
    // eslint-disable-next-line no-console -- what was asked for, unless somebody else listens
    if (report === undefined) console.warn(message);
    else report(violation);
  }
}

/** Only what is declared can be contradicted: what the body shows is what it does. */
function declarationOf(self: Forwarding): Declared | undefined {
  const effect = effectOf(self, 'unordered', new Witnesses());
  if (effect.known !== 'declared') return undefined;
  const owner = typeof self === 'function' ? self : self.constructor;
  const name = readData(owner, 'name')?.value;
  const raw: unknown = isObject(owner) && 'effect' in owner ? owner.effect : undefined;
  return {
    name: typeof name === 'string' && name !== '' ? name : 'an anonymous operator',
    effect,
    isPure: raw === 'pure',
  };
}
