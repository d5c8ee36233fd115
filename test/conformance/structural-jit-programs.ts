/** The programs of rows SJ10–SJ33, without their imports. Each makes its operator by `create`. */

const diamond = (decorator: string): string => `
${decorator}
class Diamond extends Operator<string, string> {
  readonly start = new Leaf('start');
  readonly left = new Leaf('left');
  readonly right = new Leaf('right');
  readonly end = new Leaf('end');
  override async forward(text: string): Promise<string> {
    const start = await this.start.invoke(text);
    const left = await this.left.invoke(start);
    const right = await this.right.invoke(start);
    return await this.end.invoke(left + '+' + right);
  }
}`;

const counter = `
@structuralJit
class Counter extends Operator<string, unknown> {
  count = 0;
  readonly first = new Leaf('first');
  readonly second = new Leaf('second');
  override async forward(text: string): Promise<unknown> {
    this.count++;
    const first = await this.first.invoke(text + this.count);
    const second = await this.second.invoke(text + this.count);
    return { count: this.count, first, second };
  }
}
export const create = () => new Counter();`;

const deep = `
@structuralJit({ executionStrategy: 'parallel' })
class Inner extends Operator<string, string> {
  readonly one = new Leaf('one');
  readonly two = new Leaf('two');
  override async forward(text: string): Promise<string> {
    const one = await this.one.invoke(text);
    const two = await this.two.invoke(text);
    return one + '&' + two;
  }
}
@structuralJit({ executionStrategy: 'parallel' })
class Middle extends Operator<string, string> {
  readonly inner = new Inner();
  readonly other = new Inner();
  override async forward(text: string): Promise<string> {
    const inner = await this.inner.invoke(text);
    const other = await this.other.invoke('o' + text);
    return inner + '|' + other;
  }
}
@structuralJit({ executionStrategy: 'parallel' })
class Outer extends Operator<string, string> {
  readonly middle = new Middle();
  readonly final = new Leaf('final');
  override async forward(text: string): Promise<string> {
    return await this.final.invoke(await this.middle.invoke(text));
  }
}
export const create = () => new Outer();`;

const nest = `
${diamond('@structuralJit')}
@structuralJit
class Nest extends Operator<string, unknown> {
  readonly chain = [new Leaf('c0'), new Leaf('c1'), new Leaf('c2')] as const;
  readonly diamond = new Diamond();
  readonly members = ['e0', 'e1', 'e2', 'e3', 'e4'].map((label) => new Leaf(label));
  readonly map = { diamond: new Diamond(), ensemble: [new Leaf('n0'), new Leaf('n1'), new Leaf('n2')] };
  override async forward(text: string): Promise<unknown> {
    const c0 = await this.chain[0].invoke(text);
    const c1 = await this.chain[1].invoke(c0);
    const linear = await this.chain[2].invoke(c1);
    const diamond = await this.diamond.invoke(text);
    const ensemble = await Promise.all(this.members.map((member) => member.invoke(text)));
    const nested_diamond = await this.map.diamond.invoke(text);
    const nested_ensemble = await Promise.all(this.map.ensemble.map((member) => member.invoke(text)));
    return { linear, diamond, ensemble, nested_diamond, nested_ensemble };
  }
}
export const create = () => new Nest();`;

const selected = `
@structuralJit
class Selected extends Operator<{ kind: string; text: string }, unknown> {
  readonly byName: Record<string, Leaf> = { a: new Leaf('a'), b: new Leaf('b') };
  readonly byKey = new Map([['a', new Leaf('A')], ['b', new Leaf('B')]]);
  override async forward({ kind, text }: { kind: string; text: string }): Promise<unknown> {
    const small = await this.byName[kind]!.invoke(text);
    const large = await this.byKey.get(kind)!.invoke(text);
    return { small, large };
  }
}
export const create = () => new Selected();`;

const replaced = `
@structuralJit
class Replaced extends Operator<string, unknown> {
  inner = new Leaf('inner');
  readonly list = [new Leaf('l0'), new Leaf('l1')];
  override async forward(text: string): Promise<unknown> {
    const inner = await this.inner.invoke(text);
    const list = await Promise.all(this.list.map((one) => one.invoke(text)));
    return { inner, list };
  }
}
export const create = () => {
  const operator = new Replaced();
  const replace = () => { operator.inner = new Leaf('other'); };
  const change = () => { operator.list[0] = new Leaf('new'); operator.list.push(new Leaf('l2')); };
  return Object.assign(operator, { replace, change });
};`;

export type ProgramName =
  | 'leaf'
  | 'chain'
  | 'diamond'
  | 'serial'
  | 'automatic'
  | 'threshold'
  | 'deep'
  | 'repeated'
  | 'counter'
  | 'nest'
  | 'selected'
  | 'replaced'
  | 'fragile'
  | 'levels'
  | 'recursive';

export const programs: Readonly<Record<ProgramName, string>> = {
  leaf: `
@structuralJit
class Test extends Operator<string, string> {
  override async forward(text: string): Promise<string> { return 'test_' + text; }
}
export const create = () => new Test();`,
  chain: `
@structuralJit
class Chain extends Operator<string, string> {
  readonly leaf1 = new Leaf('nested_leaf1');
  readonly leaf2 = new Leaf('nested_leaf2');
  override async forward(text: string): Promise<string> {
    const first = await this.leaf1.invoke(text);
    return await this.leaf2.invoke(first);
  }
}
export const create = () => new Chain();`,
  diamond: `${diamond("@structuralJit({ executionStrategy: 'parallel' })")}
export const create = () => new Diamond();`,
  serial: `${diamond("@structuralJit({ executionStrategy: 'sequential' })")}
export const create = () => new Diamond();`,
  automatic: `${diamond('@structuralJit')}
export const create = () => new Diamond();`,
  threshold: `${diamond('@structuralJit({ parallelThreshold: 3 })')}
export const create = () => new Diamond();`,
  deep,
  repeated: `
@structuralJit
class Repeated extends Operator<string, readonly string[]> {
  readonly leaf = new Leaf('leaf');
  override async forward(text: string): Promise<readonly string[]> {
    const results = [await this.leaf.invoke(text + '1')];
    const second = await this.leaf.invoke(text + '2');
    results.push(second, await this.leaf.invoke(text + '3'));
    return results;
  }
}
export const create = () => new Repeated();`,
  counter,
  nest,
  selected,
  replaced,
  fragile: `
@structuralJit
class Inner extends Operator<string, string> {
  readonly fragile = new Fragile('fragile');
  override async forward(text: string): Promise<string> { return await this.fragile.invoke(text); }
}
@structuralJit
class Outer extends Operator<string, string> {
  readonly sound = new Leaf('sound');
  readonly inner = new Inner();
  override async forward(text: string): Promise<string> {
    const sound = await this.sound.invoke(text);
    const inner = await this.inner.invoke(text);
    return sound + '+' + inner;
  }
}
export const create = () => new Outer();`,
  levels: `
@structuralJit
class Level extends Operator<string, string> {
  constructor(readonly depth: number, readonly inner: Operator<string, string>) { super(); }
  override async forward(text: string): Promise<string> {
    const inner = await this.inner.invoke(text);
    return this.depth + '(' + inner + ')';
  }
}
export const create = () => {
  let nest: Operator<string, string> = new Leaf('leaf');
  for (let depth = 1; depth <= 10; depth++) nest = new Level(depth, nest);
  return nest;
};`,
  recursive: `
@structuralJit
class Recursive extends Operator<number, string> {
  readonly me: Operator<number, string> = this;
  readonly leaf = new Leaf('leaf');
  override async forward(depth: number): Promise<string> {
    const own = await this.leaf.invoke(String(depth));
    const rest = depth > 0 ? await this.me.invoke(depth - 1) : 'end';
    return own + ' ' + rest;
  }
}
export const create = () => new Recursive();`,
};
