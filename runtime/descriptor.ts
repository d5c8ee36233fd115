/**
 * The descriptor: what the compiler emits for one function, and what every graph is built from.
 *
 *   Descriptor  plain data, `JSON.stringify`-able        -> check, print, interpret, XCSGraph
 *   Compiled    the descriptor and its step functions     -> link -> plan -> run
 *
 * Steps are numbered in program order. `interpret.ts` defines what a descriptor means: one step after another.
 */

/** A piece of source text: `file` relative to the project, lines and columns from 1. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What a user may declare as `static effect`, or hand to `operator(fn, { effect })`. */
export type Effect = 'pure' | 'unordered' | 'sequential' | ResourceEffect;

/** A resource: its name, or a function that computes the name from the call's input. */
export type Resource = string | ((input: never) => string);

/** An effect on named resources: calls that touch the same one, and not both by reading, keep their order. */
export interface ResourceEffect {
  /** What the call reads: such calls may overlap. @default [] */
  readonly reads?: Resource | readonly Resource[];
  /** What the call writes: it overlaps no other call that touches it. @default [] */
  readonly writes?: Resource | readonly Resource[];
  /** The call may change the objects that it is given. @default false */
  readonly mutates?: boolean;
}

/** When calls that an operator makes may still run although its own call has ended: whenever it has, or when it has failed. */
export type GoesOn = 'always' | 'failed';

/** A chain of property names, starting at the operator: `[]` is the operator itself. */
export type Path = readonly string[];

/** What the transformer read off a visible `forward`; left on the class under `INFERRED_EFFECT`. */
export interface InferredEffect {
  /** The function that was read. If an instance's `forward` is another one, this says nothing about it. */
  readonly forward: unknown;
  /** Objects, by path from the operator, whose properties it reads although the program also writes them. */
  readonly reads: readonly Path[];
  /** Objects, by path from the operator, whose properties it writes. */
  readonly writes: readonly Path[];
  /** It may change the objects that it is given. */
  readonly mutates: boolean;
  /** Named resources that functions of other modules touch, which it calls. */
  readonly resources?: { readonly reads: readonly string[]; readonly writes: readonly string[] };
  /** It logs, draws random numbers or does something else that must keep its place. */
  readonly ordered: boolean;
  readonly goesOn?: GoesOn;
  /** Operators that it calls: each is called with `self` and answers what is there now. */
  readonly calls: readonly ((self: never) => unknown)[];
  /** Arrays, Maps, Sets and records of which it calls members. */
  readonly members?: readonly ((self: never) => unknown)[];
  /** Methods of the class that were read too; a subclass may have others. */
  readonly methods?: Readonly<Record<string, unknown>>;
  /** Set when the body contains something unknown: what, and where. Then `undeclared` decides. */
  readonly unknown?: { readonly what: string; readonly span: Span };
  /** The plugin's option `undeclared` when this was compiled. */
  readonly undeclared: 'sequential' | 'unordered';
}

/** An operator, or a declared function, that a step calls. */
export interface OperatorRef {
  readonly id: number;
  /** How the code reaches it: `this.#search`, `this.drafts[0]`, `generateText`. */
  readonly label: string;
  /** Its static type, for people. */
  readonly type: string;
  /**
   * - `field`: found when the run begins, from `self` or the enclosing scope, by `Compiled.callees[id]`;
   * - `member`: one of the members of the array, Map or record that `Compiled.callees[id]` finds; its effect is the
   *   join of all of theirs;
   * - `dynamic`: known only when the step runs; counts as `sequential`, unless `Compiled.callees[id]` is there and
   *   answers the prototype of its class;
   * - `external`: a function declared in the plugin options; `effect` is what was declared.
   */
  readonly found: 'field' | 'member' | 'dynamic' | 'external';
  /** The effect that the precomputed dependences assume. Link compares it with the actual object's. */
  readonly effect: StaticEffect;
  /** Property names from `self` when it is reached by data properties only (`["drafts", "0"]`); guards read them. */
  readonly path?: Path;
}

/** An effect as far as it is known without the object. Resource functions have become the wildcard `"*"`. */
export interface StaticEffect {
  readonly kind: 'pure' | 'unordered' | 'resources' | 'sequential';
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly mutates: boolean;
  /** It may write state other than named resources: its own fields, module variables, shared objects. */
  readonly state: boolean;
  readonly goesOn?: GoesOn;
  /** How this is known. */
  readonly known: 'declared' | 'inferred' | 'undeclared';
}

/**
 * An abstract object: something that steps read and write in memory.
 * - `fresh`: made in this body and not reachable from outside; conflicts only with itself;
 * - `result`: what the call `step` gave; `input`: what is reachable from the input; `world`: `this`, module state and
 *   whatever else exists. These three may be one object: they conflict with each other;
 * - `own`: a field of `this`, and what it holds, that nothing but this body touches: written in program order, as the world
 *   is, but seen by no call.
 */
export interface Place {
  readonly id: number;
  readonly kind: 'fresh' | 'own' | 'result' | 'input' | 'world';
  readonly label: string;
  readonly step?: number;
  /** The innermost region outside of which nothing reaches it: each iteration has an object of its own. */
  readonly region?: number;
  /** The place of the objects that earlier iterations of `region` have made here: whatever lives longer than an iteration reaches them there. */
  readonly older?: number;
}

/** What a step does, and what its function answers. */
export type StepKind =
  /** Calls an operator and waits for its result. The function answers `[target, ...args]`. */
  | 'call'
  /** Calls an operator and goes on: its value is the promise. The function answers `[target, ...args]`. */
  | 'start'
  /** Waits for a promise that the function answers. */
  | 'await'
  /** An asynchronous piece of the body, run as written; its operator calls go through `$`. */
  | 'async'
  /** A synchronous piece of the body. */
  | 'compute'
  /** Takes the next element of what the loop around it iterates: whether there is one, and the element. */
  | 'next'
  /** Runs its one region again and again, over the elements of its input if it has one. */
  | 'loop'
  /** Runs its first region, then the one for a failure of it and the one for the end, as it has them. */
  | 'try'
  /** Ends the body with its value, awaited if it is a thenable, unless it is skipped. Never the last step. */
  | 'exit'
  /** Computes what the body returns; always last, and awaited if it is a thenable. */
  | 'return';

/** What a call is given: the value of a slot, or an object literal with these properties, in this order. */
export interface Given {
  readonly slot?: number;
  readonly properties?: readonly {
    readonly name: string;
    /** Where its value stands, or what it is; neither when it is known only with the call. */
    readonly slot?: number;
    readonly value?: string | number;
  }[];
}

/** One step of a compiled body: a call of an operator, or a piece of code between calls. */
export interface Step {
  readonly id: number;
  readonly kind: StepKind;
  /** The code, shortened to one line. */
  readonly label: string;
  readonly span: Span;
  /** Slots handed to the step function, in this order, after `self` and `$`. */
  readonly inputs: readonly number[];
  /** Slots that the step fills. One: with the value. Several: with the elements of the array that is the value. */
  readonly outputs: readonly number[];
  /** The nested region that the step is part of; absent for the body itself. */
  readonly region?: number;
  /** For `loop` and `try`: the regions that it runs. */
  readonly regions?: readonly number[];
  /** The slot that decides whether the step runs: it is skipped if that holds a falsy value. */
  readonly guard?: number;
  /** For each output the slot whose value it gets when the step is skipped; `null` for none. Absent: none has one. */
  readonly otherwise?: readonly (number | null)[];
  /** Its one output is in an array too: an asynchronous function would wait for a promise that it gives. */
  readonly boxed?: boolean;
  /** Its code calls operators through `$`: at once, or in functions that it makes. Always so for `async`. */
  readonly routes?: boolean;
  /**
   * How many functions it is part of, in its region, that stand in the place of their calls. Where it matters when things end,
   * its failure takes as many ticks more to get out of them.
   */
  readonly hops?: number;
  /** The end of such a function: its first step. What decides in between whether later steps run does so up to here. */
  readonly ends?: number;
  /** Operators that it calls: exactly one for `call` and `start`. */
  readonly operators: readonly number[];
  /** For `call`: what is known of what the operator is given before the call is made. */
  readonly given?: Given;
  /** For `call` and `start`: the method of the target to call; without it the target itself is called. */
  readonly method?: string;
  /** For `await` and `async`: the `start` steps whose calls have ended when it has succeeded. */
  readonly starts?: readonly number[];
  /**
   * - `free`: only data, memory and the effects of its operators order it;
   * - `fence`: keeps its place among everything effectful and waits for whatever may fail before it;
   * - `barrier`: waits for every earlier step, and every later step waits for it.
   */
  readonly order: 'free' | 'fence' | 'barrier';
  /** Places read; for calls also what they hold until they end (what they were given, and is reachable from it). */
  readonly reads: readonly number[];
  /** Of these, what only the code reads: what it calls is not given it, so cannot change it. @default none */
  readonly unheld?: readonly number[];
  /**
   * Of what comes from outside, the kinds of objects that it may read, by their types: the properties that each must have, none
   * for arrays. What an operator writes is read only if it is of such a kind. Absent: any object.
   */
  readonly shapes?: readonly (readonly string[])[];
  /** Maps and Sets of which it touches only the entry whose key stands in the slot. */
  readonly keys?: readonly { readonly place: number; readonly slot: number }[];
  /** Places written. */
  readonly writes: readonly number[];
  /** The body may leave here by `throw` under a condition, so later steps wait until it is decided. */
  readonly gate: boolean;
  /** Calls of it may still run when it has ended: a `start`, a `Promise.race`, a call that nobody awaits. */
  readonly lingers: boolean;
  /** In a `try`: calls of it may still run when it has failed, as the other members of a `Promise.all` do. */
  readonly abandons?: boolean;
  /** Its value holds promises of calls in flight, with which later code may do anything. */
  readonly handsOut?: boolean;
  /** What it gives depends on which of its calls ends first: `Promise.race`, `any`, and `all` when several fail. */
  readonly races?: boolean;
  /** Its calls run side by side, so that, if any changes something, others may see when: `Promise.allSettled`. */
  readonly sideBySide?: boolean;
  readonly mayFail: boolean;
}

/**
 * Steps that run as part of another step. They start when all that they need is there, be it inside or outside of the
 * region; the step that they are part of ends when they all have.
 */
export interface Region {
  readonly id: number;
  readonly role: 'iteration' | 'try' | 'catch' | 'finally';
  /** The step that runs it. */
  readonly owner: number;
  /** For `catch`: the slot of the error, if the code names it. */
  readonly error?: number;
  readonly carried: readonly Carried[];
  /** What each output of the owner gets when this region is the last that ran to its end. */
  readonly results: readonly number[];
  /** For an iteration: the slot that says whether another one follows. */
  readonly again?: number;
}

/** A variable that comes into a region from another activation: the iteration before, or the `try` that failed. */
export interface Carried {
  /** The slot of the region that holds it. */
  readonly into: number;
  /** The slot outside that has its first value. */
  readonly from: number;
  /** In an iteration: the slot that holds it at the end of the iteration before. */
  readonly out?: number;
  /** In a `catch`: the slots that held it in the `try`, with the steps that filled them; the last before the failure counts. */
  readonly versions?: readonly { readonly step: number; readonly slot: number }[];
}

/** Why a step waits for another: for its value, for what it still reads or writes, for an effect, for its failure, or for a decision. */
export type DependenceKind = 'flow' | 'anti' | 'output' | 'effect' | 'failure' | 'control';

/** `after` waits for `before`. */
export interface Dependence {
  readonly before: number;
  readonly after: number;
  readonly kind: DependenceKind;
  /** The slot, place, resource or construct that both touch, for people: `msgs`, `resource "index"`. */
  readonly what: string;
  /** `after` may begin without it: it waits when it is skipped, or, if it runs regions, before it ends. */
  readonly late?: boolean;
  /** It holds only where these slots have the same value: keys of a Map or Set. */
  readonly keys?: { readonly before: number; readonly after: number };
  /** Both are calls, and it holds only where the resources that they touch by what they are given are the same. */
  readonly inputs?: true;
  /**
   * `before` is a loop, or a `try`, and `after` waits not for its end, but only for this step: in each iteration of the loop, or in the
   * block of the `try`, if the block gets there.
   */
  readonly part?: number;
  /** The loop between whose iterations it holds: `before` is in the iteration before, or is the loop for all of that. */
  readonly carried?: number;
  /** It holds for every earlier iteration: those between may not wait for one another. */
  readonly every?: true;
}

/** Something the compiler has to say about a piece of the body: a fence, a bail-out, an opportunity. */
export interface Note {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
  /** What would unlock it. */
  readonly hint: string;
}

/** A method of the class that the analysis relied on, or a class of another file: link checks that it is still the compiled one. */
export interface MethodGuard {
  readonly name: string;
  /** For a class: the hashes of what constructs its objects, from the class itself up to what it extends last. */
  readonly constructs?: readonly string[];
}

/** What the transformer found out about a class or function: its steps, and which of them wait for which. */
export interface Descriptor {
  readonly abi: number;
  /** Name of the class or function. */
  readonly name: string;
  readonly span: Span;
  /** Hash of the plugin options that it was compiled under. */
  readonly options: string;
  readonly undeclared: 'sequential' | 'unordered';
  /** Names of the slots. Slot 0 is the input, slot 1 the context that `forward` gets. */
  readonly slots: readonly string[];
  readonly places: readonly Place[];
  readonly operators: readonly OperatorRef[];
  /** In program order, those of a region behind the step that runs it; empty when the whole body runs as written. */
  readonly steps: readonly Step[];
  /** Regions inside of the body, if there are any. */
  readonly regions?: readonly Region[];
  /** Under the effects in `operators`. */
  readonly dependences: readonly Dependence[];
  /**
   * Steps whose calls must take the time that they take as written, for something depends on which of them ends first:
   * compiled operators that they call run one step after another.
   */
  readonly paced?: readonly number[];
  /** The most calls that wait for one another, each counted once. */
  readonly criticalPath: number;
  readonly guards: readonly MethodGuard[];
  /** Fields that hold operators, by name, called or not: for the tree of operators. */
  readonly fields: readonly string[];
  readonly notes: readonly Note[];
  /** Why the whole body runs as written; absent when it is compiled. */
  readonly asWritten?: Note;
}

/** The code of one step. What it answers depends on the kind of the step. */
export type StepFunction = (self: never, $: CallSite, ...inputs: never[]) => unknown;

/**
 * Routes the operator calls of an `async` step through the run that the step belongs to (limit, signal, tracing):
 * `$(this.judge).invoke(x)`, `$(search)(x)`, `$(client.chat.completions, "create")(x)`.
 */
export type CallSite = (target: unknown, method?: string) => unknown;

/** A function of the program as compiled code calls it: its operator calls go through `$`. */
export type RoutedCopy = (self: never, $: CallSite, ...args: never[]) => unknown;

/** What emitted code hands to `structuralJit`. */
export interface Compiled {
  readonly descriptor: Descriptor;
  /** `steps[i]` is the code of `descriptor.steps[i]`. */
  readonly steps: readonly StepFunction[];
  /** `callees[i]` finds `descriptor.operators[i]` on the instance (see `OperatorRef.found`). */
  readonly callees: readonly (((self: never) => unknown) | undefined)[];
  /** What `$(this, 'method')(…)` and `$(f, 'f()')(…)` call, by name. */
  readonly copies?: Readonly<Record<string, RoutedCopy>>;
  /** `guards[i]` is the method that `descriptor.guards[i]` names, as compiled, or answers the class. */
  readonly guards: readonly unknown[];
}
