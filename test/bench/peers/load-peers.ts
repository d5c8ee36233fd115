/** Engines of others. They are installed beside this file when they are first asked for, and left out where they cannot be. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../engines.ts';
import { axFlow, graphAi } from './flow-peers.ts';
import { autoTasks, betterAll, limited, promiseGraph } from './graph-peers.ts';
import { stateGraph, tasks } from './langgraph-peers.ts';
import { lcel, mastra } from './layer-peers.ts';
import { fibers, streams } from './lazy-peers.ts';

const here = dirname(fileURLToPath(import.meta.url));

type Makers = Readonly<Record<string, readonly ((version: string) => Promise<Engine>)[]>>;

/** By package; one may have several. */
const LIBRARIES: Makers = {
  'p-graph': [promiseGraph],
  'p-limit': [limited],
  'better-all': [betterAll],
  async: [autoTasks],
  rxjs: [streams],
  effect: [fibers],
  graphai: [graphAi],
};

/**
 * What comes with tracing and contexts. Some enter an `AsyncLocalStorage`, which makes every promise of the process dearer from
 * then on (on Node 20), those by hand too: so they are loaded last.
 */
const FRAMEWORKS: Makers = {
  '@ax-llm/ax': [axFlow],
  '@langchain/core': [lcel],
  '@langchain/langgraph': [stateGraph, tasks],
  '@mastra/core': [mastra],
};

export interface Peers {
  readonly engines: readonly Engine[];
  /** By name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why the others are left out. */
  readonly missing: readonly string[];
}

export type Group = 'libraries' | 'frameworks';

/** Installs what is missing, and loads what is there. */
export async function loadPeers(print: (text: string) => void, group: Group): Promise<Peers> {
  const makersByName = group === 'libraries' ? LIBRARIES : FRAMEWORKS;
  const names = Object.keys(makersByName);
  const trouble = names.every(isInstalled) ? '' : install(print);
  const engines: Engine[] = [];
  const versions: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, makers] of Object.entries(makersByName)) {
    if (!isInstalled(name)) {
      missing.push(`${name} is left out: it could not be installed. ${trouble}`.trim());
      continue;
    }
    const version = versionOf(name);
    versions[name] = version;
    try {
      // oxlint-disable-next-line no-await-in-loop -- some take long to load, and one at a time is enough
      for (const make of makers) engines.push(await make(version));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      missing.push(
        `${name} ${version} is left out: it does not load on Node ${process.versions.node}. ${reason}`,
      );
    }
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
