/** A program that writes everything in as many ways as emission must bear: the sources, and how its parts are run. */

const operators = `
import { Operator, operator } from 'xcs';

export class Upper extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string): Promise<string> {
    return input.toUpperCase();
  }
}

export abstract class Named extends Operator<string, string> {
  static override readonly effect = 'unordered';
  constructor(protected readonly label: string) {
    super();
  }
  async forward(input: string): Promise<string> {
    return \`\${this.label}(\${input})\`;
  }
}

export class Wrap extends Named {}

export const shout = operator(async (input: string) => \`\${input}!\`, { effect: 'unordered', name: 'shout' });

export enum Mode {
  Fast = 'fast',
  Slow = 'slow',
}

export function glue(left: string, right: string): string {
  return \`\${left}-\${right}\`;
}

export default function around(text: string): string {
  return \`<\${text}>\`;
}
`;

const reexports = `
export { structuralJit as compiled } from 'xcs';
export * as tools from './ops.js';
export type { OperatorContext } from 'xcs';
`;

const main = `
import * as xcs from 'xcs';
import { Operator, structuralJit, structuralJit as jit } from 'xcs';
import around, { glue, Mode, shout, Upper, Wrap } from './ops.js';
import { compiled, tools, type OperatorContext } from './reexport.js';

/** Private and public fields, steps that use imported values. */
@structuralJit
export class Private extends Operator<string, string> {
  readonly #upper = new Upper();
  #suffix = '.';
  protected readonly wrap = new Wrap('w');
  readonly #mark = '#';
  #decorate(text: string): string {
    return \`\${this.#mark}\${text}\${this.#suffix}\`;
  }
  async forward(input: string): Promise<string> {
    const a = await this.#upper.invoke(input);
    const b = await this.wrap.invoke(input);
    const both = glue(a, around(b));
    return this.#decorate(both) + Mode.Slow;
  }
}

@jit({ executionStrategy: 'parallel', maxConcurrency: 4 })
export class WithOptions extends Operator<string, readonly string[]> {
  constructor(private readonly first: Wrap, readonly second: Upper) {
    super();
  }
  async forward(input: string, _context: OperatorContext): Promise<readonly string[]> {
    const a = await this.first.invoke(input);
    const b = await this.second.invoke(input);
    const c = await shout(input);
    return [a, b, c].map((text) => \`\${Mode.Fast}:\${text}\`);
  }
}

@xcs.structuralJit({ parallelThreshold: 2 })
class Namespaced extends xcs.Operator<{ readonly q: string; readonly n?: number }, string> {
  readonly list = [new tools.Upper(), new tools.Wrap('l')] as const;
  async forward({ q, n = 2 }: { readonly q: string; readonly n?: number }): Promise<string> {
    const a = await this.list[0].invoke(q);
    const b = await this.list[1].invoke(q);
    return \`\${a}\${b}\${n}\`;
  }
}
export { Namespaced as Renamed };

@compiled
export class ReExported extends Operator<string, string> {
  readonly upper = new Upper();
  readonly inner = new Private();
  async forward(input: string): Promise<string> {
    const { length } = input;
    const a = await this.upper.invoke(input);
    const b = await this.inner.invoke(input);
    return \`\${a}\${b}\${length}\`;
  }
}

const upper = new Upper();

/** The function form. */
export const answer = structuralJit(async ({ q, extra = 'x' }: { q: string; extra?: string }) => {
  const a = await upper.invoke(q);
  const b = await shout(extra);
  const longest = a.length > b.length ? a : b;
  return { a, b, longest };
});

export const tuned = xcs.structuralJit(
  async function tuned(q: string): Promise<string> {
    const a = await upper.invoke(q);
    const b = await shout(q);
    return a + b;
  },
  { maxConcurrency: 3 },
);

@structuralJit
export default class extends Operator<string, string> {
  readonly upper = new Upper();
  readonly wrap = new Wrap('d');
  async forward(input: string): Promise<string> {
    const a = await this.upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return a + b;
  }
}

export namespace Inner {
  export const tool = new Upper();
  export const prefix = 'in:';
  @structuralJit
  export class Nested extends Operator<string, string> {
    async forward(input: string): Promise<string> {
      const a = await tool.invoke(input);
      const b = await upper.invoke(input);
      return prefix + a + b;
    }
  }
}
`;

const expressions = `
import { Operator, structuralJit } from 'xcs';
import { Upper, Wrap } from './ops.js';

export const Expression = @structuralJit class extends Operator<string, string> {
  readonly upper = new Upper();
  readonly wrap = new Wrap('e');
  async forward(input: string): Promise<string> {
    const a = await this.upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return a + b;
  }
};

const table = {
  entry: @structuralJit class extends Operator<string, string> {
    readonly #upper = new Upper();
    readonly #wrap = new Wrap('t');
    static readonly #mark = '#';
    static mark(text: string): string {
      return this.#mark + text;
    }
    async forward(input: string): Promise<string> {
      const a = await this.#upper.invoke(input);
      const b = await this.#wrap.invoke(input);
      return table.entry.mark(a + b);
    }
  },
};

export function makeEntry(): Operator<string, string> {
  return new table.entry();
}

export const Own = @structuralJit({ startEarly: 'certain' }) class Inside extends Operator<string, string> {
  readonly upper = new Upper();
  readonly wrap = new Wrap('o');
  async forward(input: string): Promise<string> {
    const a = await this.upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return a + b + Inside.name;
  }
};
`;

const second = `
import { Operator, structuralJit } from 'xcs';
import { Upper, Wrap } from './ops.js';

export const seen: string[] = [];

function note<C extends abstract new (...args: never[]) => object>(target: C): void {
  seen.push(target.name);
}

@structuralJit
@note
export class OursOutside extends Operator<string, string> {
  readonly #upper = new Upper();
  readonly wrap = new Wrap('s');
  async forward(input: string): Promise<string> {
    const a = await this.#upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return a + b + OursOutside.name;
  }
}

@note
@structuralJit
export class OursInside extends Operator<string, string> {
  readonly #upper = new Upper();
  readonly wrap = new Wrap('i');
  async forward(input: string): Promise<string> {
    const a = await this.#upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return a + b;
  }
}

function replaces<C extends new () => Operator<string, string>>(_target: C): C {
  class Replacement extends Operator<string, string> {
    readonly upper = new Upper();
    async forward(input: string): Promise<string> {
      return 'replaced ' + (await this.upper.invoke(input));
    }
  }
  return Replacement as unknown as C;
}

@structuralJit
@replaces
export class Replaced extends Operator<string, string> {
  readonly upper = new Upper();
  readonly wrap = new Wrap('r');
  async forward(input: string): Promise<string> {
    const a = await this.upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return a + b;
  }
}

function patches<C extends new () => Operator<string, string>>(target: C): void {
  const { forward } = target.prototype;
  target.prototype.forward = async function (this: Operator<string, string>, input: string, context: never) {
    return 'patched ' + (await forward.call(this, input, context));
  };
}

@structuralJit
@patches
export class Patched extends Operator<string, string> {
  readonly upper = new Upper();
  readonly wrap = new Wrap('p');
  async forward(input: string): Promise<string> {
    const a = await this.upper.invoke(input);
    const b = await this.wrap.invoke(input);
    return a + b;
  }
}
`;

/** The files of the program. Class expressions cannot be decorated under `experimentalDecorators`. */
export const sources: Readonly<Record<string, string>> = {
  'ops.ts': operators,
  'reexport.ts': reexports,
  'main.ts': main,
  'expressions.ts': expressions,
  'second.ts': second,
};

/** Runs each part of the emitted programs in the folders it is given, in Node, and prints what came out as JSON. */
export const runner: string = `
import { graphOf } from 'xcs';
import { pathToFileURL } from 'node:url';
const parts = {
  main: {
    Private: [(m) => new m.Private(), 'hi'],
    WithOptions: [(m, o) => new m.WithOptions(new o.Wrap('f'), new o.Upper()), 'hi'],
    Renamed: [(m) => new m.Renamed(), { q: 'hi' }],
    ReExported: [(m) => new m.ReExported(), 'hi'],
    answer: [(m) => m.answer, { q: 'hi' }],
    tuned: [(m) => m.tuned, 'hi'],
    default: [(m) => new m.default(), 'hi'],
    Nested: [(m) => new m.Inner.Nested(), 'hi'],
  },
  expressions: {
    Expression: [(m) => new m.Expression(), 'hi'],
    entry: [(m) => m.makeEntry(), 'hi'],
    Own: [(m) => new m.Own(), 'hi'],
  },
  second: {
    OursOutside: [(m) => new m.OursOutside(), 'hi'],
    OursInside: [(m) => new m.OursInside(), 'hi'],
    Replaced: [(m) => new m.Replaced(), 'hi'],
    Patched: [(m) => new m.Patched(), 'hi'],
  },
};
console.warn = () => {};
const all = {};
for (const { key, folder, files } of JSON.parse(process.argv[2])) {
  const found = (all[key] = {});
  const load = async (name) => {
    const module = await import(pathToFileURL(folder + '/' + name + '.js'));
    return module.__esModule ? (module.default ?? module) : module;
  };
  const operators = await load('ops');
  for (const file of files) {
    const module = await load(file);
    for (const [name, [make, input]] of Object.entries(parts[file])) {
      const made = make(module, operators);
      const isClass = typeof made !== 'function';
      let calls = 0;
      try { calls = graphOf(made).order; } catch {}
      found[name] = { result: await made.invoke(input), calls, ...(isClass ? { name: made.constructor.name } : {}) };
    }
  }
}
console.log(JSON.stringify(all));
`;
