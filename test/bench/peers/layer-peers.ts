/** Engines that run layer by layer, each waiting for the slowest of the one before: LCEL and Mastra. */
import type { Engine } from '../engines.ts';
import { layersOf, type Shape } from '../shapes.ts';
import { load } from './load-package.ts';

type Values = Readonly<Record<string, number>>;

interface Runnable {
  pipe(next: Runnable): Runnable;
  invoke(input: unknown): Promise<unknown>;
}

interface LcelLibrary {
  readonly RunnableLambda: { from(fn: (input: Values) => unknown): Runnable };
  readonly RunnableMap: { from(steps: Readonly<Record<string, Runnable>>): Runnable };
}

/** A `RunnableMap` for each layer, one piped into the next. */
export async function lcel(version: string): Promise<Engine> {
  const { RunnableLambda, RunnableMap } = await load<LcelLibrary>('@langchain/core/runnables');
  return {
    name: `LCEL (@langchain/core ${version}), map per layer`,
    prepare(shape, visit) {
      const { before } = shape;
      const maps = layersOf(shape).map((layer, depth) => {
        const lambdas = layer.map((node) => {
          const those = before[node] ?? [];
          mustBeIn(shape, those, depth);
          const lambda = RunnableLambda.from((input) =>
            visit(node, [node, ...those.map((one) => input[`n${one}`] ?? Number.NaN)]),
          );
          return [`n${node}`, lambda] as const;
        });
        return RunnableMap.from(Object.fromEntries(lambdas));
      });
      const chain = maps.reduce((all, next) => all.pipe(next));
      return () => chain.invoke({});
    },
  };
}

/** A map hands on what it computed and nothing else. */
function mustBeIn(shape: Shape, those: readonly number[], depth: number): void {
  const above = layersOf(shape)[depth - 1] ?? [];
  const other = those.find((one) => !above.includes(one));
  if (other !== undefined)
    throw new Error(`a map sees only the layer above, and node ${other} is not in it.`);
}

interface Step {
  readonly id: string;
}

interface Workflow {
  then(step: Step): Workflow;
  parallel(steps: readonly Step[]): Workflow;
  commit(): Workflow;
  createRunAsync(): Promise<{
    start(given: { readonly inputData: unknown }): Promise<{ readonly status: string }>;
  }>;
}

interface MastraLibrary {
  readonly createStep: (options: {
    readonly id: string;
    readonly inputSchema: unknown;
    readonly outputSchema: unknown;
    readonly execute: (given: { readonly getStepResult: (step: Step) => number }) => Promise<number>;
  }) => Step;
  readonly createWorkflow: (options: {
    readonly id: string;
    readonly inputSchema: unknown;
    readonly outputSchema: unknown;
    readonly options: { readonly validateInputs: boolean };
  }) => Workflow;
}

/** A workflow of `parallel` layers; steps take what they need from the results of those before. */
export async function mastra(version: string): Promise<Engine> {
  const { createStep, createWorkflow } = await load<MastraLibrary>('@mastra/core/workflows');
  const { z } = await load<{ readonly z: { any(): unknown } }>('zod');
  const schemas = { inputSchema: z.any(), outputSchema: z.any() };
  return {
    name: `Mastra (@mastra/core ${version}), parallel per layer`,
    prepare(shape, visit) {
      const steps: Step[] = [];
      for (const [node, those] of shape.before.entries()) {
        const waits = those.flatMap((one) => steps[one] ?? []);
        steps.push(
          createStep({
            id: `n${node}`,
            ...schemas,
            execute: async ({ getStepResult }) =>
              visit(node, [node, ...waits.map((one) => getStepResult(one))]),
          }),
        );
      }
      let workflow = createWorkflow({ id: shape.name, ...schemas, options: { validateInputs: false } });
      for (const layer of layersOf(shape)) {
        const [first, ...others] = layer.flatMap((node) => steps[node] ?? []);
        if (first === undefined) continue;
        workflow = others.length === 0 ? workflow.then(first) : workflow.parallel([first, ...others]);
      }
      const committed = workflow.commit();
      return async () => {
        const run = await committed.createRunAsync();
        const { status } = await run.start({ inputData: {} });
        if (status !== 'success') throw new Error(`the workflow ended with the status ${status}.`);
      };
    },
  };
}
