/** B10: an evaluation of twenty examples, each classified, answered and graded three times, with a sum of floats. */
import { Operator, structuralJit } from 'xcs';
import { Model, score, words } from '../../helpers/stub-operators.ts';

interface Example {
  readonly id: number;
  readonly question: string;
}

interface Report {
  readonly mean: number;
  readonly failed: readonly number[];
}

type Grader = Model<{ id: number; answer: string }, number>;

abstract class Evaluation extends Operator<readonly Example[], Report> {
  readonly classify = new Model<Example, string>('classify', words);
  readonly answer = new Model<{ id: number; question: string; kind: string }, string>('answer', words);
  readonly graders: readonly Grader[];

  constructor(graders: readonly string[]) {
    super();
    this.graders = graders.map((label) => new Model(label, score));
  }
}

@structuralJit
class Evaluate extends Evaluation {
  override async forward(examples: readonly Example[]): Promise<Report> {
    let sum = 0;
    let count = 0;
    const failed: number[] = [];
    for (const { id, question } of examples) {
      try {
        const kind = await this.classify.invoke({ id, question });
        const answer = await this.answer.invoke({ id, question, kind });
        for (const grader of this.graders) {
          sum += await grader.invoke({ id, answer });
          count += 1;
        }
      } catch (error) {
        console.warn(`example ${id}: ${String(error)}`);
        failed.push(id);
      }
    }
    return { mean: sum / count, failed };
  }
}

class EvaluateByHand extends Evaluation {
  override async forward(examples: readonly Example[]): Promise<Report> {
    const all = await Promise.all(
      examples.map(async ({ id, question }) => {
        try {
          const kind = await this.classify.invoke({ id, question });
          const answer = await this.answer.invoke({ id, question, kind });
          return await Promise.all(this.graders.map((grader) => grader.invoke({ id, answer })));
        } catch {
          return undefined;
        }
      }),
    );
    const scores = all.flatMap((one) => one ?? []);
    const failed = examples.filter((_, index) => all[index] === undefined).map(({ id }) => id);
    return { mean: scores.reduce((sum, one) => sum + one, 0) / scores.length, failed };
  }
}

const graders = ['correct', 'complete', 'concise'];
const examples = (): Example[] => Array.from({ length: 20 }, (_, id) => ({ id, question: `question ${id}` }));

export const subjects = {
  'B10 evaluation': {
    create: () => ({ operator: new Evaluate(graders), input: examples() }),
    byHand: () => ({ operator: new EvaluateByHand(graders), input: examples() }),
  },
};
