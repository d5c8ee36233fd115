/** Bodies of statements of a kind: what is found of them grows as they do, not with the square. */
import { expect, it } from 'vitest';
import type { Descriptor } from '../runtime/descriptor.ts';
import * as xcs from '../runtime/index.ts';
import transformer from '../transformer/index.ts';
import { compileModule, type Transformer } from './helpers/compile.ts';
import { watching } from './helpers/prove.ts';

function bodyOf(statement: (index: string) => string, count: number): string {
  const statements = Array.from({ length: count }, (_, index) => statement(String(index)));
  return `
import { Operator, structuralJit } from 'xcs';
class Ask extends Operator<string, string> {
  static override readonly effect = 'unordered';
  override async forward(q: string) { return q; }
}
class Take extends Operator<{ list: readonly { q: string }[] }, string> {
  static override readonly effect = 'unordered';
  override async forward({ list }: { list: readonly { q: string }[] }) { return list.map((one) => one.q).join(); }
}
class Find extends Operator<{ q: string }, string> {
  static override readonly effect = 'unordered';
  override async forward({ q }: { q: string }) { return q; }
}
@structuralJit
export class Long extends Operator<string, readonly string[]> {
  readonly ask = new Ask();
  readonly find = new Find();
  readonly take = new Take();
  last = '';
  override async forward(q: string) {
    const all: string[] = [];
    ${statements.join('\n    ')}
    return all;
  }
}`;
}

function compile(statement: (index: string) => string, count: number): Descriptor | undefined {
  const descriptors: Descriptor[] = [];
  compileModule(bodyOf(statement, count)).load({
    modules: { xcs: { ...xcs, structuralJit: watching(descriptors) } },
  });
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

/** Each call may change all that it is given, and whatever is in it. */
it.each([
  [
    'a list that grows between calls of it',
    (n) => `list.push({ q: q + ${n} }); all.push(await this.take.invoke({ list }));`,
  ],
  [
    'answers that are put into the list of the next call',
    (n) => `const v${n} = await this.take.invoke({ list }); list.push({ q: v${n} });`,
  ],
  [
    'objects that are kept in variables, too',
    (n) =>
      `const o${n} = { q: q + ${n} }; list.push(o${n}); all.push(await this.take.invoke({ list }), o${n}.q);`,
  ],
] as const satisfies readonly (readonly [string, (index: string) => string])[])(
  'reads of objects: %s',
  (_, statement) => {
    const [ten, twenty, forty] = [10, 20, 40].map((count) => {
      const found = compile(
        (index) =>
          index === '0' ? `const list: { q: string }[] = []; ${statement(index)}` : statement(index),
        count,
      );
      const reads = found?.steps.reduce((sum, step) => sum + step.reads.length, 0) ?? 0;
      return reads + (found?.dependences.length ?? 0);
    });
    expect(ten).toBeGreaterThan(20);
    expect((forty ?? 0) - (twenty ?? 0)).toBe(2 * ((twenty ?? 0) - (ten ?? 0)));
  },
);

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

/** TypeScript follows each variable and field back to the start of the body to type it, which makes a square of a long one. */
it.each([
  ['calls', (n) => `const v${n} = await this.ask.invoke(q + ${n}); all.push(v${n});`],
  ['calls that are given objects', (n) => `all.push(await this.find.invoke({ q: \`${n} \${q}\` }));`],
  ['branches', (n) => `if (all.length > ${n}) all.push(await this.ask.invoke(q)); else console.log(q);`],
  ['fields', (n) => `this.last = await this.ask.invoke(q + ${n}); all.push(this.last);`],
] as const satisfies readonly (readonly [string, (index: string) => string])[])(
  'asks for no types of %s',
  (_, statement) => {
    const asked = (count: number): number => {
      let asks = 0;
      const counting: Transformer = (program, config, extras) => {
        const checker = program.getTypeChecker();
        const typeAt = checker.getTypeAtLocation.bind(checker);
        checker.getTypeAtLocation = (node) => {
          asks++;
          return typeAt(node);
        };
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what ts-patch would hand over
        return (transformer as unknown as Transformer)(program, config, extras);
      };
      compileModule(bodyOf(statement, count), { transformer: counting });
      return asks;
    };
    expect(asked(10)).toBeGreaterThan(0);
    expect(asked(40)).toBe(asked(10));
  },
);
