/** The plugin inside ts-patch's compiler, in this process: one file by itself, and a watch that is driven step by step. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { writeIn } from './helpers/emission-package.ts';
import { makeBuild, node, tsconfig } from './helpers/emission-tspc.ts';

// The compiler that ts-patch makes has the types of the one it patches.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const patched = createRequire(import.meta.url)('ts-patch/compiler') as typeof ts;
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

function make(
  sources: Readonly<Record<string, string>>,
  plugin: Readonly<Record<string, unknown>> = {},
): string {
  const folder = makeBuild(tsconfig(plugin, { incremental: false }), sources);
  folders.push(folder);
  return folder;
}

const alone = `import { Operator, structuralJit as mark } from 'xcs';
import * as xcs from 'xcs';
import { Unknown } from './elsewhere.js';
class Upper extends Operator<string, string> {
  async forward(input: string): Promise<string> { return input.toUpperCase(); }
}
@mark
export class Marked extends Operator<string, string> {
  readonly upper = new Upper();
  async forward(input: string): Promise<string> {
    const a = await this.upper.invoke(input);
    return a + (await this.upper.invoke(a));
  }
}
@xcs.structuralJit({ maxConcurrency: 2 })
export class ByNamespace extends xcs.Operator<string, string> {
  readonly upper = new Upper();
  async forward(input: string): Promise<string> { return await this.upper.invoke(input); }
}
@mark
export class Inheriting extends Unknown {}
export const fn = mark(async (input: string) => await new Upper().invoke(input));
`;

const caller = `import { explain } from 'xcs';
import { ByNamespace, fn, Inheriting, Marked } from './alone.js';
console.warn = (text) => console.log('notice', text);
const all = [new Marked(), new ByNamespace(), new Inheriting(), fn];
for (const one of all) console.log(await one.invoke('x'), explain(one).includes('XCS2004'));
`;

describe('transpileModule, which sees one file and no types', () => {
  const folder = make({ 'src/alone.ts': alone, 'out/run.js': caller });
  writeIn(
    folder,
    'out/elsewhere.js',
    `import { Operator } from 'xcs'; export class Unknown extends Operator { forward() { return 'inherited'; } }`,
  );
  const { outputText, diagnostics = [] } = patched.transpileModule(alone, {
    fileName: path.join(folder, 'src/alone.ts'),
    reportDiagnostics: true,
    compilerOptions: {
      target: patched.ScriptTarget.ES2022,
      module: patched.ModuleKind.ESNext,
      plugins: [{ name: '', transform: 'xcs/transformer' } as ts.PluginImport],
    },
  });
  writeIn(folder, 'out/alone.js', outputText);

  it('gives no diagnostics', () => {
    expect(diagnostics.map(({ messageText }) => messageText)).toStrictEqual([]);
  });

  it('recognises the marks by their import, and leaves none of them a decorator', () => {
    expect(outputText).not.toMatch(/__esDecorate|^@/m);
    expect(outputText.match(/asWritten/g)).toHaveLength(4);
  });

  it('runs everything as written, and explains why', () => {
    expect(node(folder, 'out/run.js').output).toBe('XX true\nX true\ninherited false\nX true\n');
  });
});

const operators = (mark: string): string => `import { Operator } from 'xcs';
export class Tag extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string): Promise<string> { return '${mark}' + input; }
}
`;

const watched = (last: string): string => `import { Operator, graphOf, structuralJit } from 'xcs';
import { Tag } from './operators.js';
@structuralJit
export class Watched extends Operator<string, string> {
  readonly first = new Tag();
  readonly second = new Tag();
  async forward(input: string): Promise<string> {
    const a = await this.first.invoke(input);
    const b = await this.second.invoke('b');
    return ${last};
  }
}
console.log(await new Watched().invoke('a'), graphOf(Watched).order);
`;

/** A watch whose clock and file events the test drives. */
function watch(folder: string): {
  readonly statuses: readonly string[];
  change(name: string, text: string): void;
  stop(): void;
} {
  const listeners = new Map<string, ts.FileWatcherCallback>();
  const timers = new Set<() => void>();
  const statuses: string[] = [];
  const system: ts.System = {
    ...patched.sys,
    watchFile: (file, callback) => {
      listeners.set(file, callback);
      return { close: () => listeners.delete(file) };
    },
    watchDirectory: () => ({ close: () => {} }),
    setTimeout: (callback: () => void) => {
      timers.add(callback);
      return callback;
    },
    clearTimeout: (callback: () => void) => timers.delete(callback),
    write: () => {},
  };
  const text = ({ messageText }: ts.Diagnostic): string =>
    patched.flattenDiagnosticMessageText(messageText, '\n');
  const host = patched.createWatchCompilerHost(
    path.join(folder, 'tsconfig.json'),
    {},
    system,
    patched.createEmitAndSemanticDiagnosticsBuilderProgram,
    (diagnostic) => statuses.push(text(diagnostic)),
    (diagnostic) => statuses.push(text(diagnostic)),
  );
  const program = patched.createWatchProgram(host);
  return {
    statuses,
    stop: () => program.close(),
    change: (name, content) => {
      writeIn(folder, name, content);
      const file = path.join(folder, name);
      listeners.get(file)?.(file, patched.FileWatcherEventKind.Changed, new Date(0));
      for (const timer of timers) {
        timers.delete(timer);
        timer();
      }
    },
  };
}

describe('a watch', () => {
  const folder = make(
    { 'src/operators.ts': operators('1'), 'src/watched.ts': watched('a + b') },
    { report: 'xcs.json' },
  );
  const outputs: string[] = [];
  const run = (): void => void outputs.push(node(folder, 'out/watched.js').output);
  const watching = watch(folder);
  run();
  watching.change('src/watched.ts', watched('b + a'));
  run();
  watching.change('src/operators.ts', operators('2'));
  run();
  watching.change('src/watched.ts', watched('await this.first.invoke(a + b)'));
  run();
  watching.stop();

  it('finds no errors', () => {
    expect(watching.statuses.filter((status) => status.startsWith('Found'))).toStrictEqual(
      Array.from({ length: 4 }, () => 'Found 0 errors. Watching for file changes.'),
    );
  });

  it('emits what has changed, compiled, each time', () => {
    expect(outputs).toStrictEqual(['1a1b 2\n', '1b1a 2\n', '2b2a 2\n', '22a2b 3\n']);
  });

  it('keeps the report complete', () => {
    // Written by the transformer, whose work this checks.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { classes } = JSON.parse(fs.readFileSync(path.join(folder, 'xcs.json'), 'utf8')) as {
      readonly classes: readonly { readonly name: string }[];
    };
    expect(classes.map(({ name }) => name)).toStrictEqual(['Watched']);
  });
});
