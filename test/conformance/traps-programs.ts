/** The programs of the traps, without their imports. Each makes its operator by `create`. */

export const programs = {
  /** Fields stand in another order than the data flows, and one is called twice. */
  crossed: `
@structuralJit
class Crossed extends Operator<string, unknown> {
  readonly last = new Leaf('last');
  readonly shelf = { middle: new Leaf('middle') };
  readonly first = new Leaf('first');
  override async forward(text: string): Promise<unknown> {
    const first = await this.first.invoke(text);
    const middle = await this.shelf.middle.invoke(first);
    const last = await this.last.invoke(middle);
    const again = await this.first.invoke(text + '!');
    return { last, again };
  }
}
export const create = () => new Crossed();`,
  /** Notes each time that a body runs. */
  bodies: `
interface Page { readonly text: string; readonly bodies: string[] }
@structuralJit
class Inner extends Operator<Page, string> {
  static override readonly effect = { mutates: true };
  readonly leaf = new Leaf('leaf');
  override async forward(page: Page): Promise<string> {
    page.bodies.push('inner');
    return await this.leaf.invoke(page.text);
  }
}
@structuralJit
class Outer extends Operator<Page, unknown> {
  readonly inner = new Inner();
  readonly other = new Leaf('other');
  override async forward(page: Page): Promise<unknown> {
    page.bodies.push('outer');
    const inner = await this.inner.invoke(page);
    const other = await this.other.invoke(page.text);
    return { inner, other, bodies: page.bodies.join() };
  }
}
export const create = () => new Outer();`,
  /** The result is neither what the last call gives nor what any call gives. */
  returned: `
@structuralJit
class Returned extends Operator<string, unknown> {
  readonly kept = new Leaf('kept');
  readonly dropped = new Leaf('dropped');
  override async forward(text: string): Promise<unknown> {
    const kept = await this.kept.invoke(text);
    await this.dropped.invoke(kept);
    return { length: kept.length, text };
  }
}
export const create = () => new Returned();`,
  constant: `
@structuralJit
class Constant extends Operator<string, string> {
  readonly leaf = new Leaf('leaf');
  override async forward(text: string): Promise<string> {
    await this.leaf.invoke(text);
    return 'done';
  }
}
export const create = () => new Constant();`,
  wide: `
@structuralJit
class Wide extends Operator<string, string> {
  readonly leaf = new Leaf('leaf');
  override async forward(text: string): Promise<string> {
    const a = await this.leaf.invoke(text + 'a');
    const b = await this.leaf.invoke(text + 'b');
    const c = await this.leaf.invoke(text + 'c');
    const d = await this.leaf.invoke(text + 'd');
    return [a, b, c, d].join();
  }
}
export const create = () => new Wide();`,
  failing: `
@structuralJit
class Failing extends Operator<string, unknown> {
  readonly writer = new Writer('writer');
  readonly fragile = new Fragile('fragile');
  override async forward(text: string): Promise<unknown> {
    const before = await this.writer.invoke('before');
    const fragile = await this.fragile.invoke(text);
    const after = await this.writer.invoke('after');
    return { before, fragile, after };
  }
}
export const create = () => new Failing();`,
  /** Both answers are `true`; what one call needs of the other is computed in between. */
  equal: `
@structuralJit
class Equal extends Operator<string, unknown> {
  readonly one = new IsLong();
  readonly other = new IsLong();
  readonly leaf = new Leaf('leaf');
  readonly loud = new Leaf('loud');
  override async forward(text: string): Promise<unknown> {
    const one = await this.one.invoke(text);
    const other = await this.other.invoke(text);
    const leaf = await this.leaf.invoke(one ? 'yes' : 'no');
    const words = leaf.split('_').reverse();
    const loud = await this.loud.invoke(words.join(' '));
    return { one, other, loud };
  }
}
export const create = () => new Equal();`,
  /** What the first call gives is needed by the second and by the third, which also needs the second. */
  skipped: `
@structuralJit
class Skipped extends Operator<string, string> {
  readonly a = new Leaf('a');
  readonly b = new Leaf('b');
  readonly c = new Leaf('c');
  override async forward(text: string): Promise<string> {
    const a = await this.a.invoke(text);
    const b = await this.b.invoke(a);
    return await this.c.invoke(a + '+' + b);
  }
}
export const create = () => new Skipped();`,
  /** Immutable operators, one of them in two fields, and one with a counter that nobody sees. */
  immutable: `
class Configured extends Operator<string, string> {
  readonly #leaf = new Leaf('leaf');
  constructor(readonly suffix: string) { super(); }
  override async forward(text: string): Promise<string> {
    return (await this.#leaf.invoke(text)) + this.suffix;
  }
}
@structuralJit
class Immutable extends Operator<string, string> {
  readonly configured = new Configured('?');
  readonly other = new Configured('!');
  override async forward(text: string): Promise<string> {
    const a = await this.configured.invoke(text);
    const b = await this.other.invoke(text);
    const c = await this.configured.invoke(text + 'c');
    return a + b + c;
  }
}
export const create = () => new Immutable();`,
  private: `
class Counting extends Operator<string, string> {
  #count = 0;
  readonly #leaf = new Leaf('leaf');
  override async forward(text: string): Promise<string> {
    const before = this.#count;
    const leaf = await this.#leaf.invoke(text);
    this.#count = before + 1;
    return leaf + this.#count;
  }
}
@structuralJit
class Private extends Operator<string, string> {
  readonly counting = new Counting();
  override async forward(text: string): Promise<string> {
    const a = await this.counting.invoke(text + 'a');
    const b = await this.counting.invoke(text + 'b');
    return a + ' ' + b;
  }
}
export const create = () => new Private();`,
  given: `
interface Given { readonly text: string; readonly list: readonly string[] }
@structuralJit
class Handing extends Operator<Given, unknown> {
  readonly one = new Echo<Given>();
  readonly two = new Echo<Given>();
  override async forward(given: Given): Promise<unknown> {
    const one = await this.one.invoke(given);
    const two = await this.two.invoke(given);
    return [one, two];
  }
}
export const create = () => new Handing();`,
} as const;

export type ProgramName = keyof typeof programs;
