/**
 * One call in flight: of a `call` or `start` step, or made through `$`. It waits for its slots, starts the callee in the way
 * that gives the same as the call as written, and hands the outcome to its step or to the promise that the code holds.
 */
import { callAsWritten } from './as-written.ts';
import type { Forwarding } from './brand.ts';
import { CallContext } from './call-context.ts';
import { calleeOf, compiledFunction, slotOfClass } from './callee.ts';
import type { Frame } from './frame.ts';
import { onlySignal, whenAborted, withSignal } from './call-options.ts';
import type { Limiter, Waiter } from './limiter.ts';
import type { CallInFlight } from './in-flight.ts';
import { excessOf } from './profile.ts';
import type { FrameEnd, Scheduled } from './runnable.ts';
import { scopes } from './scope.ts';
import { watch, type OpenCall } from './tracing/watch.ts';
import { newDeferred, promiseOf, type Deferred } from './thenable.ts';
import { unanswered } from './unanswered.ts';

/** What is nested in a call that must take the time that it takes as written. */
const ONE_BY_ONE = { scheduler: 'sequential' } as const;

export class Call implements CallInFlight, FrameEnd, Waiter {
  frame: Frame;
  step: number;
  previous: CallInFlight | undefined = undefined;
  next: CallInFlight | undefined = undefined;
  readonly #target: unknown;
  #method: string | undefined;
  #args: readonly unknown[];
  /** The callee, if it is our operator and begins by `forward`; any other begins exactly by the call that was written. */
  #operator: Forwarding | undefined;
  /** What it runs, if that had to be known to tell what kind of call it is. */
  #linked: Scheduled | undefined = undefined;
  #phase: 'starting' | 'waiting' | 'running' | 'over' = 'starting';
  /** The signal that the call was given has aborted; the outcome is settled, but not told yet. */
  #interrupted = false;
  #context: CallContext | undefined = undefined;
  /** The run of the callee, if it is compiled. It needs no slot: its own calls do. */
  #nested: Frame | undefined = undefined;
  #waitsFor: Limiter | undefined = undefined;
  #admitted: (() => void) | undefined = undefined;
  #classLimit: Limiter | undefined = undefined;
  #runLimit: Limiter | undefined = undefined;
  #unlisten: (() => void) | undefined = undefined;
  #promise: Deferred | undefined = undefined;
  /** Somebody records the run of the callee. */
  #recorded: OpenCall | undefined = undefined;

  constructor(
    frame: Frame,
    step: number,
    target: unknown,
    method: string | undefined,
    args: readonly unknown[],
  ) {
    this.frame = frame;
    this.step = step;
    this.#target = target;
    this.#method = method;
    this.#args = args;
    this.#operator = calleeOf(target, method);
    frame.inFlight.add(this);
  }

  /** Begins the call for its step, which gets the outcome, perhaps before this returns. */
  begin(): void {
    this.#operator ??= this.#linkFunction();
    if (this.#operator !== undefined) {
      const signal = this.#heedOptions(this.#args[1]);
      if (signal?.aborted === true) return this.#settleSoon(true, signal.reason);
      if (signal !== undefined) this.#listen(signal);
    }
    const operator = this.#operator;
    // Each time that it is asked for counts as a run.
    this.beginAs(operator && (this.#linked ?? this.frame.shared.findNested(operator)));
  }

  /** The same for a call without options. `nested`: the callee is compiled. */
  beginAs(nested: Scheduled | undefined): void {
    if (nested !== undefined) {
      const [self, input] = [this.#operator, this.#args[0]];
      const position = watch.here;
      this.#recorded = self && watch.begin(position, self, input);
      const context = (this.#context = new CallContext());
      const inside = this.#recorded ?? position;
      this.#nested = this.frame.nest(nested, { self, input, context, owner: this, position: inside });
      this.#beginNested(this.#nested);
    } else if (this.#enter()) this.#run();
  }

  /** Begins the call and answers what the code gets: a promise, or whatever a foreign callee answered. */
  launch(): unknown {
    const scope = scopes.current;
    const isElsewhere = scope !== undefined && scope !== this.frame.shared.scope;
    this.#operator ??= isElsewhere ? this.#function() : this.#linkFunction();
    if (this.#operator !== undefined) {
      if (isElsewhere) this.#keepAsWritten(this.#args[1]);
      this.#promise = newDeferred();
      const { promise } = this.#promise;
      this.begin();
      return promise;
    }
    if (!this.#enter()) return (this.#promise = newDeferred()).promise;
    let value: unknown;
    try {
      value = this.#perform();
    } catch (error) {
      this.#tellSeen(true, error);
      this.#end();
      throw error;
    }
    if (this.#phase === 'over') return unanswered(this.frame, this.step, value);
    // Anything else may be more than a promise, or begin only when it is awaited: it is handed on untouched.
    if (!(value instanceof Promise) || value.constructor !== Promise || !this.frame.shared.wrapsPromises) {
      this.#tellSeen(false, value);
      this.#end();
      return value;
    }
    this.#promise = newDeferred();
    this.#follow(value);
    return this.#promise.promise;
  }

  isDue(): boolean {
    return this.frame.isDue(this.step);
  }

  /** The most calls that have to follow one another from here to the end of the outermost run. */
  remaining(): number {
    const { weight, spread } = this.frame.plan;
    const excess = excessOf(this.#target, spread?.[this.step], weight?.[this.step]);
    return this.frame.remainingFrom(this.step) + excess;
  }

  /** Its place in program order: the step, after that of the call that its frame is the run of, and so on. */
  place(): readonly number[] {
    return [...(this.frame.owner?.place() ?? []), this.step];
  }

  waitsFor(limit: Limiter): boolean {
    return this.#phase === 'waiting' && this.#waitsFor === limit;
  }

  /** Its limit has given it the slot that it waited for. */
  admit(): void {
    this.#phase = 'running';
    if (this.#waitsFor === this.frame.shared.limiter) this.#runLimit = this.#waitsFor;
    else this.#classLimit = this.#waitsFor;
    this.#admitted?.();
  }

  becomeDue(): void {
    const limit = this.#phase === 'waiting' ? this.#waitsFor : undefined;
    if (limit?.watchesDueCalls === true) limit.admitDue(this);
    else this.#nested?.becomeDue();
  }

  frameEnded(failed: boolean, value: unknown): void {
    if (this.#recorded === undefined) this.#settleSoon(failed, value);
    else this.#recorded.outside(() => this.#settleSoon(failed, value));
  }

  settle(failed: boolean, value: unknown): void {
    this.#recorded?.end(failed, value);
    if (this.#phase === 'over' || this.#interrupted) return;
    this.frame.shared.timer?.end(this, failed, value);
    this.#leave();
    if (this.#promise === undefined) this.frame.stepEnded(this.step, failed, value);
    else if (failed) this.#promise.reject(value);
    else this.#promise.resolve(value);
    // Only now, so that calls which have just become ready compete for the slot with those that wait.
    this.#runLimit?.admitNext();
    this.#classLimit?.admitNext();
  }

  /** The code alone sees this outcome. */
  #tellSeen(failed: boolean, value: unknown): void {
    const { timer } = this.frame.shared;
    if (timer?.seesAll === true) timer.end(this, failed, value);
  }

  cancel(reason: unknown): void {
    this.#stop(reason, false);
  }

  abort(reason: unknown): void {
    this.#promise?.promise.catch(() => {});
    this.#promise?.reject(reason);
    this.#stop(reason, true);
  }

  /** A promise that the code holds settles a tick after its callee, always: calls that end together race as written. */
  #settleSoon(failed: boolean, value: unknown): void {
    if (this.#promise === undefined) this.settle(failed, value);
    else queueMicrotask(() => this.settle(failed, value));
  }

  #stop(reason: unknown, reached: boolean): void {
    if (this.#phase === 'over') return;
    this.#end();
    if (this.#nested !== undefined) {
      this.#recorded?.end(true, reason);
      this.#nested.stop(reason, reached);
    }
    if (this.#context !== undefined) CallContext.abort(this.#context, reason);
  }

  #function(): Forwarding | undefined {
    return compiledFunction(this.#target, this.#method, this.#args);
  }

  /** A function whose compiled code does not fit is called as it is written. */
  #linkFunction(): Forwarding | undefined {
    const callee = this.#function();
    this.#linked = callee && this.frame.shared.findNested(callee);
    return this.#linked && callee;
  }

  /** Takes the slots that the call needs. Without them it waits, and goes on by itself. */
  #enter(): boolean {
    const ofClass = slotOfClass(this.#target, this.#operator);
    if (ofClass !== undefined && !ofClass.enter(this)) return this.#wait(ofClass);
    this.#classLimit = ofClass;
    return this.#enterRun();
  }

  #enterRun(): boolean {
    const { limiter } = this.frame.shared;
    if (limiter !== undefined && !limiter.enter(this)) return this.#wait(limiter);
    this.#runLimit = limiter;
    this.#phase = 'running';
    return true;
  }

  #wait(limit: Limiter): false {
    this.#phase = 'waiting';
    this.#waitsFor = limit;
    limit.wait(this);
    // Whoever gives the slot back does so in another async context; this brings the call back to its own.
    const admitted = new Promise<void>((resolve) => {
      this.#admitted = resolve;
    });
    void admitted.then(() => this.#resume(limit));
    return false;
  }

  #resume(limit: Limiter): void {
    if (this.#phase === 'over' || this.#interrupted) return;
    if (limit === this.#runLimit || this.#enterRun()) this.#run();
  }

  #run(): void {
    let value: unknown;
    try {
      value = this.#perform();
    } catch (error) {
      return this.#settleSoon(true, error);
    }
    this.#follow(value);
  }

  #beginNested(nested: Frame): void {
    this.frame.shared.timer?.begin(this, this.frame, this.step, true);
    if (this.#recorded === undefined) nested.begin();
    else this.#recorded.within(() => nested.begin());
  }

  #perform(): unknown {
    this.frame.shared.timer?.begin(this, this.frame, this.step, false, this.#target);
    if (this.#operator === undefined) return callAsWritten(this.#target, this.#method, this.#args);
    const [operator, input, context] = [this.#operator, this.#args[0], new CallContext()];
    this.#context = context;
    const position = watch.here;
    if (position === undefined) return operator.forward(input, context);
    if (!watch.isLearning) {
      const recorded = (this.#recorded = watch.begin(position, operator, input));
      const proceed = (): unknown => operator.forward(input, context);
      return recorded === undefined ? proceed() : recorded.within(proceed);
    }
    const ambient = this.frame.isPaced ? ONE_BY_ONE : this.frame.shared.ambient;
    return watch.call(position, operator, input, undefined, () => operator.forward(input, context), {
      ambient,
      context,
    });
  }

  #follow(value: unknown): void {
    let promise: Promise<unknown> | undefined;
    try {
      promise = promiseOf(value);
    } catch (error) {
      return this.#settleSoon(true, error);
    }
    if (promise === undefined) this.#settleSoon(false, value);
    else
      promise.then(
        (result) => this.settle(false, result),
        (error: unknown) => this.settle(true, error),
      );
  }

  /** A signal is heeded here; any other option makes the call an outermost run of its own. */
  #heedOptions(options: unknown): AbortSignal | undefined {
    if (options === undefined) return undefined;
    const signal = onlySignal(options);
    if (signal === undefined) this.#keepAsWritten(options);
    return signal;
  }

  /** The callee begins by its own `invoke`, but still learns when nobody wants its result any more. */
  #keepAsWritten(options: unknown): void {
    this.#operator = undefined;
    this.#method = 'invoke';
    this.#context = new CallContext();
    this.#args = [this.#args[0], withSignal(options, this.#context.signal)];
  }

  #listen(signal: AbortSignal): void {
    const interrupt = (): void => {
      this.#interrupted = true;
      this.#nested?.stop(signal.reason, this.isDue());
      if (this.#context !== undefined) CallContext.abort(this.#context, signal.reason);
    };
    this.#unlisten = whenAborted(signal, interrupt, () => this.#settleInterrupted(signal.reason));
  }

  #settleInterrupted(reason: unknown): void {
    this.#interrupted = false;
    this.settle(true, reason);
  }

  #end(): void {
    this.#leave();
    this.#runLimit?.admitNext();
    this.#classLimit?.admitNext();
  }

  #leave(): void {
    if (this.#phase === 'waiting') this.#waitsFor?.forget();
    this.#phase = 'over';
    this.frame.inFlight.remove(this);
    this.#unlisten?.();
    this.#runLimit?.leave();
    this.#classLimit?.leave();
  }
}
