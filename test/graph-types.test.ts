/** `XCSGraph` is a graphology graph for whoever installs the package: in types, however modules are found, and in bundles. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { build } from 'esbuild';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { makeProject } from './helpers/emission-package.ts';
import { node } from './helpers/emission-tspc.ts';

const program = `import { XCSGraph, operator } from 'xcs';

const graph = new XCSGraph().addOperator('search', operator(async (text: string) => text));
const order: number = graph.order;
const nodes: string[] = graph.nodes();
const label: string = graph.getNodeAttribute('search', 'label');
export const seen = [order, nodes, label];
// @ts-expect-error -- it is no \`any\`
graph.unknown();
`;

const folder = makeProject({
  'package.json': '{"type":"module"}',
  'main.ts': program,
  'main.js': `import { XCSGraph, operator } from 'xcs';
const graph = new XCSGraph().addOperator('search', operator(async (text) => text));
export const seen = JSON.stringify([graph.order, graph.nodes(), graph.type, graph.copy().order]);
globalThis.console?.log(seen);
`,
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const { ModuleKind: kinds, ModuleResolutionKind: resolutions } = ts;

describe('the types of a graph', () => {
  it.each([
    ['NodeNext', kinds.NodeNext, resolutions.NodeNext],
    ['ESNext, bundler', kinds.ESNext, resolutions.Bundler],
    ['Preserve, bundler', kinds.Preserve, resolutions.Bundler],
  ])('have the methods of graphology under %s', (_, module, moduleResolution) => {
    const checked = ts.createProgram([path.join(folder, 'main.ts')], {
      target: ts.ScriptTarget.ES2022,
      module,
      moduleResolution,
      lib: ['lib.es2022.d.ts'],
      types: ['node'],
      typeRoots: [path.join(folder, 'node_modules/@types')],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    });
    const found = ts.getPreEmitDiagnostics(checked);
    expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toStrictEqual(
      [],
    );
  });
});

describe('a graph that runs', () => {
  const ran = '[1,["search"],"directed",1]';

  it('is one in Node', () => {
    expect(node(folder, 'main.js').output).toBe(`${ran}\n`);
  });

  it.each([
    ['browser', ['module', 'import']],
    ['neutral', ['module', 'import']],
    ['neutral', []],
  ] as const)('is one in a bundle for %s under the conditions %j', async (platform, conditions) => {
    const { outputFiles } = await build({
      entryPoints: [path.join(folder, 'main.js')],
      absWorkingDir: folder,
      bundle: true,
      format: 'iife',
      globalName: 'program',
      target: 'es2022',
      platform,
      conditions: [...conditions],
      mainFields: ['browser', 'module', 'main'],
      write: false,
      logLevel: 'silent',
    });
    const surroundings = { setTimeout, clearTimeout, AbortController, AbortSignal, performance };
    const text = outputFiles[0]?.text ?? '';
    expect(vm.runInNewContext(`${text}\nprogram.seen`, surroundings)).toBe(ran);
  });
});
