/** Runs real builds with `tspc` in temporary projects. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { makeProject, repository } from './emission-package.ts';

export interface Build {
  readonly exitCode: number | null;
  readonly output: string;
}

const compiler = path.join(repository, 'node_modules/ts-patch/bin/tspc.js');

export function tspc(folder: string, ...args: readonly string[]): Build {
  return node(folder, compiler, ...args, '--pretty', 'false');
}

export function node(folder: string, ...args: readonly string[]): Build {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { exitCode: status, output: `${stdout}${stderr}` };
}

/** A tsconfig with the plugin. */
export function tsconfig(
  plugin: Readonly<Record<string, unknown>>,
  compilerOptions: Readonly<Record<string, unknown>> = {},
  rest: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      lib: ['ES2022'],
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir: 'out',
      plugins: [{ transform: 'xcs/transformer', ...plugin }],
      ...compilerOptions,
    },
    include: ['src'],
    ...rest,
  });
}

/** A project of its own: an ES module package with this tsconfig and these sources. */
export function makeBuild(config: string, sources: Readonly<Record<string, string>>): string {
  return makeProject({ 'package.json': '{"type":"module"}', 'tsconfig.json': config, ...sources });
}
