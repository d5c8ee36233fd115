/** Options of the plugin that are not allowed are named, with the value and what is allowed; none is passed over. */
import fs from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readOptions } from '../transformer/options.ts';
import { makeBuild, tsconfig, tspc } from './helpers/emission-tspc.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

/** What `tspc` prints for a small program under this plugin entry. */
function print(plugin: Readonly<Record<string, unknown>>): string {
  const folder = makeBuild(tsconfig(plugin, { declaration: true }), { 'src/main.ts': source });
  folders.push(folder);
  return tspc(folder).output;
}

const source = `import { Operator, structuralJit } from 'xcs';
class Upper extends Operator<string, string> {
  async forward(input: string): Promise<string> { return input.toUpperCase(); }
}
@structuralJit
export class Main extends Operator<string, string> {
  readonly upper = new Upper();
  async forward(input: string): Promise<string> { return await this.upper.invoke(input); }
}
`;

describe('an entry of `externals`', () => {
  it.each([
    { from: '', name: 'f' },
    { from: 'ai', name: '' },
    { from: 'ai', name: 'f', effect: [] },
    { from: 'ai', name: 'f', effect: {} },
    { from: 'ai', name: 'f', effect: { reads: '' } },
  ])('is refused: %j', (external) => {
    const { settings, problems } = readOptions({ externals: [external] });
    expect(problems.map(({ code }) => code)).toStrictEqual(['XCS0012']);
    expect(problems[0]?.what).toContain(`\`externals\` is [${JSON.stringify(external)}]; expected a list of`);
    expect(settings.externals).toStrictEqual([]);
  });

  it.each([
    { from: 'ai', name: 'f' },
    { from: 'ai', name: 'C.f', effect: 'pure' },
    { from: 'ai', name: 'f', effect: { reads: 'index', writes: ['a', 'b'] } },
    { from: 'ai', name: 'f', effect: { reads: [] } },
  ])('is taken: %j', (external) => {
    const { settings, problems } = readOptions({ externals: [external] });
    expect(problems).toStrictEqual([]);
    expect(settings.externals).toHaveLength(1);
  });
});

describe('an option of ts-patch', () => {
  it.each(['after', 'afterDeclarations'])('that comes too late is named once: %s', (option) => {
    const output = print({ [option]: true });
    expect(output.match(/error/g)).toHaveLength(1);
    expect(output).toContain(`XCS0012: plugin option \`${option}\` is true; expected it to be left out`);
  });

  it('that wants a whole program is named', () => {
    expect(print({ transformProgram: true })).toContain(
      'XCS0012: plugin option `transformProgram` is true; expected it to be left out',
    );
  });

  it('that says nothing new is taken', () => {
    expect(readOptions({ after: false, afterDeclarations: false }).problems).toStrictEqual([]);
  });
});

describe('a `report` that cannot be written', () => {
  it.runIf(fs.existsSync('/proc/self'))('is named, where nothing can be made, too', () => {
    const output = print({ report: '/proc/x/y.json' });
    expect(output.match(/error/g)).toHaveLength(1);
    expect(output).toContain('XCS0012: plugin option `report` cannot be written: ENOENT');
    expect(output).toContain('/proc/x');
  });

  it('is named below what is a file', () => {
    expect(print({ report: 'tsconfig.json/y.json' })).toContain('`report` cannot be written: ');
  });
});
