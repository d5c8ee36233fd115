import { expect, it } from 'vitest';
import * as xcs from '../runtime/index.ts';

it('the runtime exports exactly what is documented', () => {
  expect(Object.keys(xcs).toSorted()).toMatchInlineSnapshot(`
    [
      "AutoGraphBuilder",
      "Operator",
      "RecordedGraph",
      "TopologicalScheduler",
      "TopologicalSchedulerWithParallelDispatch",
      "TracerContext",
      "XCSError",
      "XCSGraph",
      "autograph",
      "constant",
      "execute",
      "executeDetailed",
      "executionOptions",
      "explain",
      "failedElement",
      "failedStep",
      "getExecutionOptions",
      "getJitMetrics",
      "graphOf",
      "jit",
      "map",
      "operator",
      "resetExecutionOptions",
      "resetJitMetrics",
      "select",
      "setExecutionOptions",
      "structuralJit",
      "template",
      "vmap",
      "when",
      "withoutJit",
    ]
  `);
});

it('nothing that is exported is undefined', () => {
  expect(Object.entries(xcs).filter(([, value]) => value === undefined)).toEqual([]);
});
