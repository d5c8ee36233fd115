/* oxlint-disable typescript/no-unsafe-type-assertion -- emitted code and wrong use call what the types do not offer */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  executionOptions,
  explain,
  Operator,
  operator,
  resetExecutionOptions,
  setExecutionOptions,
  structuralJit,
  TopologicalScheduler,
  type StructuralJitOptions,
} from '../runtime/index.ts';
import { explainDescriptor } from '../runtime/explain-descriptor.ts';
import type { Compiled, Dependence } from '../runtime/descriptor.ts';
import { bailOut, both, bothDescriptor, Leaf, span, step, Writer } from './helpers/hand-compiled.ts';

const jit = structuralJit as (...given: readonly unknown[]) => unknown;

vi.spyOn(console, 'warn').mockImplementation(() => {});
afterEach(resetExecutionOptions);

class Base extends Operator<string, string> {
  left = new Leaf();
  right: Leaf = new Leaf();
  async forward(text: string): Promise<string> {
    return `${await this.left.invoke(text)}+${await this.right.invoke(text)}`;
  }
}

function compile(compiled: Compiled = both(), options: StructuralJitOptions = {}): typeof Base {
  class Both extends Base {}
  // oxlint-disable-next-line typescript/unbound-method -- stands on the class, as if it were written there
  Both.prototype.forward = Base.prototype.forward;
  (jit(options) as typeof jit)(Both, compiled);
  return Both;
}

const lineWith = (text: string, part: string): string | undefined =>
  text.split('\n').find((line) => line.includes(part));

it('tells of a class what its compiled code does, and why', () => {
  const note = {
    code: 'XCS3001',
    span: span(12),
    message: '`console.log` keeps its place',
    hint: 'log later',
  };
  expect(explain(compile(both({ notes: [note] })))).toBe(`\
Both  src/both.ts:9:1
  strategy: parallel: 2 calls can overlap, and \`auto\` (the default) goes parallel from 2
  guards: checked for each instance
    \`forward\`, \`invoke\` are what was compiled
    \`this.left\`, \`this.right\` hold operators, and are no accessors
  calls: 2 one after another as written, 1 on the critical path

calls
  10:5 (this.left.invoke(q))
       waits for nothing
  11:5 (this.right.invoke(q))
       waits for nothing

steps
  0  call  this.left.invoke(q)  10:5
       waits for nothing
  1  call  this.right.invoke(q)  11:5
       waits for nothing
  2  return  return \`\${left}+\${right}\`  12:5  (XCS3001)
       waits for 0 at 10:5 (this.left.invoke(q)): needs \`left\`
       waits for 1 at 11:5 (this.right.invoke(q)): needs \`right\`

operators
  this.left  Operator  unordered, declared
  this.right  Operator  unordered, declared

notes
  XCS3001  src/both.ts:12:5  \`console.log\` keeps its place
       to change that: log later

assumed
  - while a run is going, only its own operators touch what it reads, within their effects
  - declared effects are true: \`static effect\`, \`operator(fn, { effect })\` and \`externals\` win over the body
  - two runs that overlap on one instance whose fields are written are as unordered as in the code as written
  - reading a property that is no accessor has no effect
  - operators keep no reference to inputs or results after they end, and react to abort without effects
  - a call that \`reads\` a resource may see it as it was earlier in the run
  - the clock, stack traces and timing are not compared
`);
});

describe('of an instance it tells', () => {
  it('that all guards hold, and the effects of the operators that are there', () => {
    const instance = new (compile())();
    instance.right = new Writer();
    const text = explain(instance);
    expect(text).toContain('  guards: all hold\n');
    expect(text).toContain('  this.right  Writer  writes "index", declared\n');
    expect(text).toContain(
      '  strategy: sequential: no calls can overlap, and `auto` (the default) goes parallel from 2\n',
    );
    expect(text).toContain('  calls: 2 one after another as written, 2 on the critical path\n');
  });

  it('which guard failed, and how often', async () => {
    const instance = new (compile())();
    instance.invoke = instance.invoke.bind(instance);
    const text = explain(instance);
    expect(text).toContain('  runs as written: a guard failed\n');
    expect(text).toContain('  guards: failed: `invoke` is overridden or patched\n');
    const other = new (compile())();
    Object.defineProperty(other, 'left', { get: () => new Leaf() });
    await other.invoke('x');
    expect(lineWith(explain(other), 'guards')).toBe(
      '  guards: failed: `this.left` is not there, or is reached through a getter; ' +
        'calls that ran as written because a guard failed: 1',
    );
  });

  it('that it was switched off', () => {
    const instance = new (compile())();
    instance.disableJit();
    expect(explain(instance)).toContain(
      '  runs as written: `disableJit` was called; `enableJit` undoes it\n',
    );
  });
});

describe('the strategy', () => {
  const strategy = (options: StructuralJitOptions): string | undefined =>
    lineWith(explain(compile(both(), options)), 'strategy');

  it.each<[StructuralJitOptions, string]>([
    [{ executionStrategy: 'sequential' }, '  strategy: sequential (options of the class)'],
    [{ executionStrategy: 'parallel' }, '  strategy: parallel (options of the class)'],
    [{ maxConcurrency: 1 }, '  strategy: sequential: `maxConcurrency` is 1 (options of the class)'],
    [
      { parallelThreshold: 3 },
      '  strategy: sequential: 2 calls can overlap, and `auto` (the default) goes parallel from 3',
    ],
    [
      { executionStrategy: 'auto' },
      '  strategy: parallel: 2 calls can overlap, and `auto` (options of the class) goes parallel from 2',
    ],
  ])('under %j is told with its reason', (options, line) => {
    expect(strategy(options)).toBe(line);
  });

  it('is that of the scope or of the program', () => {
    setExecutionOptions({ scheduler: 'sequential' });
    expect(strategy({})).toBe('  strategy: sequential (options of the program)');
    const scheduler = new TopologicalScheduler();
    expect(executionOptions({ scheduler }, () => strategy({ executionStrategy: 'parallel' }))).toBe(
      '  strategy: the scheduler `sequential` (options of the scope)',
    );
  });
});

it('tells each cause of a dependence once, in words', () => {
  const steps = [...bothDescriptor.steps.slice(0, 2), step(2, 'compute', { label: 'log()', order: 'fence' })];
  const cause = (kind: Dependence['kind'], what: string): Dependence => ({ before: 0, after: 2, kind, what });
  const dependences = [
    cause('flow', 'a'),
    cause('anti', 'b'),
    cause('output', 'c'),
    cause('effect', 'resource "d"'),
    cause('failure', 'may fail'),
    cause('control', 'throw'),
    cause('flow', 'a'),
  ];
  const text = explain(compile(both({ steps, dependences })));
  expect(text).toContain('  2  compute  log()  12:5  fence\n');
  expect(lineWith(text, 'waits for 0')).toBe(
    '       waits for 0 at 10:5 (this.left.invoke(q)): reads `a`, which the other may change; ' +
      'writes `b`, which the other uses until it ends; writes `c`, and so does the other; ' +
      'touches resource "d", and one of the two writes it; must not happen if the other fails; runs only if `throw`',
  );
});

it('tells which calls are on the critical path, and by which code a step keeps its place', () => {
  const steps = [
    ...bothDescriptor.steps.slice(0, 2),
    step(2, 'compute', { label: 'log()', order: 'fence', span: span(12) }),
  ];
  const note = { code: 'XCS3004', span: span(12), message: 'seen', hint: '' };
  const waits: Dependence = { before: 0, after: 1, kind: 'flow', what: 'left' };
  const text = explainDescriptor({ ...bothDescriptor, steps, dependences: [waits], notes: [note] });
  expect(text).toContain('  calls: 2 one after another as written, 2 on the critical path\n');
  expect(text).toContain('  critical path: 0 → 1\n');
  expect(text).toContain('  2  compute  log()  12:5  fence (XCS3004)\n');
});

it('tells why a whole body runs as written, and what would change that', () => {
  expect(explain(compile(both({ asWritten: bailOut, steps: [], dependences: [] })))).toBe(`\
Both  src/both.ts:9:1
  runs as written

notes
  XCS2001  src/both.ts:10:5  a loop with an await runs as written
       to change that: collect the calls first
`);
});

it('tells of what was not compiled why it runs as written, and what to do', () => {
  class Plain extends Base {}
  expect(explain(Plain)).toBe(
    'Plain\n  runs as written: it is not decorated\n' +
      '  to change that: put `@structuralJit` on the class, or give the function to `structuralJit`\n',
  );
  jit(Plain);
  expect(explain(new Plain())).toContain('  runs as written: it was not compiled by the xcs transformer\n');
  expect(explain(new Plain())).toContain('tspc');
  expect(explain(operator(() => 1, { name: 'now' }))).toContain('now\n  runs as written');
});

it.each([undefined, 'Both', {}, () => 1, Map])('refuses %s', (target) => {
  expect(() => explain(target)).toThrow(expect.objectContaining({ code: 'XCS1006' }));
});
