/** A step while its code is still a syntax tree: what `lower` makes, `effects` reads and `emit` prints. */
import type ts from 'typescript';
import type { Carried, Note, Region, StepKind } from '../runtime/descriptor.ts';
import type { OperatorCall } from './operators.ts';

/** A value that the code has no name for: whether a branch is taken. */
export interface Flag {
  readonly name: string;
  readonly isFlag: true;
}

/** What a slot holds: a variable of the body, an expression that a piece has evaluated, or a flag. */
export type Output = ts.Symbol | ts.Node | Flag;

/** A slot that a piece reads or fills. */
export interface Binding {
  readonly slot: number;
  readonly of: Output;
}

/**
 * How the nodes of a piece become a function:
 * - `call`: the target and arguments of an operator call;
 * - `expression`: its value;
 * - `binding`: a declaration, whose names are the outputs;
 * - `parameter`: a parameter of the body, or of a function in it, whose names are the outputs;
 * - `returned`: what a function that stands in the place of its call gives: the one input, or nothing;
 * - `statements`: as they are; the variables that they assign are the outputs;
 * - `tail`: the rest of the body; what it returns is the output;
 * - `nothing`: the end of a body that returns nothing;
 * - `pattern`: the names that a pattern binds, of the one input;
 * - `given`: the one input, or nothing: for steps that run regions;
 * - `keys`: the same for `for-in`: a loop goes through the keys of its one input;
 * - `condition`: its value is the first output, the variables that it assigns are the others;
 * - `yes`, `no`: a constant;
 * - `none`, `any`, `absent`, `present`: whether all inputs are falsy, or not, or the one input is or is not null or undefined;
 * - `same`: whether the two inputs are strictly equal.
 */
export type Form =
  | 'call'
  | 'expression'
  | 'binding'
  | 'parameter'
  | 'returned'
  | 'statements'
  | 'tail'
  | 'nothing'
  | 'pattern'
  | 'given'
  | 'keys'
  | 'condition'
  | 'yes'
  | 'no'
  | 'none'
  | 'any'
  | 'same'
  | 'absent'
  | 'present';

/** Forms of pieces that evaluate their nodes. */
export const RUNS_NODES: ReadonlySet<Form> = new Set([
  'call',
  'expression',
  'binding',
  'parameter',
  'statements',
  'tail',
  'condition',
]);

/** A piece before its values have slots. */
export interface Draft {
  readonly kind: StepKind;
  readonly form: Form;
  readonly nodes: readonly ts.Node[];
  readonly outputs: readonly Output[];
  readonly called?: OperatorCall;
  readonly starts?: readonly number[];
  readonly notes?: readonly Note[];
  readonly isBoxed?: boolean;
  readonly settles?: ReadonlySet<ts.Symbol>;
  /** For `parameter`: the slot of what is passed. */
  readonly from?: number;
  /** For `returned`: the first piece of the function. */
  readonly ends?: number;
  /** For pieces without code of their own: what they are given. */
  readonly given?: readonly Binding[];
}

export interface Piece {
  readonly id: number;
  readonly kind: StepKind;
  readonly form: Form;
  readonly nodes: readonly ts.Node[];
  readonly inputs: readonly Binding[];
  readonly outputs: readonly Binding[];
  /** The region that it is part of, and those that it runs. */
  readonly region?: number;
  readonly regions?: readonly number[];
  /** Decides whether the piece runs. */
  readonly guard?: Binding;
  /** For each output the slot whose value it gets when the piece is skipped. */
  readonly otherwise?: readonly (number | null)[];
  readonly called?: OperatorCall;
  /** For `await`: the pieces that started what it waits for. */
  readonly starts?: readonly number[];
  /** Constants in it that hold promises of calls, for which it waits. */
  readonly settles?: ReadonlySet<ts.Symbol>;
  /** Its one output may be a promise, for which an asynchronous function would wait. */
  readonly isBoxed: boolean;
  readonly gate: boolean;
  /** The call in whose place the function stands that it is part of, how many such functions are around it, and in its region. */
  readonly inlined?: ts.CallExpression;
  readonly depth?: number;
  readonly hops?: number;
  /** For `returned`: the first piece of the function. */
  readonly ends?: number;
  readonly notes: readonly Note[];
}

/** A region while its code is syntax: see `Region` of the descriptor, whose slots these are. */
export interface RegionDraft {
  readonly id: number;
  readonly role: Region['role'];
  readonly owner: number;
  readonly error?: Binding;
  readonly carried: readonly CarriedVariable[];
  readonly results: readonly number[];
  readonly again?: number;
}

export interface CarriedVariable extends Carried {
  readonly of: ts.Symbol | Flag;
}

/** The body as pieces, in program order. */
export interface Lowered {
  readonly pieces: readonly Piece[];
  readonly regions: readonly RegionDraft[];
  /** The region whose activations hold each slot; absent for the body. */
  readonly homes: readonly (number | undefined)[];
  /** The region that each variable is declared in. */
  readonly scopes: ReadonlyMap<ts.Symbol, number | undefined>;
  /** Variables whose slot holds a cell. */
  readonly cells: ReadonlySet<ts.Symbol>;
  /** Names of the slots. */
  readonly slots: readonly string[];
}

export function isNode(of: Output): of is ts.Node {
  return 'kind' in of;
}

export function isFlag(of: Output): of is Flag {
  return 'isFlag' in of;
}

/** Of a body that runs as written. */
export const nothingLowered: Lowered = {
  pieces: [],
  regions: [],
  homes: [],
  scopes: new Map(),
  cells: new Set(),
  slots: [],
};
