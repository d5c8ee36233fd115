/**
 * What stands on the nodes, the edges and the graph itself. Everything but the live parts (`operator`, `input`, the tree,
 * the runner, `resultOf`) is plain data and goes through JSON.
 */
import type { DependenceKind, Span, StepKind } from '../descriptor.ts';
import type { NodeCalls } from '../node-calls.ts';
import type { FieldMappings } from './field-mappings.ts';

/** Something that a graph can call: it has `invoke(input)`, or is a function of its input. */
export type Invocable = { invoke(input: never, options?: never): unknown } | ((input: never) => unknown);

/** Computes a node's input, or a graph's result, from the outputs of nodes and the input of the graph. */
export type Binder = (outputOf: (id: string) => unknown, input: unknown) => unknown;

/** Decides from the outputs of nodes and the input of the graph whether a node is called at all. */
export type Guarding = (outputOf: (id: string) => unknown, input: unknown) => boolean;

export type NodeKind = StepKind | 'catch' | 'finally';

/** One step: a call site of the code, or an operator that was added; or a region, which stands for the nodes in it. */
export interface GraphNode {
  /** For people: `docs = this.#search`, `Search`, `for (const doc of docs)`. */
  readonly label: string;
  readonly kind: NodeKind;
  /** The region that it is in: a loop, a `try`, or the `catch` or `finally` of one. */
  readonly parent?: string;
  /** Set for a region. A step that waits for it waits for all in it, and what is in it waits for what it waits for. */
  readonly isRegion?: true;
  /** For a loop: whether an iteration may begin calls before the one before has ended. */
  readonly iterations?: 'overlap' | 'in order';
  /** The condition under which it is called, where there is one. */
  readonly condition?: string;
  /** The id of the step in its descriptor, for a graph of compiled code. */
  readonly step?: number;
  /** How its calls may be ordered, when that is known. */
  readonly effect?: string;
  readonly span?: Span;
  /** Set when `input` computes what the node gets; survives JSON, so that what is missing can be named. */
  readonly bound?: true;
  /** Set when code computes what the node gets that is not in the graph. */
  readonly opaque?: true;
  /** Live: not in JSON. */
  readonly operator?: Invocable;
  /** Live: not in JSON. Field mappings of incoming edges are then for people only. */
  readonly input?: Binder;
  /** Live: not in JSON. The node is called only where this holds; what waits for it waits for the decision. */
  readonly guard?: Guarding;
}

/** Why an edge exists. */
export interface Cause {
  readonly kind: DependenceKind;
  /** The slot, place, resource or construct that both touch. */
  readonly what: string;
  /** The step between the two calls through which this cause goes: code that is no call. */
  readonly via?: string;
  /** The loop between whose iterations it is: the node after waits for the one before of the iteration before. */
  readonly carried?: string;
}

/** An edge: the node after waits for the node before. */
export interface GraphEdge {
  readonly fieldMappings?: FieldMappings;
  readonly causes: readonly Cause[];
}

/** How a graph is to be run. */
export type Strategy = 'auto' | 'parallel' | 'sequential';

export const STRATEGIES: readonly Strategy[] = ['auto', 'parallel', 'sequential'];

/** One entry in the tree of operators. */
export interface OperatorEntry {
  /** Where it hangs: `root`, `root.judge`, `root.drafts[0]`, `root.tools.search`. */
  readonly path: string;
  /** The path of the operator that holds it; absent for the root. */
  readonly parent?: string;
  /** The name of its class or function. */
  readonly name: string;
  /** Live: not in JSON, and not there when the tree was made from a class. */
  readonly operator?: object;
}

export type OperatorTree = ReadonlyMap<string, OperatorEntry>;

/** What stands on the graph itself. */
export interface GraphFacts {
  readonly name: string;
  readonly strategy: Strategy;
  /** The node whose output is the result. Without it, the nodes that nothing waits for decide. */
  readonly result?: string;
  /** Set when `resultOf` computes the result; survives JSON. */
  readonly boundResult?: true;
  /** Live: not in JSON. */
  readonly resultOf?: Binder;
  readonly operators?: OperatorTree;
  /** Live: ends the recording of the graph, before it is executed. */
  readonly seal?: () => void;
  /** Live: fields of the input that need not be given. */
  readonly defaults?: object;
  /** Live: runs the code that this graph describes, and tells of its calls; dropped when the graph is changed. */
  readonly runner?: (input: unknown, options?: object, calls?: NodeCalls) => Promise<unknown>;
}
