export { autograph, RecordedGraph } from './autograph/autograph.ts';
export type { AutoGraph, AutographOptions } from './autograph/autograph.ts';
export { constant, map, select, template, when } from './autograph/combinators.ts';
export type { Liftable, Resolved, Symbolic } from './autograph/symbolic.ts';
export type {
  Dependence,
  DependenceKind,
  Descriptor,
  Effect,
  Note,
  Resource,
  ResourceEffect,
} from './descriptor.ts';
export type { Span, Step, StepKind } from './descriptor.ts';
export { XCSError } from './errors.ts';
export type { XCSCode } from './errors.ts';
export { execute, executeDetailed } from './execute.ts';
export type { DetailedOptions, ExecutionReport } from './execute.ts';
export type { NodeTimes } from './node-calls.ts';
export { explain } from './explain.ts';
export { failedElement, failedStep } from './failed-step.ts';
export type { FailedStep } from './failed-step.ts';
export { operator } from './function-operator.ts';
export type { AnyFunction } from './brand-function.ts';
export type { FunctionOperator, InputOf, OperatorOptions } from './function-operator.ts';
export { graphOf } from './graph/graph-of.ts';
export { XCSGraph } from './graph/graph.ts';
export type { XCSGraphOptions } from './graph/graph.ts';
export { getJitMetrics, resetJitMetrics } from './metrics.ts';
export type { JitMetrics } from './metrics.ts';
export { Operator } from './operator.ts';
export type { InvokeOptions, OperatorContext, OperatorLike, SymbolicInvoke } from './operator.ts';
export type {
  EffectViolation,
  ExecutionOptions,
  ExecutionStrategy,
  Fallback,
  StartEarly,
  StructuralJitOptions,
  VerifyEffectsOptions,
} from './options.ts';
export type { Plan } from './plan.ts';
export { TopologicalSchedulerWithParallelDispatch } from './schedulers/parallel.ts';
export type { ParallelDispatchOptions } from './schedulers/parallel.ts';
export type { Scheduler } from './schedulers/scheduler.ts';
export { TopologicalScheduler } from './schedulers/serial.ts';
export {
  executionOptions,
  getExecutionOptions,
  resetExecutionOptions,
  setExecutionOptions,
} from './scope.ts';
export { structuralJit } from './structural-jit.ts';
export type { OperatorClass, StructuralFunction, StructuralJitDecorator } from './structural-jit.ts';
export { vmap } from './vmap.ts';
export type { Axes, Batched, BatchOperator, OperatorInput, OperatorOutput, VmapOptions } from './vmap.ts';
export type { ChromeTrace, TraceEvent } from './tracing/chrome-trace.ts';
export type { TraceRecord } from './tracing/trace-record.ts';
export { TracerContext } from './tracing/tracer-context.ts';
export type { TracerOptions } from './tracing/tracer-context.ts';
export { AutoGraphBuilder } from './jit/auto-graph-builder.ts';
export type { AutoGraphBuilderOptions } from './jit/auto-graph-builder.ts';
export { jit } from './jit/jit.ts';
export type { JitDecorator, JitFunction } from './jit/jit.ts';
export type { JitOptions } from './jit/jit-options.ts';
export { withoutJit } from './jit/without-jit.ts';
