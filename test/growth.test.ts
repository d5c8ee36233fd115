/** Bodies of statements of a kind: what is found of them grows as they do, not with the square. */
import { expect, it } from 'vitest';
import type { Descriptor } from '../runtime/descriptor.ts';
import * as xcs from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { watching } from './helpers/prove.ts';

function compile(statement: (index: string) => string, count: number): Descriptor | undefined {
  const statements = Array.from({ length: count }, (_, index) => statement(String(index)));
  const descriptors: Descriptor[] = [];
  compileModule(`
import { Operator, structuralJit } from 'xcs';
class Ask extends Operator<string, string> {
  static override readonly effect = 'unordered';
  override async forward(q: string) { return q; }
}
@structuralJit
export class Long extends Operator<string, readonly string[]> {
  readonly ask = new Ask();
  override async forward(q: string) {
    const all: string[] = [];
    ${statements.join('\n    ')}
    return all;
  }
}`).load({ modules: { xcs: { ...xcs, structuralJit: watching(descriptors) } } });
  return descriptors[0];
}

it.each([
  ['calls', (n) => `const v${n} = await this.ask.invoke(q + ${n}); all.push(v${n});`],
  ['logs', (n) => `const v${n} = await this.ask.invoke(q + ${n}); console.log(v${n});`],
  [
    '`try` statements that log',
    (n) =>
      `let v${n} = ''; try { v${n} = await this.ask.invoke(q + ${n}); } catch (error) { console.log(error); } all.push(v${n});`,
  ],
  [
    '`try` statements with a `finally`',
    (n) => `try { all.push(await this.ask.invoke(q + ${n})); } finally { console.log(${n}); }`,
  ],
  [
    'loops with a `try` that logs',
    (n) =>
      `for (const one of [q, '${n}']) { try { all.push(await this.ask.invoke(one)); } catch (error) { console.log(error); } }`,
  ],
] as const satisfies readonly (readonly [string, (index: string) => string])[])('%s', (_, statement) => {
  const [ten, twenty, forty] = [10, 20, 40].map(
    (count) => compile(statement, count)?.dependences.length ?? 0,
  );
  expect(ten).toBeGreaterThan(10);
  expect((forty ?? 0) - (twenty ?? 0)).toBe(2 * ((twenty ?? 0) - (ten ?? 0)));
});

it('one `try` around all', () => {
  const inside = (count: number): number => {
    const calls = Array.from(
      { length: count },
      (_, n) => `const v${n} = await this.ask.invoke(q + ${n}); all.push(v${n});`,
    );
    return compile(() => `try { ${calls.join(' ')} } catch { all.length = 0; }`, 1)?.dependences.length ?? 0;
  };
  const [some, twice] = [inside(80), inside(160)];
  expect(some).toBeGreaterThan(80);
  expect(twice).toBeLessThan(2.2 * some);
});
