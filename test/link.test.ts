/* oxlint-disable typescript/no-unsafe-type-assertion -- emitted code and wrong use call what the types do not offer */
import { describe, expect, it, vi } from 'vitest';
import type { Compiled } from '../runtime/descriptor.ts';
import { Operator, operator, structuralJit, type StructuralJitOptions } from '../runtime/index.ts';
import { linkCountsOf, linkOf, tryLink, type Linked } from '../runtime/link.ts';
import { unordered } from './helpers/descriptors.ts';
import { both, bothDescriptor, field, Leaf, step, withoutPath, Writer } from './helpers/hand-compiled.ts';

class Both extends Operator<string, string> {
  left: Leaf = new Leaf();
  right: Leaf = new Leaf();
  async forward(text: string): Promise<string> {
    return this.join(await this.left.invoke(text), await this.right.invoke(text));
  }
  join(left: string, right: string): string {
    return `${left}+${right}`;
  }
}

/** A class of its own, with what emitted code would hand over. */
function compile(compiled: Compiled = both(), options: StructuralJitOptions = {}): typeof Both {
  class Fresh extends Both {}
  // oxlint-disable-next-line typescript/unbound-method -- stands on the class, as if it were written there
  Fresh.prototype.forward = Both.prototype.forward;
  (structuralJit(options) as (...given: readonly unknown[]) => void)(Fresh, compiled);
  return Fresh;
}

const edges = (linked: Linked | undefined): readonly string[] | undefined =>
  linked?.dependences.map(({ before, after, kind }) => `${before} → ${after} ${kind}`);

const reasonOf = (self: object): string => {
  const link = tryLink(self, false);
  return link !== undefined && 'failed' in link ? link.failed.reason : 'all guards hold';
};

describe('a link', () => {
  it('is made of an instance of a compiled class, and kept while nothing changes', () => {
    const instance = new (compile())();
    const linked = linkOf(instance, false);
    expect(linked?.operators.map(({ target }) => target)).toEqual([instance.left, instance.right]);
    expect(linkOf(instance, false)).toBe(linked);
  });

  it('is not kept when the class is compiled with `cacheGraph: false`', () => {
    const instance = new (compile(both(), { cacheGraph: false }))();
    expect(linkOf(instance, false)).not.toBe(linkOf(instance, false));
  });

  it('is made for each instance', () => {
    const Compiled = compile();
    expect(linkOf(new Compiled(), false)).not.toBe(linkOf(new Compiled(), false));
  });

  it('is not made of what was not compiled, or runs as written', () => {
    expect(linkOf(new Leaf(), false)).toBeUndefined();
    const note = { code: 'XCS2001', span: bothDescriptor.span, message: 'a loop', hint: '' };
    expect(linkOf(new (compile(both({ asWritten: note })))(), false)).toBeUndefined();
  });
});

describe('the dependences of a link', () => {
  it('are those that were computed beforehand when all effects are as the compiler assumed', () => {
    expect(linkOf(new (compile())(), false)?.dependences).toBe(bothDescriptor.dependences);
  });

  it('follow the operators that are really there', () => {
    const instance = new (compile())();
    instance.right = new Writer();
    expect(edges(linkOf(instance, false))).toContain('0 → 1 failure');
  });

  it('are fewer than the compiler assumed when an operator is freer than its type said', () => {
    const assumed = { ...unordered, kind: 'sequential', state: true, known: 'undeclared' } as const;
    const operators = [field(0, 'left', { effect: assumed }), field(1, 'right', { effect: assumed })];
    const order = { before: 0, after: 1, kind: 'effect', what: 'program order of effects' } as const;
    const compiled = both({ operators, dependences: [order, ...bothDescriptor.dependences] });
    expect(edges(linkOf(new (compile(compiled))(), false))).toEqual(['0 → 2 flow', '1 → 2 flow']);
  });

  it('change when an operator is replaced between runs', () => {
    const instance = new (compile())();
    const first = linkOf(instance, false);
    instance.right = new Writer();
    const second = linkOf(instance, false);
    expect(edges(first)).toEqual(['0 → 2 flow', '1 → 2 flow']);
    expect(edges(second)).toContain('0 → 1 failure');
    expect(second?.operators[1]?.target).toBe(instance.right);
  });

  it('let each call wait for all before it under `certain`', () => {
    const instance = new (compile())();
    expect(edges(linkOf(instance, true))).toContain('0 → 1 failure');
    expect(edges(linkOf(instance, false))).not.toContain('0 → 1 failure');
  });

  it('order what is known only during the run as the worst that it could be', () => {
    const right = withoutPath(field(1, 'right'));
    const compiled = both({ operators: [field(0, 'left'), { ...right, found: 'dynamic' }] });
    const linked = linkOf(new (compile({ ...compiled, callees: [compiled.callees[0], undefined] }))(), false);
    expect(linked?.operators[1]).toMatchObject({
      target: undefined,
      effect: { ordered: true, state: true, mutates: true, known: 'undeclared' },
    });
    expect(edges(linked)).toContain('0 → 1 failure');
  });

  it('take the class of an object that the body will make for the object', () => {
    const right = withoutPath(field(1, 'right'));
    const compiled = both({ operators: [field(0, 'left'), { ...right, found: 'dynamic' }] });
    const callees = [compiled.callees[0], () => Leaf.prototype];
    const linked = linkOf(new (compile({ ...compiled, callees }))(), false);
    expect(edges(linked)).toEqual(['0 → 2 flow', '1 → 2 flow']);
  });

  it('take a declared function as it was declared', () => {
    const right = withoutPath(field(1, 'right'));
    const declared = { ...unordered, kind: 'resources', writes: ['index'] } as const;
    const operators = [field(0, 'left'), { ...right, found: 'external', effect: declared } as const];
    const compiled = both({ operators });
    const callees = [compiled.callees[0], undefined];
    const linked = linkOf(new (compile({ ...compiled, callees }))(), false);
    expect(linked?.operators[1]?.effect).toMatchObject({ writes: new Set(['index']), known: 'declared' });
  });
});

describe('members of a collection', () => {
  class Group extends Both {
    readonly all: Leaf[] = [new Leaf(), new Leaf()];
    readonly byName = new Map<string, Leaf>([['a', new Leaf()]]);
    readonly record: Record<string, unknown> = { a: new Leaf(), limit: 3 };
  }

  function group(find: (self: Group) => unknown): Group {
    const right = withoutPath(field(1, 'right'));
    const compiled = both({ operators: [field(0, 'left'), { ...right, found: 'member' }] });
    class Fresh extends Group {}
    // oxlint-disable-next-line typescript/unbound-method -- stands on the class, as if it were written there
    Fresh.prototype.forward = Both.prototype.forward;
    const callees = [compiled.callees[0], find];
    (structuralJit as (...given: readonly unknown[]) => void)(Fresh, { ...compiled, callees });
    return new Fresh();
  }

  it.each<[string, (self: Group) => unknown, (self: Group) => void]>([
    ['an array', (self) => self.all, (self) => void self.all.push(new Writer())],
    ['an array in which one is replaced', (self) => self.all, (self) => void (self.all[0] = new Writer())],
    ['a Map', (self) => self.byName, (self) => void self.byName.set('b', new Writer())],
    ['a record', (self) => self.record, (self) => void (self.record['b'] = new Writer())],
  ])('in %s count together, as they are when the run begins', (_, find, change) => {
    const instance = group(find);
    expect(linkOf(instance, false)?.operators[1]?.effect.writes).toEqual(new Set());
    change(instance);
    expect(linkOf(instance, false)?.operators[1]?.effect.writes).toEqual(new Set(['index']));
  });

  it('must not stand behind getters', () => {
    const instance = group((self) => self.record);
    const read = vi.fn<() => void>();
    Object.defineProperty(instance.record, 'b', { get: read, enumerable: true });
    expect(linkOf(instance, false)).toBeUndefined();
    expect(read).not.toHaveBeenCalled();
  });
});

describe('a guard', () => {
  it.each<[string, (instance: Both) => void, string]>([
    [
      'the field holds an operator',
      (one) => Object.assign(one, { left: undefined }),
      '`this.left` is not there, or is reached through a getter',
    ],
    [
      'the field holds an object',
      (one) => Object.assign(one, { left: 'text' }),
      '`this.left` is not there, or is reached through a getter',
    ],
    [
      'what the field holds has the method',
      (one) => Object.assign(one, { left: {} }),
      '`this.left` has no method `invoke`',
    ],
    [
      'forward was not patched',
      (one) => (one.forward = async () => 'mine'),
      '`forward` is overridden or patched, and was not compiled',
    ],
    [
      'invoke was not patched',
      (one) => (one.invoke = (async () => 'mine') as never),
      '`invoke` is overridden or patched',
    ],
    [
      'the method is the compiled one',
      (one) => (one.join = () => 'mine'),
      '`join` is not the method that was compiled',
    ],
  ])('fails unless %s', (_, change, reason) => {
    // oxlint-disable-next-line typescript/unbound-method -- only compared
    const instance = new (compile(both({ guards: [{ name: 'join' }] }, [Both.prototype.join])))();
    expect(linkOf(instance, false)).toBeDefined();
    change(instance);
    expect(linkOf(instance, false)).toBeUndefined();
    expect(reasonOf(instance)).toBe(reason);
    expect(linkCountsOf(instance)?.guardFailures).toBe(1);
  });

  it('fails on a getter without running it', () => {
    const instance = new (compile())();
    const read = vi.fn<() => Leaf>(() => new Leaf());
    Object.defineProperty(instance, 'left', { get: read });
    expect(linkOf(instance, false)).toBeUndefined();
    expect(read).not.toHaveBeenCalled();
  });

  it('fails when emitted code cannot find the operator', () => {
    const left = withoutPath(field(0, 'left'));
    const compiled = both({ operators: [left, field(1, 'right')] });
    const lost = (): never => {
      throw new TypeError('no such private field');
    };
    const instance = new (compile({ ...compiled, callees: [lost, compiled.callees[1]] }))();
    expect(reasonOf(instance)).toBe('`this.left` holds no operator');
  });

  it('holds again once the instance is as it was', () => {
    const instance = new (compile())();
    const { left } = instance;
    Object.assign(instance, { left: undefined });
    expect(linkOf(instance, false)).toBeUndefined();
    instance.left = left;
    expect(linkOf(instance, false)).toBeDefined();
  });

  it('does not ask after methods that nobody can replace', () => {
    expect(linkOf(new (compile(both({ guards: [{ name: '#secret' }] })))(), false)).toBeDefined();
  });
});

it('takes a function operator, a mock and a foreign object where the field holds one', () => {
  const instance = new (compile())();
  const mock = { invoke: () => Promise.resolve('mock'), effect: 'unordered' };
  Object.assign(instance, { left: operator((q: string) => q, { effect: 'unordered' }), right: mock });
  expect(edges(linkOf(instance, false))).toEqual(['0 → 2 flow', '1 → 2 flow']);
});

it('leaves it to other steps than calls how they use an operator', () => {
  const [, ...others] = bothDescriptor.steps;
  const steps = [step(0, 'async', { inputs: [0], outputs: [2], operators: [0] }), ...others];
  expect(reasonOf(new (compile(both({ steps })))())).toBe('all guards hold');
});

it('asks for the method that the code calls', () => {
  const steps = bothDescriptor.steps.map((one) =>
    one.id === 0 ? step(0, 'call', { ...one, method: 'stream' }) : one,
  );
  const instance = new (compile(both({ steps })))();
  expect(reasonOf(instance)).toBe('`this.left` has no method `stream`');
});
