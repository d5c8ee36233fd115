/** Engines that describe all work before any of it runs: fibers and streams. */
import type { Engine } from '../engines.ts';
import { load } from './load-package.ts';

/** Opaque here: what one function of theirs gives is handed to the next. */
type Lazy<T> = { readonly lazy: T } & Iterable<Lazy<T>, T>;
interface Fiber {
  readonly fiber: true;
}

interface EffectLibrary {
  readonly Effect: {
    gen<T>(body: () => Generator<Lazy<unknown>, T>): Lazy<T>;
    sync<T>(body: () => T): Lazy<T>;
    promise<T>(body: () => Promise<T>): Lazy<T>;
    andThen<T>(first: Lazy<unknown>, second: Lazy<T>): Lazy<T>;
    forkChild(effect: Lazy<unknown>): Lazy<Fiber>;
    runPromise<T>(effect: Lazy<T>): Promise<T>;
  };
  readonly Fiber: { join(fiber: Fiber): Lazy<unknown>; joinAll(fibers: readonly Fiber[]): Lazy<unknown> };
}

/** A fiber for each node. */
export async function fibers(version: string): Promise<Engine> {
  const { Effect, Fiber } = await load<EffectLibrary>('effect');
  return {
    name: `Effect ${version}, fiber per node`,
    prepare({ before }, visit, isAsync) {
      const work = before.map((_, node) =>
        isAsync ? Effect.promise(async () => visit(node)) : Effect.sync(() => visit(node)),
      );
      const program = Effect.gen(function* program() {
        const forked: Fiber[] = [];
        for (const [node, those] of before.entries()) {
          const own = work[node] ?? Effect.sync(() => undefined);
          const waits = those.flatMap((one) => forked[one] ?? []);
          const [first] = waits;
          const ready = waits.length > 1 ? Fiber.joinAll(waits) : first && Fiber.join(first);
          forked.push(yield* Effect.forkChild(ready === undefined ? own : Effect.andThen(ready, own)));
        }
        return yield* Fiber.joinAll(forked);
      });
      return () => Effect.runPromise(program);
    },
  };
}

interface Stream {
  pipe(...operators: readonly unknown[]): Stream;
}

interface StreamLibrary {
  readonly defer: (make: () => unknown) => Stream;
  readonly forkJoin: (streams: readonly Stream[]) => Stream;
  readonly of: (value: unknown) => Stream;
  readonly mergeMap: (make: () => unknown) => unknown;
  readonly shareReplay: (count: number) => unknown;
  readonly lastValueFrom: (stream: Stream) => Promise<unknown>;
}

/** A stream for each node, which waits for those before it and keeps its value for those after it. */
export async function streams(version: string): Promise<Engine> {
  const { defer, forkJoin, of, mergeMap, shareReplay, lastValueFrom } = await load<StreamLibrary>('rxjs');
  return {
    name: `RxJS ${version}`,
    prepare:
      ({ before }, visit, isAsync) =>
      () => {
        const perform = (node: number): unknown => (isAsync ? visit(node) : of(visit(node)));
        const made: Stream[] = [];
        for (const [node, those] of before.entries()) {
          const waits = those.flatMap((one) => made[one] ?? []);
          const own =
            waits.length === 0
              ? defer(() => perform(node))
              : forkJoin(waits).pipe(mergeMap(() => perform(node)));
          made.push(own.pipe(shareReplay(1)));
        }
        return lastValueFrom(forkJoin(made));
      },
  };
}
