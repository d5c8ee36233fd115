/** Codes of the runtime: set-up (000x), wrong use (100x, 11xx), its own failures (500x), and runs (9xxx). */
import type { XCSCode } from '../../runtime/errors.ts';
import { type Explanation, run, text } from './explanation.ts';
import { recording } from './recording.ts';

const DOUBLE = 'const double = operator(({ value }: { value: number }) => value * 2);';

export const runTime: Readonly<Record<XCSCode, Explanation>> = {
  ...recording,
  XCS0001: {
    title: 'a class or function was not compiled by the transformer',
    why: 'The same code runs without the transformer, as written, one `await` at a time. This is a notice, once for each class.',
    example: run('structuralJit(async (q: string) => q);'),
    fixed: text(
      '{ "compilerOptions": { "plugins": [{ "transform": "xcs/transformer" }] } }, built with `tspc`',
    ),
  },
  XCS0002: {
    title: 'code was compiled for another version of the runtime',
    why: 'What the transformer emits and what the runtime runs must be of one version.',
    example: text('an old `dist` beside a new `node_modules/xcs`'),
    fixed: text('build again, after an update of xcs'),
  },
  XCS0003: {
    title: 'the `invoke` of a class is not ours',
    why: '`structuralJit` changes what `invoke` does, so a class that brings its own `invoke` runs as it says. This is a notice.',
    example: run(
      'class Own extends Operator<string, string> {',
      '  async forward(q: string) { return q; }',
      '  override async invoke(q: string) { return this.forward(q); }',
      '}',
      'structuralJit(Own);',
    ),
    fixed: text('leave `invoke` as it is, and write `forward`'),
  },
  XCS1001: {
    title: 'an option has a value that is not allowed',
    why: 'Options are checked where they are given, so that a wrong one never shows as a strange run.',
    example: run('setExecutionOptions({ maxConcurrency: 0 });'),
    fixed: run('setExecutionOptions({ maxConcurrency: 1 });'),
  },
  XCS1002: {
    title: 'there is no option of that name',
    why: 'A misspelt option would silently leave its default in force.',
    example: run('setExecutionOptions(JSON.parse(\'{ "maxConcurency": 4 }\'));'),
    fixed: run('setExecutionOptions({ maxConcurrency: 4 });'),
  },
  XCS1003: {
    title: '`structuralJit` was given what it cannot mark',
    why: 'Only classes that extend `Operator` and functions can be marked.',
    example: run("structuralJit(JSON.parse('[]'));"),
    fixed: run('structuralJit({ maxConcurrency: 4 });'),
  },
  XCS1004: {
    title: 'a marked class has no `forward`',
    why: 'What runs is `forward`.',
    example: run('abstract class Empty extends Operator<string, string> {}', 'structuralJit(Empty);'),
    fixed: text('write `async forward(input) { … }`'),
  },
  XCS1005: {
    title: 'a declared effect is none',
    why: 'A misspelt effect must not count as no effect, for then calls would overlap that may not.',
    example: run('operator(() => 1, { effect: JSON.parse(\'"unorderd"\') });'),
    fixed: run("operator(() => 1, { effect: 'unordered' });"),
  },
  XCS1006: {
    title: 'what was given is no operator',
    why: '`explain` and `graphOf` tell of operators, of their classes, and of functions given to `structuralJit`.',
    example: run('explain(Map);'),
    fixed: run("explain(operator(() => 1, { name: 'now' }));"),
  },
  XCS1007: {
    title: 'what was given is no function',
    why: '`operator(fn)` and `executionOptions(options, fn)` call what they are given.',
    example: run("operator(JSON.parse('1'));"),
    fixed: run('operator(() => 1);'),
  },
  XCS1008: {
    title: 'a scheduler breaks its contract',
    why: 'A scheduler that starts a step too early or twice would change what the code means, so the run stops.',
    example: text('a `Scheduler` whose `begin` starts a step before all that it waits for has ended'),
    fixed: text('see the numbered contract of the interface `Scheduler`'),
  },
  XCS1101: {
    title: 'a graph has two nodes of one id',
    why: 'Edges name nodes by their ids.',
    example: run(DOUBLE, "new XCSGraph().addOperator('double', double).addOperator('double', double);"),
    fixed: run(DOUBLE, "new XCSGraph().addOperator('double', double).addOperator('again', double);"),
  },
  XCS1102: {
    title: 'a graph has no node of that id',
    why: 'An edge joins two nodes that are there.',
    example: run(DOUBLE, "new XCSGraph().addOperator('double', double).connect('double', 'square');"),
    fixed: run(
      DOUBLE,
      "new XCSGraph().addOperator('double', double).addOperator('square', double).connect('double', 'square');",
    ),
  },
  XCS1103: {
    title: 'a graph has a cycle',
    why: 'None of the nodes of a cycle could ever start, for each waits for another.',
    example: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('a', double).addOperator('b', double);",
      "graph.connect('a', 'b').connect('b', 'a');",
      'await execute(graph, { value: 1 });',
    ),
    fixed: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('a', double).addOperator('b', double);",
      "graph.connect('a', 'b', { result: 'value' });",
      'await execute(graph, { value: 1 });',
    ),
  },
  XCS1104: {
    title: 'what was given is no graph',
    why: '`XCSGraph.fromJSON` reads what `toJSON` gave, and nothing else.',
    example: run("XCSGraph.fromJSON(JSON.parse('{}'));"),
    fixed: run('XCSGraph.fromJSON(new XCSGraph().toJSON());'),
  },
  XCS1105: {
    title: 'two edges give one field of a node',
    why: 'Which of the two it gets would hang on the order of the edges.',
    example: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('a', double).addOperator('b', double).addOperator('c', double);",
      "graph.connect('a', 'c', { '*': 'value' }).connect('b', 'c', { '*': 'value' });",
      'await execute(graph, { value: 1 });',
    ),
    fixed: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('a', double).addOperator('b', double).addOperator('c', double);",
      "graph.connect('a', 'c', { '*': 'value' }).connect('b', 'c', { '*': 'other' });",
      'await execute(graph, { value: 1 });',
    ),
  },
  XCS1106: {
    title: 'a node needs a field that was not given',
    why: 'A field mapping names fields of the output of the node before.',
    example: run(
      'const make = operator(({ value }: { value: number }) => ({ value }));',
      "const graph = new XCSGraph().addOperator('a', make).addOperator('b', make);",
      "graph.connect('a', 'b', { total: 'value' });",
      'await execute(graph, { value: 1 });',
    ),
    fixed: run(
      'const make = operator(({ value }: { value: number }) => ({ value }));',
      "const graph = new XCSGraph().addOperator('a', make).addOperator('b', make);",
      "graph.connect('a', 'b', { value: 'value' });",
      'await execute(graph, { value: 1 });',
    ),
  },
  XCS1107: {
    title: 'a node gets the fields of what has none',
    why: 'Without mappings a node gets the fields of all outputs before it, so each output must have fields.',
    example: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('a', double).addOperator('b', double).addOperator('c', double);",
      "graph.connect('a', 'c').connect('b', 'c');",
      'await execute(graph, { value: 1 });',
    ),
    fixed: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('a', double).addOperator('b', double).addOperator('c', double);",
      "graph.connect('a', 'c', { '*': 'value' }).connect('b', 'c', { '*': 'other' });",
      'await execute(graph, { value: 1 });',
    ),
  },
  XCS1108: {
    title: 'a node cannot be executed',
    why: 'A graph that came from JSON knows the names of its operators, not the operators.',
    example: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('double', double);",
      'await execute(XCSGraph.fromJSON(graph.toJSON()), { value: 1 });',
    ),
    fixed: run(
      DOUBLE,
      "const graph = new XCSGraph().addOperator('double', double);",
      'await execute(XCSGraph.fromJSON(graph.toJSON(), { double }), { value: 1 });',
    ),
  },
  XCS5001: {
    title: 'something that cannot be',
    why: 'A bug in xcs. Please report it, with the code around it.',
    example: text('XCS5001: …; this is a bug in xcs, please report it'),
  },
  XCS5002: {
    title: 'a run stopped before its last step',
    why: 'Only a scheduler that never starts some step can do that; the run fails, instead of hanging.',
    example: text('a `Scheduler` whose `ended` starts nothing'),
    fixed: text('start every step once all that it waits for have ended'),
  },
  XCS5003: {
    title: 'a descriptor is broken',
    why: 'A descriptor that was not edited by hand is right, or there is a bug in xcs.',
    example: text('a descriptor whose step reads a slot that nobody fills'),
  },
  XCS5004: {
    title: 'a step waits for a later one',
    why: 'Dependences lead from earlier to later steps; a run with another one could not end.',
    example: text('a descriptor with { "before": 2, "after": 1 }'),
    fixed: text('build the code again'),
  },
  XCS9001: {
    title: 'a call is not needed, for an earlier step has failed',
    why: 'It is the reason of `context.signal`: the code as written would not have made the call. Its outcome is never seen.',
    example: text('context.signal.reason, in a call that started past one that failed'),
    fixed: text("@structuralJit({ startEarly: 'certain' }) starts no call in vain"),
  },
  XCS9002: {
    title: 'a run took longer than it may',
    why: '`timeoutMs` stops the outermost call, whether or not what it runs heeds the signal.',
    example: run(
      'const never = operator(() => new Promise<void>(() => {}));',
      'await never.invoke(undefined, { timeoutMs: 1 });',
    ),
    fixed: text('give it more time, or none: `timeoutMs: Infinity`'),
  },
  XCS9004: {
    title: 'a call that `jit` started early was not needed',
    why: 'It is the reason with which such a call is aborted; nobody else sees it.',
    example: text('an operator that `jit` has started early, in `context.signal.reason`'),
    fixed: text('nothing to do; `maxWaste` bounds how many there may be'),
  },
  XCS9101: {
    title: 'an operator did what its declared effect does not allow',
    why: 'A declaration wins over the body, so a wrong one lets calls overlap that must not. Seen under `verifyEffects`; a notice.',
    example: run(
      "const sort = operator((list: number[]) => list.sort(), { effect: 'pure', name: 'sort' });",
      'await executionOptions({ verifyEffects: true }, () => sort.invoke([2, 1]));',
    ),
    fixed: run(
      "const sort = operator((list: number[]) => list.toSorted(), { effect: 'pure', name: 'sort' });",
      'await executionOptions({ verifyEffects: true }, () => sort.invoke([2, 1]));',
    ),
  },
};
