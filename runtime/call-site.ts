/** `$`: routes the operator calls that an `async` step makes through the run that the step belongs to. */
import { Call } from './call.ts';
import type { CallSite } from './descriptor.ts';
import { broken } from './errors.ts';
import type { Frame } from './frame.ts';
import { codeOf, copyOf } from './instructions.ts';
import { handled } from './thenable.ts';
import { refuse, unanswered } from './unanswered.ts';

type Callable = (...args: readonly unknown[]) => unknown;

/** `$(a).invoke(x)`, `$(f)(x)` and `$(o, 'm')(x)` answer what `a.invoke(x)`, `f(x)` and `o.m(x)` would. */
export function callSite(frame: Frame, step: number): CallSite {
  const $: CallSite = (target, method) => {
    const own = method === undefined ? undefined : copyOf(frame.code.copies, frame.self, target, method);
    if (own !== undefined) return (...args: readonly unknown[]) => codeOf(own)(target, $, ...args);
    if (target === undefined || target === null) {
      // Reading the method fails as it does in the code as written, and before the arguments are evaluated.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is there to fail
      return method === undefined ? target : (target as unknown as Readonly<Record<string, unknown>>)[method];
    }
    const routed =
      (name: string | undefined): Callable =>
      (...args) =>
        route(frame, step, target, name, args);
    return method === undefined
      ? Object.assign(routed(undefined), { invoke: routed('invoke') })
      : routed(method);
  };
  return $;
}

/** What steps get that call nothing themselves. */
export const noCallSite: CallSite = () => {
  throw broken('a step that is not `async` called an operator through `$`');
};

function route(
  frame: Frame,
  step: number,
  target: unknown,
  method: string | undefined,
  args: readonly unknown[],
): unknown {
  const { mode, heir } = frame;
  if (heir !== undefined) return route(heir.frame, heir.step, target, method, args);
  if (frame.isDoomed) return refuse(frame);
  const runs = mode === 'active' || mode === 'over';
  if (!runs || step > frame.steps.endsAt) return unanswered(frame, step, undefined);
  const value = new Call(frame, step, target, method, args).launch();
  // As written the code would not be here yet, so nobody could have left a rejection unhandled.
  if (value instanceof Promise && !frame.isDue(step)) handled(value);
  return value;
}
