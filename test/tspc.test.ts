/** Real builds with `tspc`: what they print, how they end, and what the report says after each. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeIn } from './helpers/emission-package.ts';
import { makeBuild, node, tsconfig, tspc } from './helpers/emission-tspc.ts';

const folders: string[] = [];

function make(config: string, sources: Readonly<Record<string, string>>): string {
  const folder = makeBuild(config, sources);
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly classes: readonly {
    readonly name: string;
    readonly steps: number;
    readonly span: { readonly file: string };
    readonly notes: readonly { readonly code: string }[];
  }[];
}

function reportOf(folder: string, name = 'xcs.json'): Report['classes'] {
  // Written by the transformer, whose work this checks.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Report).classes;
}

const operators = `import { Operator } from 'xcs';
export class Upper extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string): Promise<string> { return input.toUpperCase(); }
}
export class Wrap extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string): Promise<string> { return '<' + input + '>'; }
}
`;

/** A class `name` that calls two operators, and prints its result and how many calls its graph has. */
function composite(name: string, last = 'a + b', operatorsFrom = './operators.js'): string {
  return `import { Operator, graphOf, structuralJit } from 'xcs';
import { Upper, Wrap } from '${operatorsFrom}';
@structuralJit
export class ${name} extends Operator<string, string> {
  readonly upper = new Upper();
  readonly wrap = new Wrap();
  async forward(input: string): Promise<string> {
    const a = await this.upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return ${last};
  }
}
console.log('${name}', await new ${name}().invoke('hi'), graphOf(${name}).order);
`;
}

describe('what is wrong with the configuration or the marks', () => {
  const config = tsconfig({
    strickt: true,
    strict: 'yes',
    undeclared: 'pure',
    report: 7,
    externals: [{ from: 1 }],
  });
  const folder = make(config, {
    'src/misuse.ts': `import { Operator, structuralJit } from 'xcs';
// @ts-expect-error -- no forward
@structuralJit
export class Empty {}
// @ts-expect-error -- a string is neither
export const nothing = structuralJit('text');
// @ts-expect-error -- not allowed
@structuralJit({ executionStrategy: 'fast', maxConcurrency: 0, speed: 1 })
export class Fast extends Operator<string, string> {
  async forward(input: string): Promise<string> { return input; }
}
`,
  });
  const { exitCode, output } = tspc(folder);
  const lines = output.split('\n');

  it('ends with exit code 2', () => {
    expect(exitCode).toBe(2);
  });

  it.each([
    [
      'error TS990011: XCS0011: unknown plugin option `strickt`',
      'allowed: strict, externals, presets, undeclared, report',
    ],
    ['error TS990012: XCS0012: plugin option `strict` is "yes"; expected true or false', ''],
    [
      'error TS990012: XCS0012: plugin option `undeclared` is "pure"; expected "sequential" or "unordered"',
      '',
    ],
    ['error TS990012: XCS0012: plugin option `report` is 7; expected a file name or false', ''],
    ['error TS990012: XCS0012: plugin option `externals` is [{"from":1}]; expected a list of', ''],
    [
      'src/misuse.ts(3,1): error TS991011: XCS1011: `Empty` is marked with structuralJit',
      'write `async forward',
    ],
    [
      "src/misuse.ts(6,38): error TS991012: XCS1012: structuralJit marks `'text'`",
      'mark a class that extends',
    ],
    ["src/misuse.ts(8,18): error TS991013: XCS1013: structuralJit option `executionStrategy` is 'fast'", ''],
    ['src/misuse.ts(8,45): error TS991013: XCS1013: structuralJit option `maxConcurrency` is 0', ''],
    ['src/misuse.ts(8,64): error TS991013: XCS1013: structuralJit option `speed` is unknown', ''],
  ])('says once: %s', (message, hint) => {
    const found = lines.filter((line) => line.includes(message));
    expect(found).toHaveLength(1);
    const index = lines.findIndex((line) => line.includes(message));
    expect(lines.slice(index, index + 2).join('\n')).toContain(hint);
  });

  it('says nothing else', () => {
    expect(lines.filter((line) => line.includes('error'))).toHaveLength(10);
  });
});

const loop = `import { Operator, structuralJit } from 'xcs';
import { Upper } from './operators.js';
@structuralJit
export class Loop extends Operator<string, string> {
  readonly upper = new Upper();
  async forward(input: string): Promise<string> {
    for await (const part of [input]) if (part === '') return '';
    const a = await this.upper.invoke(input);
    return a;
  }
}
`;

describe('incremental builds', () => {
  const config = tsconfig(
    { report: 'out/reports/xcs.json' },
    { incremental: true, tsBuildInfoFile: 'out/info' },
  );
  const folder = make(config, {
    'src/operators.ts': operators,
    'src/first.ts': composite('First'),
    'src/second.ts': composite('Second'),
    'src/loop.ts': loop,
  });
  const report = 'out/reports/xcs.json';
  const first = tspc(folder);
  const reportBefore = reportOf(folder, report);
  const untouched = path.join(folder, 'out/first.js');
  const emittedAt = fs.statSync(untouched).mtimeMs;
  writeIn(folder, 'src/second.ts', composite('Second', 'b + a'));
  const second = tspc(folder);

  it('do not fail because of notes', () => {
    expect(first).toStrictEqual({ exitCode: 0, output: '' });
    expect(second).toStrictEqual({ exitCode: 0, output: '' });
  });

  it('report classes in the order of their files, with the reason for what runs as written', () => {
    expect(reportBefore.map(({ name, span }) => `${span.file} ${name}`)).toStrictEqual([
      'src/first.ts First',
      'src/loop.ts Loop',
      'src/second.ts Second',
    ]);
    expect(reportBefore.map(({ notes }) => notes.map(({ code }) => code))).toStrictEqual([
      [],
      ['XCS2005', 'XCS3002'],
      [],
    ]);
  });

  it('emit the changed file compiled, and only that', () => {
    expect(fs.statSync(untouched).mtimeMs).toBe(emittedAt);
    expect(node(folder, 'out/first.js').output).toBe('First HI<hi> 2\n');
    expect(node(folder, 'out/second.js').output).toBe('Second <hi>HI 2\n');
  });

  it('keep in the report what was said about the files that have not changed', () => {
    expect(reportOf(folder, report).map(({ name }) => name)).toStrictEqual(['First', 'Loop', 'Second']);
  });
});

describe('builds of projects that refer to each other', () => {
  const folder = make(JSON.stringify({ files: [], references: [{ path: 'main' }] }), {
    'library/tsconfig.json': tsconfig({ report: 'xcs.json' }, { composite: true }),
    'library/src/operators.ts': operators,
    'main/tsconfig.json': tsconfig(
      { report: 'xcs.json' },
      { composite: true },
      { references: [{ path: '../library' }] },
    ),
    'main/src/main.ts': composite('Main', 'a + b', '../../library/out/operators.js'),
  });
  const first = tspc(folder, '-b');
  const before = node(folder, 'main/out/main.js');
  writeIn(folder, 'main/src/main.ts', composite('Main', 'b + a', '../../library/out/operators.js'));
  const second = tspc(folder, '-b');

  it('compile against declarations only, and again after a change', () => {
    expect([first, second]).toStrictEqual([
      { exitCode: 0, output: '' },
      { exitCode: 0, output: '' },
    ]);
    expect(before.output).toBe('Main HI<hi> 2\n');
    expect(node(folder, 'main/out/main.js').output).toBe('Main <hi>HI 2\n');
  });

  it('write a report beside each tsconfig', () => {
    expect(reportOf(path.join(folder, 'main')).map(({ name, span }) => [span.file, name])).toStrictEqual([
      ['src/main.ts', 'Main'],
    ]);
    expect(reportOf(path.join(folder, 'library'))).toStrictEqual([]);
  });
});

describe('a strict build', () => {
  const folder = make(tsconfig({ strict: true }), { 'src/operators.ts': operators, 'src/loop.ts': loop });
  const { exitCode, output } = tspc(folder);

  it('fails where something runs as written, and says where', () => {
    expect(exitCode).toBe(2);
    expect(output).toContain('src/loop.ts(7,5): error TS991014: XCS1014: strict: XCS2005 ');
    expect(output.match(/error/g)).toHaveLength(1);
  });

  it('still emits what works', () => {
    writeIn(
      folder,
      'run.mjs',
      `import { Loop } from './out/loop.js'; console.log(await new Loop().invoke('x'));`,
    );
    expect(node(folder, 'run.mjs').output).toBe('X\n');
  });
});

describe('the entry of the plugin', () => {
  it('is found by require, from which ts-patch takes the default export', () => {
    const folder = make(tsconfig({}), {});
    const script = `const plugin = require('xcs/transformer'); console.log(typeof plugin.default, Object.keys(plugin).join());`;
    expect(node(folder, '-e', script).output).toBe('function __esModule,default\n');
  });
});
