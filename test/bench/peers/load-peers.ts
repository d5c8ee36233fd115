/** Engines of others. They are installed beside this file when they are first asked for, and left out where they cannot be. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../engines.ts';

const here = dirname(fileURLToPath(import.meta.url));

export interface Peers {
  readonly engines: readonly Engine[];
  /** By name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why the others are left out. */
  readonly missing: readonly string[];
}

/** Installs what is missing, and loads what is there. */
export async function loadPeers(print: (text: string) => void): Promise<Peers> {
  const names = ['p-graph', 'effect'] as const;
  const trouble = names.every(isInstalled) ? '' : install(print);
  const engines: Engine[] = [];
  const versions: Record<string, string> = {};
  const missing: string[] = [];
  for (const name of names) {
    if (!isInstalled(name)) {
      missing.push(`${name} is left out: it could not be installed. ${trouble}`.trim());
      continue;
    }
    versions[name] = versionOf(name);
    // oxlint-disable-next-line no-await-in-loop -- two small modules
    engines.push(await (name === 'effect' ? fibers(versions[name]) : promiseGraph(versions[name])));
  }
  return { engines, versions, missing };
}

function isInstalled(name: string): boolean {
  return existsSync(join(here, 'node_modules', name, 'package.json'));
}

/** Answers what went wrong, if anything did. */
function install(print: (text: string) => void): string {
  print('Installing the engines to compare with into test/bench/peers …');
  try {
    const flags = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    execFileSync('npm', ['install', '--prefix', here, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
    return '';
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : String(error);
  }
}

function versionOf(name: string): string {
  const text = readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every package.json that npm installs has a version
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** By a name that the type checker does not look up, for the package need not be there. */
async function load<T>(name: string): Promise<T> {
  const module: unknown = await import(name);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the versions in package.json export
  return module as T;
}

interface PromiseGraph {
  readonly PGraph: new (
    nodes: ReadonlyMap<string, { run(): unknown }>,
    dependencies: readonly (readonly [before: string, after: string])[],
  ) => { run(): Promise<void> };
}

async function promiseGraph(version: string): Promise<Engine> {
  const { PGraph } = await load<PromiseGraph>('p-graph');
  return {
    name: `p-graph ${version}`,
    prepare({ before }, visit) {
      const nodes = new Map(before.map((_, node) => [String(node), { run: () => visit(node) }]));
      const edges = before.flatMap((those, node) => those.map((one) => [String(one), String(node)] as const));
      const graph = new PGraph(nodes, edges);
      return () => graph.run();
    },
  };
}

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
async function fibers(version: string): Promise<Engine> {
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
