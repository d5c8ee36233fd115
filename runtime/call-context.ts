/** What a call of `forward` gets as its second argument: a signal that costs nothing until somebody asks for it. */
import type { OperatorContext } from './brand.ts';

export class CallContext implements OperatorContext {
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;

  /** Aborts when nobody wants the result of this call any more. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  /** Not a method, so that who holds a context cannot abort it by accident. @internal */
  static abort(context: CallContext, reason: unknown): void {
    context.#aborted ??= { reason };
    context.#controller?.abort(context.#aborted.reason);
  }
}
