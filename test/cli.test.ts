/** The command `xcs` on projects of its own: in this process, and once as it is installed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { XCSGraph } from '../runtime/index.ts';
import { runCli } from '../transformer/cli/run-cli.ts';
import { builtPackage, repository, writeIn } from './helpers/emission-package.ts';
import { makeBuild, tsconfig } from './helpers/emission-tspc.ts';

const SOURCE = `import { Operator, structuralJit } from 'xcs';

class Model extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(text: string): Promise<string> { return text; }
}

@structuralJit
export class Answer extends Operator<string, string> {
  readonly model = new Model();
  async forward(q: string): Promise<string> {
    const facts = await this.model.invoke(q);
    console.log(facts);
    const doubts = await this.model.invoke('not ' + q);
    return facts + doubts;
  }
}

@structuralJit
export class Old extends Operator<string, string> {
  readonly model = new Model();
  forward(q: string): Promise<string> { return this.model.invoke(q); }
}
`;
const CHAINED = SOURCE.replace("'not ' + q", 'facts');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

function make(
  source = SOURCE,
  plugin: Readonly<Record<string, unknown>> = {},
  compilerOptions: Readonly<Record<string, unknown>> = {},
): string {
  const folder = makeBuild(tsconfig(plugin, { noEmit: true, ...compilerOptions }), {
    'src/answer.ts': source,
  });
  folders.push(folder);
  return folder;
}

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

async function xcs(cwd: string, args: readonly string[], isTTY = false): Promise<Ran> {
  const written = { out: '', err: '' };
  const output = (name: 'out' | 'err'): { write(text: string): void; isTTY: boolean } => ({
    isTTY,
    write: (text) => void (written[name] += text),
  });
  const exitCode = await runCli(args, { cwd, env: {}, out: output('out'), err: output('err') });
  return { exitCode, ...written };
}

describe('xcs explain', () => {
  const folder = make();

  it('tells of each await what it waits for, with both places, and by which code a step keeps its place', async () => {
    const { exitCode, out, err } = await xcs(folder, ['explain', 'src/answer.ts#Answer']);
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Answer {2}src\/answer\.ts:8:1\n/);
    expect(out).toContain('  calls: 2 one after another as written, 1 on the critical path\n');
    expect(out).toMatch(
      / {2}1 {2}compute {2}console\.log\(facts\) {2}13:\d+ {2}fence \(XCS3004\)\n {7}waits for 0 at 12:\d+ \(/,
    );
    expect(out).toContain('XCS3004  src/answer.ts:13:');
    expect(out).toContain('assumed\n');
    expect(out).not.toContain('Old');
  });

  it('tells of all that is marked in a file, also what runs as written', async () => {
    const { out } = await xcs(folder, ['explain', 'src/answer.ts']);
    expect(out).toMatch(/^Answer {2}/);
    expect(out).toMatch(/^Old .*\n {2}runs as written\n/m);
  });

  it('is coloured on a terminal only', async () => {
    expect((await xcs(folder, ['explain', 'XCS3004'], true)).out).toContain('\u001B[33mXCS3004\u001B[39m');
    expect((await xcs(folder, ['explain', 'xcs3004'])).out).toMatch(/^XCS3004 {2}keeps its place\n/);
  });

  it.each([
    [['explain', 'src/none.ts'], 'there is no file `src/none.ts`'],
    [['explain', 'src'], '`src` is a folder, expected a file'],
    [['explain', 'package.json'], '`package.json` is no TypeScript, expected a .ts file'],
    [['explain', 'src/answer.ts#Asnwer'], '`src/answer.ts` has nothing marked called `Asnwer`'],
    [['explain', 'src/answer.ts', '--project', 'none'], 'there is no tsconfig `none`'],
    [['explain', 'XCS3999'], 'there is no code XCS3999'],
    [['explain'], 'missing required args for command `explain <target>`'],
    [['explain', 'src/answer.ts', '--dot'], 'Unknown option `--dot`'],
    [['explan', 'src/answer.ts'], 'there is no command `explan`'],
    [['graph', 'src/answer.ts#Answer', '--dot', '--json'], 'expected one format, got --dot and --json'],
    [['graph', 'src/answer.ts'], '`src/answer.ts` stands for several: #Answer ('],
    [['graph', 'src/answer.ts#Old'], '`Old` has no graph, for it runs as written: XCS2002 '],
    [['check', '--baseline', 'none.json'], 'the baseline `none.json` cannot be read: ENOENT'],
  ])('%j says what is wrong and what to do', async (args, message) => {
    const { exitCode, out, err } = await xcs(folder, args);
    expect(err).toMatch(/^error: .*\n {2}to change that: .+\n$/s);
    expect(err).toContain(message);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  });

  it('refuses a file outside of the project, a file without marks, and one that does not compile', async () => {
    writeIn(folder, 'other/plain.ts', 'export const one = 1;');
    writeIn(folder, 'src/plain.ts', 'export const one = 1;');
    writeIn(folder, 'src/broken.ts', "export const one: number = 'one';");
    const errors = await Promise.all(
      ['other/plain.ts', 'src/plain.ts', 'src/broken.ts'].map(
        async (file) => (await xcs(folder, ['explain', file])).err,
      ),
    );
    expect(errors[0]).toContain('`other/plain.ts` is not part of the project tsconfig.json');
    expect(errors[1]).toContain('nothing in `src/plain.ts` is marked with structuralJit');
    expect(errors[2]).toContain(
      'the project does not compile, expected no errors, got 1 error:\nsrc/broken.ts(1,14): error TS2322',
    );
  });
});

describe('xcs graph', () => {
  const folder = make();

  it('prints Mermaid, DOT, or JSON that XCSGraph reads', async () => {
    const target = ['graph', 'src/answer.ts#Answer'];
    expect((await xcs(folder, target)).out).toMatch(/^flowchart|^graph/m);
    expect((await xcs(folder, [...target, '--dot'])).out).toMatch(/^digraph/);
    const { out } = await xcs(folder, [...target, '--json']);
    expect(XCSGraph.fromJSON(JSON.parse(out)).waves()).toEqual([['0', '2']]);
  });
});

describe('xcs check', () => {
  it('says everything under noEmit, and writes nothing', async () => {
    const folder = make(SOURCE, { report: 'report.json' });
    const { exitCode, out } = await xcs(folder, ['check']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^src\/answer\.ts:\d+:\d+ {2}Answer {2}calls: 2, 1 on the critical path\n {2}XCS3004 {2}src\/answer\.ts:13:/,
    );
    expect(out).toContain('XCS2002');
    expect(out).toMatch(/^2 marked: 1 compiled, 1 as written; 0 errors; \d notes?$/m);
    expect(fs.readdirSync(folder).toSorted()).toEqual([
      'node_modules',
      'package.json',
      'src',
      'tsconfig.json',
    ]);
  });

  it('fails where a build would fail', async () => {
    const { exitCode, out } = await xcs(make(SOURCE, { strict: true, undeclared: 'free' }), ['check']);
    expect(exitCode).toBe(1);
    expect(out).toContain('error  XCS0012: plugin option `undeclared` is "free"');
    expect(out).toMatch(/^error {2}src\/answer\.ts:\d+:\d+ {2}XCS1014: strict: XCS2002 /m);
  });

  it('fails when something is more sequential than the baseline that it wrote, and says what', async () => {
    const folder = make();
    expect(await xcs(folder, ['check', '--write-baseline', 'base.json'])).toMatchObject({ exitCode: 0 });
    expect(await xcs(folder, ['check', '--baseline', 'base.json'])).toMatchObject({ exitCode: 0 });
    writeIn(folder, 'src/answer.ts', CHAINED);
    const { exitCode, out } = await xcs(folder, ['check', '--baseline', 'base.json']);
    expect(exitCode).toBe(1);
    expect(out).toContain(
      'more sequential  src/answer.ts#Answer: calls on the critical path, expected at most 1, got 2\n',
    );
    expect(out).toContain('pairs of calls that wait for each other, expected at most 0, got 1\n');
  });

  it('fails when the iterations of a loop have come to follow one another', async () => {
    const body = (given: string): string =>
      SOURCE.replace(
        /const facts = [^]*?return facts \+ doubts;/,
        `let text = q;\n    for (const part of [q, 'more']) text += await this.model.invoke(${given});\n    return text;`,
      );
    const folder = make(body('part'));
    await xcs(folder, ['check', '--write-baseline', 'base.json']);
    const same = await xcs(folder, ['check', '--baseline', 'base.json']);
    expect(same.exitCode).toBe(0);
    expect(same.out).toContain('calls: 1, 1 on the critical path; the iterations of 1 of 1 loops overlap\n');
    writeIn(folder, 'src/answer.ts', body('text + part'));
    const { exitCode, out } = await xcs(folder, ['check', '--baseline', 'base.json']);
    expect(exitCode).toBe(1);
    expect(out).toContain(
      'src/answer.ts#Answer: loops whose iterations follow one another, expected at most 0, got 1\n',
    );
  });

  it('refuses a baseline that is none, and a project that only refers to others', async () => {
    const folder = make();
    writeIn(folder, 'base.json', '{ "version": 1, "classes": { "x": {} } }');
    expect((await xcs(folder, ['check', '--baseline', 'base.json'])).err).toContain(
      '`base.json` is no baseline of version 2 of `xcs check`',
    );
    writeIn(folder, 'all/tsconfig.json', '{ "files": [], "references": [{ "path": "../src" }] }');
    expect((await xcs(folder, ['check', '-p', 'all'])).err).toContain(
      'name one of them with --project: ../src',
    );
    writeIn(folder, 'all/tsconfig.json', '{ "compilerOptions": { "target": "ES1" } }');
    expect((await xcs(folder, ['check', '-p', 'all'])).err).toContain('error TS6046');
  });

  it('warns when the tsconfig has no entry for the transformer', async () => {
    const { err } = await xcs(make(SOURCE, {}, { plugins: [] }), ['check']);
    expect(err).toContain(
      'warning: tsconfig.json has no entry { "transform": "xcs/transformer" } in "plugins"',
    );
  });
});

it('every command has help', async () => {
  const info = vi.spyOn(console, 'info').mockImplementation(() => {});
  for (const command of [[], ['explain'], ['check'], ['graph']]) {
    // One after another, for they share a console.
    // oxlint-disable-next-line no-await-in-loop
    expect(await xcs('.', [...command, '--help'])).toEqual({ exitCode: 0, out: '', err: '' });
    expect(String(info.mock.lastCall)).toContain(`$ xcs ${command[0] ?? '<command> [options]'}`);
  }
  info.mockRestore();
});

/** The installed command, as a process. */
function installed(home: string, cwd: string, ...args: readonly string[]): ReturnType<typeof spawnSync> {
  const main = path.join(home, 'dist/transformer/cli/main.js');
  return spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8' });
}

describe('as it is installed', () => {
  const folder = make();

  it('answers on standard output and with its exit code', () => {
    const { status, stderr, stdout } = installed(builtPackage(), folder, 'check');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('2 marked: 1 compiled, 1 as written');
    expect(installed(builtPackage(), folder, 'graph', 'src/none.ts')).toMatchObject({
      status: 2,
      stdout: '',
    });
  });

  it('says what to install when ts-morph is not there, and explains codes without', () => {
    const home = path.join(folder, 'alone/node_modules/xcs');
    fs.cpSync(builtPackage(), home, { recursive: true });
    for (const name of ['cac', 'picocolors', 'graphology', 'events'])
      fs.symlinkSync(path.join(repository, 'node_modules', name), path.join(home, '..', name));
    fs.rmSync(path.join(folder, 'node_modules/ts-morph'));
    expect(installed(home, folder, 'check')).toMatchObject({
      status: 2,
      stderr:
        'error: ts-morph, which loads the project, is not installed\n' +
        '  to change that: npm install --save-dev ts-morph@28\n',
    });
    expect(installed(home, folder, 'explain', 'XCS3004')).toMatchObject({ status: 0, stderr: '' });
  });
});
