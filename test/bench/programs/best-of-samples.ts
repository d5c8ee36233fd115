/** B9: an answer by the majority of ten samples, and the best of at most six attempts, where one that is good enough ends it. */
import { Operator, structuralJit } from 'xcs';
import { Model, words } from '../../helpers/stub-operators.ts';

interface Problem {
  readonly problem: string;
}

const sample = (): Model<{ at: number; problem: string }, string> =>
  new Model('sample', (draw) => `answer ${Math.floor(draw.share('vote') * 4)}`);
const judge = (): Model<{ winner: string; votes: number }, string> => new Model('judge', words);

abstract class Vote extends Operator<Problem, string> {
  readonly sample = sample();
  readonly judge = judge();

  protected count(samples: readonly string[]): { winner: string; votes: number } {
    const votes = new Map<string, number>();
    for (const one of samples) votes.set(one, (votes.get(one) ?? 0) + 1);
    const [first] = [...votes].toSorted(([, a], [, b]) => b - a);
    return { winner: first?.[0] ?? '', votes: first?.[1] ?? 0 };
  }
}

@structuralJit
class SelfConsistency extends Vote {
  override async forward({ problem }: Problem): Promise<string> {
    const samples: string[] = [];
    for (let at = 0; at < 10; at++) samples.push(await this.sample.invoke({ at, problem }));
    const { winner, votes } = this.count(samples);
    return await this.judge.invoke({ winner, votes });
  }
}

class SelfConsistencyByHand extends Vote {
  override async forward({ problem }: Problem): Promise<string> {
    const samples = await Promise.all(
      Array.from({ length: 10 }, (_, at) => this.sample.invoke({ at, problem })),
    );
    return await this.judge.invoke(this.count(samples));
  }
}

@structuralJit
class BestOfN extends Operator<Problem, { best: string; reward: number; attempts: number }> {
  readonly attempt = new Model<{ at: number; problem: string }, string>('attempt', words);
  readonly reward = new Model<{ at: number; answer: string }, number>('reward', (draw) =>
    draw.share('reward'),
  );
  readonly threshold = 0.6;

  override async forward({ problem }: Problem): Promise<{ best: string; reward: number; attempts: number }> {
    let best = '';
    let highest = -1;
    let attempts = 0;
    for (let at = 0; at < 6; at++) {
      try {
        const answer = await this.attempt.invoke({ at, problem });
        const reward = await this.reward.invoke({ at, answer });
        attempts += 1;
        if (reward > highest) {
          highest = reward;
          best = answer;
        }
        if (reward > this.threshold) break;
      } catch (error) {
        console.warn(`attempt ${at}: ${String(error)}`);
      }
    }
    return { best, reward: highest, attempts };
  }
}

const input: Problem = { problem: 'two trains' };

export const subjects = {
  'B9a self-consistency': {
    create: () => ({ operator: new SelfConsistency(), input }),
    byHand: () => ({ operator: new SelfConsistencyByHand(), input }),
  },
  'B9b best of six': { create: () => ({ operator: new BestOfN(), input }) },
};
