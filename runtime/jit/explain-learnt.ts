/** What an operator that learns has learnt, as text: each way, and for each step why it is or is not started early. */
import { isEnabled, learningOf } from '../registry.ts';
import { nameOfOperator } from '../tracing/trace-record.ts';
import { Facts } from './facts.ts';
import { Effects } from './free-calls.ts';
import { TRUSTED, type Learnt, type LearntStep, type Shape } from './learnt.ts';
import { findLearnt } from './learners.ts';
import { limitsOf } from './run-limits.ts';
import { INPUT, isExplained, sourcesOf } from './template.ts';
import { describe } from './template-text.ts';

export function explainLearnt(name: string, operator: object): string {
  const learnt = findLearnt(operator);
  const head = `  ${explainStrategy(operator)}`;
  if (learnt === undefined) return [name, head, '  has not been called yet', ''].join('\n');
  const { graphHits, graphMisses, started, wasted } = learnt.counters.counts;
  const counted = `  calls: ${graphHits + graphMisses}; of ${started} calls that these have started, ${wasted} were not used`;
  return [
    name,
    head,
    counted,
    ...learnt.shapes.toReversed().flatMap((shape) => explainShape(shape, learnt)),
    '',
  ].join('\n');
}

function explainStrategy(operator: object): string {
  if (!isEnabled(operator)) return 'runs as written: `disableJit` was called; `enableJit` undoes it';
  const { because } = limitsOf(learningOf(operator) ?? {});
  return because === undefined
    ? 'strategy: jit, `forward` runs for real, and calls that it is seen to make are started early'
    : `strategy: as written, and calls are only recorded: ${because}`;
}

function explainShape(shape: Shape, learnt: Learnt): readonly string[] {
  const effects = new Effects();
  const proof = shape.isProven ? 'seen with several inputs' : 'seen with one input';
  return [
    '',
    `way for ${shape.signature}, ${proof}`,
    ...shape.steps.flatMap((step, index) => [
      `  ${index}  ${nameOfOperator(step.operator)}  ${explainStep(step, effects, learnt)}`,
      `       with ${describe(step.template, (before) => `output ${before}`)}`,
    ]),
  ];
}

function explainStep(step: LearntStep, effects: Effects, learnt: Learnt): string {
  if (!effects.isFree(step.operator))
    return 'not started early: it is not declared (or seen) to be pure, unordered or reading only';
  if (Facts.ofOperator(step.operator) === undefined)
    return 'not started early: it has, or holds, members that cannot be seen and methods that may change them';
  if (!isExplained(step.template))
    return 'not started early: its input is computed by code that leaves no trace';
  if (step.keepsInput) return 'not started early: its result holds on to its input';
  if (learnt.isBeside(step.operator, step.nth))
    return 'not started early: the code has another call in flight meanwhile';
  if (step.trust < TRUSTED) return 'not started early: lately it was not called with what was foreseen';
  const before = sourcesOf(step.template).filter((path) => path.step !== INPUT);
  if (before.length === 0) return 'started early, at once';
  return `started early, after ${[...new Set(before.map((path) => path.step))].join(', ')}`;
}
