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
export { explain } from './explain.ts';
export { failedStep } from './failed-step.ts';
export type { FailedStep } from './failed-step.ts';
export { operator } from './function-operator.ts';
export type { AnyFunction, FunctionOperator, InputOf, OperatorOptions } from './function-operator.ts';
export { graphOf } from './graph/graph-of.ts';
export { XCSGraph } from './graph/graph.ts';
export type { XCSGraphOptions } from './graph/graph.ts';
export { Operator } from './operator.ts';
export type { InvokeOptions, OperatorContext, OperatorLike } from './operator.ts';
export type { ExecutionOptions, ExecutionStrategy, StartEarly, StructuralJitOptions } from './options.ts';
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
export type { ChromeTrace, TraceEvent } from './tracing/chrome-trace.ts';
export type { TraceRecord } from './tracing/trace-record.ts';
export { TracerContext } from './tracing/tracer-context.ts';
export type { TracerOptions } from './tracing/tracer-context.ts';
export { jit } from './jit/jit.ts';
export type { JitDecorator, JitFunction } from './jit/jit.ts';
export type { JitOptions } from './jit/jit-options.ts';
export { withoutJit } from './jit/without-jit.ts';
