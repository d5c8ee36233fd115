/**
 * Every error that this package makes. Codes are API, messages are not: 0xxx set-up, 1xxx misuse, 5xxx our bug, 9xxx run
 * time. One function per code, so that its wording and its test each live in one place.
 */

/** What went wrong: the stable name of an {@link XCSError}. */
export type XCSCode =
  | 'XCS0001'
  | 'XCS0002'
  | 'XCS0003'
  | 'XCS1001'
  | 'XCS1002'
  | 'XCS1003'
  | 'XCS1004'
  | 'XCS1005'
  | 'XCS1006'
  | 'XCS1007'
  | 'XCS1008'
  | 'XCS1101'
  | 'XCS1102'
  | 'XCS1103'
  | 'XCS1104'
  | 'XCS1105'
  | 'XCS1106'
  | 'XCS1107'
  | 'XCS1108'
  | 'XCS1201'
  | 'XCS1202'
  | 'XCS1203'
  | 'XCS1204'
  | 'XCS1205'
  | 'XCS1206'
  | 'XCS1207'
  | 'XCS1301'
  | 'XCS1302'
  | 'XCS1303'
  | 'XCS5001'
  | 'XCS5002'
  | 'XCS5003'
  | 'XCS5004'
  | 'XCS9001'
  | 'XCS9002'
  | 'XCS9004'
  | 'XCS9101';

/**
 * An error of this package, never of the code that it runs: those are passed on untouched.
 *
 * @example
 * try {
 *   setExecutionOptions({ maxConcurrency: 0 });
 * } catch (error) {
 *   if (error instanceof XCSError) console.log(error.code); // XCS1001
 * }
 */
export class XCSError extends Error {
  override readonly name: string = 'XCSError';
  readonly code: XCSCode;

  constructor(code: XCSCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

/** A decorated class or function arrived without compiled code. A notice: it runs as written. */
export function notCompiled(name: string): XCSError {
  return new XCSError(
    'XCS0001',
    `\`${name}\` was not compiled by the xcs transformer, so it runs as written, one \`await\` at a time; ` +
      'add { "transform": "xcs/transformer" } to "plugins" in tsconfig.json and build with `tspc` (ts-patch), ' +
      'or, if that is so, mark it by `structuralJit` or a constant that holds it, for the transformer sees no other mark, ' +
      'or let it learn from its calls: `fallback: "jit"` (in a bundle `fallback: jit`)',
  );
}

export function abiMismatch(name: string, expected: number, got: unknown): XCSError {
  return new XCSError(
    'XCS0002',
    `\`${name}\` was compiled for ABI ${show(got)}, this runtime has ABI ${expected}; ` +
      'build it again with the transformer of the installed version of xcs',
  );
}

/** A decorated class whose `invoke` is not ours. A notice: it runs as written. */
export function foreignInvoke(name: string, where = 'structuralJit'): XCSError {
  return new XCSError(
    'XCS0003',
    `\`${name}\` does not take \`invoke\` from \`Operator\`, so \`${where}\` cannot change how it runs; ` +
      'extend `Operator`, and leave `invoke` as it is',
  );
}

export function badOption(where: string, option: string, value: unknown, allowed: string): XCSError {
  return new XCSError(
    'XCS1001',
    `option \`${option}\` of \`${where}\` must be ${allowed}, got ${show(value)}`,
  );
}

export function unknownOption(where: string, option: string, known: readonly string[]): XCSError {
  const names = known.map((name) => `\`${name}\``).join(', ');
  return new XCSError('XCS1002', `\`${where}\` has no option \`${option}\`; it has ${names}`);
}

export function notDecoratable(value: unknown, where = 'structuralJit'): XCSError {
  return new XCSError(
    'XCS1003',
    `\`${where}\` takes a class that extends \`Operator\`, a function or options, got ${show(value)}`,
  );
}

/** What stands beside a class is what decorators are given, never options. */
export function strayArgument(name: string, value: unknown): XCSError {
  return new XCSError(
    'XCS1003',
    `\`structuralJit\` takes nothing beside class \`${name}\`, got ${show(value)}; options go first: \`structuralJit(options)(${name})\``,
  );
}

export function noForward(name: string): XCSError {
  return new XCSError(
    'XCS1004',
    `class \`${name}\` has no method \`forward\`, so there is nothing to compile; write \`async forward(input) { … }\``,
  );
}

export function badEffect(where: string, value: unknown): XCSError {
  return new XCSError(
    'XCS1005',
    `the effect of ${where} must be "pure", "unordered", "sequential" or { reads, writes, mutates } with names, ` +
      `functions from the input to a name, or arrays of these, got ${show(value)}`,
  );
}

export function notAnOperator(where: string, value: unknown): XCSError {
  return new XCSError(
    'XCS1006',
    `\`${where}\` takes an operator, an operator class or a function given to \`structuralJit\`, got ${show(value)}`,
  );
}

export function notAGraph(where: string, value: unknown): XCSError {
  return new XCSError(
    'XCS1006',
    `\`${where}\` takes a graph, got ${show(value)}; make one with \`graphOf\`, \`autograph\` or \`new XCSGraph()\``,
  );
}

export function notAFunction(where: string, value: unknown): XCSError {
  return new XCSError('XCS1007', `\`${where}\` takes a function, got ${show(value)}`);
}

/** A scheduler that breaks the contract of the interface `Scheduler`. */
export function brokenScheduler(scheduler: string, what: string): XCSError {
  return new XCSError(
    'XCS1008',
    `the scheduler \`${scheduler}\` breaks its contract: ${what}; the interface \`Scheduler\` lists what it must do`,
  );
}

export function duplicateNode(id: string): XCSError {
  return new XCSError('XCS1101', `the graph already has a node \`${id}\`; give each node its own id`);
}

export function unknownNode(id: string, known: readonly string[]): XCSError {
  const some = known.slice(0, 20).join('`, `');
  return new XCSError('XCS1102', `the graph has no node \`${id}\`; it has \`${some}\``);
}

export function graphCycle(ids: readonly string[]): XCSError {
  const path = [...ids, ...ids.slice(0, 1)].join(' → ');
  return new XCSError('XCS1103', `the graph has a cycle, so none of its nodes could ever start: ${path}`);
}

export function badGraph(what: string): XCSError {
  return new XCSError('XCS1104', `this is not a graph that \`XCSGraph\` can read: ${what}`);
}

/** Two edges give one field of a node's input: which one it gets would depend on their order. */
export function conflictingFields(id: string, field: string, givers: readonly string[]): XCSError {
  return new XCSError(
    'XCS1105',
    `node \`${id}\` gets field \`${field}\` of its input from \`${givers.join('` and `')}\`; ` +
      "map them to different fields: connect(before, after, { field: 'otherName' })",
  );
}

/** An edge's mapping names a field that the node before did not give. */
export function missingField(id: string, before: string, field: string, output: unknown): XCSError {
  return new XCSError(
    'XCS1106',
    `node \`${id}\` needs field \`${field}\` of what \`${before}\` gives, got ${showFields(output)}; ` +
      "change the field mapping (`'*'` is the whole output)",
  );
}

/** A node without mappings gets the fields of all nodes before it, and one of them gave no fields. */
export function notMergeable(id: string, before: string, output: unknown): XCSError {
  return new XCSError(
    'XCS1107',
    `node \`${id}\` gets the fields of several nodes, but \`${before}\` gave ${show(output)}, which has none; ` +
      "name the field that it becomes: connect(before, after, { '*': 'name' })",
  );
}

/** A node of a graph that cannot be executed: it came from JSON, or describes a step of compiled code. */
export function notExecutable(id: string, why: string): XCSError {
  return new XCSError('XCS1108', `node \`${id}\` cannot be executed: ${why}`);
}

/** Something that cannot be. Never the caller's fault. */
export function broken(what: string): XCSError {
  return new XCSError('XCS5001', `${what}; this is a bug in xcs, please report it`);
}

/** A plan whose steps wait for each other, or a scheduler that stopped before the last step. */
export function stalled(name: string, waiting: readonly string[]): XCSError {
  return new XCSError(
    'XCS5002',
    `the run of \`${name}\` stopped although ${waiting.length} steps have not ended: ${waiting.join(', ')}; ` +
      'a scheduler must start every step once all it waits for have ended',
  );
}

/** A dependence that does not lead from an earlier to a later step, so that a run could not end. */
export function badDependence(before: number, after: number, size: number): XCSError {
  return new XCSError(
    'XCS5004',
    `step ${after} waits for step ${before}, expected an earlier one of ${size} steps; build the code again, ` +
      'and report it if that does not help',
  );
}

/** A descriptor that the checker refused; `problems` lists what is wrong and prints the steps around it. */
export function brokenDescriptor(name: string, problems: string): XCSError {
  return new XCSError(
    'XCS5003',
    `the descriptor of \`${name}\` is broken; if it was not edited by hand, this is a bug in xcs, please report it\n${problems}`,
  );
}

/** Why a call is aborted that the code as written would not have started, or not yet. */
export function cancelled(step: string, cause: unknown): XCSError {
  return new XCSError('XCS9001', `the call \`${step}\` is not needed: an earlier step has failed`, { cause });
}

export function timedOut(name: string, timeoutMs: number): XCSError {
  return new XCSError('XCS9002', `\`${name}\` took longer than \`timeoutMs\`: ${timeoutMs}`);
}

/** Seen under `verifyEffects`. A notice: the declaration wins, so calls may overlap that must not. */
export function effectContradicted(name: string, what: string): XCSError {
  return new XCSError(
    'XCS9101',
    `\`${name}\` ${what}, which the effect that it declares does not allow; declare what it does, or do not do it`,
  );
}

/** Why a call is aborted that `jit` has started early and the code has not made. */
export function notReached(name: string): XCSError {
  return new XCSError('XCS9004', `the call of \`${name}\` was started early and is not needed`);
}

/** Narrows `value`, or reports a bug in this package (never in the caller's program). */
export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw broken(what);
  return value;
}

/** A value as a message shows it: short, with its type, and without running code of its owner. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'function') return `the function \`${value.name === '' ? 'anonymous' : value.name}\``;
  if (value === null || typeof value !== 'object') return `${String(value)} (${typeof value})`;
  return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
}

/** A value with the names of its fields, for messages about a field that is not there. */
function showFields(value: unknown): string {
  if (value === null || typeof value !== 'object') return show(value);
  const names = Object.keys(value).slice(0, 20);
  return names.length === 0 ? 'an object without fields' : `an object with \`${names.join('`, `')}\``;
}
