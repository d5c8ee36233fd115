/* oxlint-disable no-await-in-loop -- what one call has taught counts in the next */
/** `jit` beside code that has gone through the transformer. */
import { describe, expect, it } from 'vitest';
import * as xcs from '../../runtime/index.ts';
import type { Operator } from '../../runtime/index.ts';
import { compileModule } from '../helpers/compile.ts';

const source = `
import { jit, Operator, structuralJit } from 'xcs';
class Leaf extends Operator<string, string> {
  static override readonly effect = 'unordered';
  constructor(readonly label: string) { super(); }
  override async forward(text: string) { return this.label + '_' + text; }
}
@INNER
class Inner extends Operator<string, string> {
  static override readonly effect = 'unordered';
  readonly a = new Leaf('a');
  readonly b = new Leaf('b');
  override async forward(text: string) {
    const a = await this.a.invoke(text);
    const b = await this.b.invoke(text);
    return a + b;
  }
}
@OUTER
export class Outer extends Operator<string, string> {
  readonly inner = new Inner();
  readonly last = new Leaf('last');
  override async forward(text: string) {
    const inner = await this.inner.invoke(text);
    const last = await this.last.invoke(text);
    return inner + last;
  }
}`;

describe('jit and structuralJit', () => {
  it.each([
    ['jit', 'structuralJit'],
    ['structuralJit', 'jit'],
  ])('SJ30: %s inside %s gives what the code as written gives', async (inner, outer) => {
    const code = compileModule(source.replace('@INNER', `@${inner}`).replace('@OUTER', `@${outer}`));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it exports just that
    const { Outer } = code.load({ modules: { xcs } }) as unknown as {
      readonly Outer: new () => Operator<string, string>;
    };
    const operator = new Outer();
    for (const text of ['x', 'x', 'y', 'z'])
      expect(await operator.invoke(text)).toBe(`a_${text}b_${text}last_${text}`);
  });
});
