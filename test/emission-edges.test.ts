/** Where a mark, a class or a name stands in an unusual place, the code compiles or says why not, and means the same. */
import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { compileModules, type CompiledModule } from './helpers/compile.ts';

const head = `import { explain, graphOf, Operator, structuralJit } from 'xcs';
class Up extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string): Promise<string> { return input.toUpperCase(); }
}
type In = Operator<string, string>;
function calls(of: Parameters<typeof graphOf>[0]): number { return graphOf(of).order; }
function why(of: Parameters<typeof explain>[0]): string { return /runs as written\\n[^]*?(XCS\\d{4})/.exec(explain(of))?.[1] ?? 'compiled'; }
`;

const members = `readonly u = new Up();
  async forward(q: string): Promise<string> {
    const a = await this.u.invoke(q);
    const b = await this.u.invoke('b');
    return a + b;
  }`;

interface Case {
  readonly claim: string;
  readonly source: string;
  readonly result: unknown;
  /** Where it differs below ES2022. */
  readonly lowered?: unknown;
}

const cases: readonly Case[] = [
  {
    claim: 'anonymous classes keep the names that they have after where they stand',
    source: `export async function run() {
      let A;
      A = @structuralJit class extends Operator<string, string> { ${members} };
      const { B = (@structuralJit class extends Operator<string, string> { ${members} }) } = {} as { B?: new () => In };
      const o = { 'q-r': @structuralJit class extends Operator<string, string> { ${members} } };
      const f = (P = class extends Operator<string, string> { ${members} }) => P;
      const nameless = (class extends Operator<string, string> { ${members} }).name;
      const S = @structuralJit class extends Operator<string, string> { static seen = this.name; ${members} };
      return [A.name, B.name, o['q-r'].name, f().name, nameless, S.seen, calls(A), calls(B), calls(S)];
    }`,
    result: ['A', 'B', 'q-r', 'P', '', 'S', 2, 2, 2],
  },
  {
    claim: 'a class whose name only the run knows keeps its mark and runs as written',
    source: `export async function run() {
      const key = 'k' + 1;
      const C = { [key]: @structuralJit class extends Operator<string, string> { ${members} } }[key]!;
      return [await new C().invoke('x'), C.name, calls(C), why(C)];
    }`,
    result: ['XB', 'k1', 0, 'XCS2001'],
  },
  {
    claim: 'a mark whose options use this stays where this means that',
    source: `class Maker {
      readonly limit = 3;
      make() { return @structuralJit({ maxConcurrency: this.limit }) class C extends Operator<string, string> { ${members} }; }
    }
    export async function run() {
      const C = new Maker().make();
      return [await new C().invoke('x'), calls(C), why(C)];
    }`,
    result: ['XB', 0, 'XCS2001'],
  },
  {
    claim: 'a function that uses this runs as written, with the caller’s or the outer this',
    source: `class Maker {
      readonly u = new Up();
      make() { return structuralJit(async (q: string) => { const a = await this.u.invoke(q); return a + (await this.u.invoke('b')); }); }
    }
    const o = { p: '!', f: structuralJit(async function (this: { p: string } | void, q: string) { return this!.p + q; }) };
    export async function run() {
      const f = new Maker().make();
      return [await f.invoke('x'), await f('y'), await o.f('z'), why(f), why(o.f)];
    }`,
    result: ['XB', 'YB', '!z', 'XCS2001', 'XCS2001'],
  },
  {
    claim: 'a method that a decorator may have changed is not compiled, and not relied upon',
    source: `function wrap<A extends unknown[], R>(fn: (...args: A) => Promise<R>, _context: unknown) {
      return async function (this: unknown, ...args: A): Promise<string> { return 'wrapped ' + (await fn.apply(this, args)); };
    }
    function louder(fn: (text: string) => string, _context: unknown) { return (text: string) => fn(text) + '!'; }
    class Wrapped extends Operator<string, string> { @wrap async forward(q: string): Promise<string> { return q; } }
    @structuralJit class Forward extends Operator<string, string> {
      readonly u = new Up();
      @wrap async forward(q: string): Promise<string> { const a = await this.u.invoke(q); return a + (await this.u.invoke('b')); }
    }
    @structuralJit class Helper extends Operator<string, string> {
      readonly u = new Up();
      @louder mark(text: string): string { return text; }
      async forward(q: string): Promise<string> { const a = await this.u.invoke(q); const b = this.mark(a); return b + (await this.u.invoke('b')); }
    }
    @structuralJit class Hidden extends Operator<string, string> {
      readonly u = new Up();
      @louder #mark(text: string): string { return text; }
      async forward(q: string): Promise<string> { const a = await this.u.invoke(q); const b = this.#mark(a); return b + (await this.u.invoke('b')); }
    }
    export async function run() {
      return [
        await new Forward().invoke('x'), why(Forward), await new Helper().invoke('x'), why(Helper),
        await new Hidden().invoke('x'), why(Hidden), Reflect.has(Wrapped, Symbol.for('xcs.effect')), Reflect.has(Up, Symbol.for('xcs.effect')),
      ];
    }`,
    result: ['wrapped XB', 'XCS2001', 'X!B', 'XCS2001', 'X!B', 'XCS2001', false, true],
  },
  {
    claim: 'a class that inherits a compiled forward runs compiled',
    source: `@structuralJit class Base extends Operator<string, string> { ${members} }
    @structuralJit class Sub extends Base {}
    class Plain extends Operator<string, string> { ${members} }
    @structuralJit class OfPlain extends Plain {}
    export async function run() {
      return [await new Sub().invoke('x'), calls(Sub), why(Sub), await new OfPlain().invoke('y'), why(OfPlain)];
    }`,
    result: ['XB', 2, 'compiled', 'YB', 'XCS2003'],
  },
  {
    claim:
      'each class that an expression in a loop makes is compiled, with its own private and static fields',
    source: `export async function run() {
      const all = [];
      for (const i of [1, 2]) all.push(@structuralJit class Self extends Operator<string, string> {
        readonly #u = new Up();
        static readonly made = i;
        async forward(q: string): Promise<string> {
          const a = await this.#u.invoke(q);
          const b = await this.#u.invoke(String(i));
          return a + b + Self.made;
        }
      });
      const [first, second] = all;
      return [await new first!().invoke('x'), await new second!().invoke('y'), await new first!().invoke('z'), calls(second!)];
    }`,
    result: ['X11', 'Y22', 'Z11', 2],
  },
  {
    claim: 'static fields and blocks of a marked class have their this',
    source: `@structuralJit class Named extends Operator<string, string> {
      static readonly first = this.name;
      static second = '';
      static { this.second = this.first + '!'; }
      static readonly third = (() => this.second)();
      ${members}
    }
    export default @structuralJit class extends Operator<string, string> { static readonly own = this.name; ${members} }
    const made = [1, 2].map((n) => (@structuralJit class extends Operator<string, string> {
      static readonly twice = [this, n * 2] as const;
      readonly #n = n;
      get n() { return this.#n; }
      ${members}
    }));
    function loop() {
      const all = [];
      for (const n of [1, 2]) {
        @structuralJit class InLoop extends Operator<string, string> { static readonly me = [this, n] as const; readonly #n = n; get n() { return this.#n; } ${members} }
        all.push(InLoop);
      }
      return all;
    }
    export async function run() {
      const { default: Default } = await import('./case-7.ts');
      const [first, second] = made;
      const [one, two] = loop();
      return [
        Named.first, Named.third, calls(Named), await new Named().invoke('x'), Default.own, calls(Default),
        first!.twice[0] === first, second!.twice[1], new first!().n + new second!().n, calls(first!),
        one!.me[0] === one, two!.me[1], new one!().n + new two!().n, calls(one!) > 0,
      ];
    }`,
    result: ['Named', 'Named!', 2, 'XB', 'default', 2, true, 4, 3, 2, true, 2, 3, true],
    lowered: ['Named', 'Named!', 2, 'XB', 'default', 2, true, 4, 3, 2, true, 2, 3, false],
  },
  {
    claim: 'private static members and constant enumerations stay what they are in steps',
    source: `const enum Level { Low = 4, Name = 'bee' }
    @structuralJit class C extends Operator<string, string> {
      static readonly #up = new Up();
      static #count = 0;
      static bump() { return ++this.#count; }
      async forward(q: string): Promise<string> {
        const a = await C.#up.invoke(q);
        const b = await C.#up.invoke(Level.Name);
        const n = C.bump() + Level.Low;
        return a + b + n;
      }
    }
    export async function run() { return [await new C().invoke('x'), await new C().invoke('y'), calls(C)]; }`,
    result: ['XBEE5', 'YBEE6', 2],
  },
  {
    claim: 'a class and a marked function inside of a compiled body are compiled by themselves',
    source: `const K = 'key';
    @structuralJit class Outer extends Operator<string, string> {
      readonly u = new Up();
      async forward(q: string): Promise<string> {
        const a = await this.u.invoke(q);
        @structuralJit class Inner extends Operator<string, string> {
          readonly #x = new Up();
          async forward(z: string): Promise<string> { const c = await this.#x.invoke(z); return c + (await this.#x.invoke(a)); }
        }
        const Odd = class { [K] = 1; readonly #h = 3; get h() { return this.#h; } static s = this.one() + 4; static one() { return 1; } };
        const fn = structuralJit(async (z: string) => { const c = await new Up().invoke(z); return c + (await new Up().invoke('n')); });
        const r = await new Inner().invoke('in');
        const s = await fn.invoke('f');
        return a + r + s + Object.keys(new Odd()).join() + Odd.s + new Odd().h;
      }
    }
    export async function run() {
      const off = new Outer();
      off.disableJit();
      return [await new Outer().invoke('x'), await off.invoke('x'), await new Outer().invoke('y'), why(Outer)];
    }`,
    result: ['XINXFNkey53', 'XINXFNkey53', 'YINYFNkey53', 'compiled'],
    lowered: ['XINXFNkey53', 'XINXFNkey53', 'YINYFNkey53', 'XCS2001'],
  },
];

const { ES2017, ES2022 } = ts.ScriptTarget;

describe.each([
  { name: 'ES2017', target: ES2017 },
  { name: 'ES2022', target: ES2022 },
])('in unusual places, for $name', ({ target }) => {
  const sources = Object.fromEntries(cases.map(({ source }, index) => [`case-${index}.ts`, head + source]));
  const modules: ReadonlyMap<string, CompiledModule> = compileModules(sources, {
    compilerOptions: { target },
  });

  it.each(cases.map((one, index) => ({ ...one, index })))('$claim', async ({ index, result, lowered }) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const compiled = modules.get(`case-${index}.ts`);
    expect(compiled?.diagnostics).toStrictEqual([]);
    // Every case exports `run`.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { run } = (compiled?.load({ modules: { xcs } }) ?? {}) as { readonly run: () => Promise<unknown> };
    expect(await run()).toStrictEqual(target === ES2017 && lowered !== undefined ? lowered : result);
    expect(warn.mock.calls).toStrictEqual([]);
    warn.mockRestore();
  });
});
