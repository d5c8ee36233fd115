import { expect, it } from 'vitest';
import * as xcs from '../runtime/index.ts';

it('the runtime exports exactly what is documented', () => {
  expect(Object.keys(xcs).toSorted()).toMatchInlineSnapshot(`
    [
      "Operator",
      "TopologicalScheduler",
      "TopologicalSchedulerWithParallelDispatch",
      "TracerContext",
      "XCSError",
      "XCSGraph",
      "execute",
      "executeDetailed",
      "executionOptions",
      "explain",
      "failedStep",
      "getExecutionOptions",
      "graphOf",
      "jit",
      "operator",
      "resetExecutionOptions",
      "setExecutionOptions",
      "structuralJit",
      "withoutJit",
    ]
  `);
});

it('nothing that is exported is undefined', () => {
  expect(Object.entries(xcs).filter(([, value]) => value === undefined)).toEqual([]);
});
