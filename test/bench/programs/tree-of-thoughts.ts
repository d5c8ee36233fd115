/** B1: Tree of Thoughts on the Game of 24: four steps of proposals and values, of which the best five states go on. */
import { Operator, structuralJit } from 'xcs';
import { Model, lines, score } from '../../helpers/stub-operators.ts';

interface Numbers {
  readonly numbers: string;
}

const propose = (): Model<{ step: number; numbers: string; state: string }, string[]> =>
  new Model('propose', lines(8));
const evaluate = (): Model<{ step: number; child: string }, number> => new Model('value', score);

@structuralJit
class TreeOfThoughts extends Operator<Numbers, string> {
  readonly propose = propose();
  readonly value = evaluate();

  override async forward({ numbers }: Numbers): Promise<string> {
    const known = new Map<string, number>();
    let states = [''];
    for (let step = 0; step < 4; step++) {
      const children: string[] = [];
      for (const state of states) {
        const proposals = await this.propose.invoke({ step, numbers, state });
        for (const proposal of proposals) {
          const child = `${state} ${proposal}`.trim();
          if (!children.includes(child)) children.push(child);
        }
      }
      const scored: { child: string; value: number }[] = [];
      for (const child of children) {
        let value = known.get(child);
        if (value === undefined) {
          value = await this.value.invoke({ step, child });
          known.set(child, value);
        }
        scored.push({ child, value });
      }
      scored.sort((a, b) => b.value - a.value);
      states = scored.slice(0, 5).map(({ child }) => child);
      console.log(`step ${step}: ${children.length} children, best ${scored[0]?.value}`);
    }
    return states[0] ?? '';
  }
}

class TreeOfThoughtsByHand extends Operator<Numbers, string> {
  readonly propose = propose();
  readonly value = evaluate();

  override async forward({ numbers }: Numbers): Promise<string> {
    let states = [''];
    for (let step = 0; step < 4; step++) {
      const proposals = await Promise.all(
        states.map(async (state) => {
          const found = await this.propose.invoke({ step, numbers, state });
          return found.map((proposal) => `${state} ${proposal}`.trim());
        }),
      );
      const children = [...new Set(proposals.flat())];
      const scored = await Promise.all(
        children.map(async (child) => ({ child, value: await this.value.invoke({ step, child }) })),
      );
      scored.sort((a, b) => b.value - a.value);
      states = scored.slice(0, 5).map(({ child }) => child);
      console.log(`step ${step}: ${children.length} children, best ${scored[0]?.value}`);
    }
    return states[0] ?? '';
  }
}

const input: Numbers = { numbers: '4 9 10 13' };

export const subjects = {
  'B1 tree of thoughts': {
    create: () => ({ operator: new TreeOfThoughts(), input }),
    byHand: () => ({ operator: new TreeOfThoughtsByHand(), input }),
  },
};
