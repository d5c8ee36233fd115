/** B12: four agents debate for three rounds, all at once or one after another, and a judge decides. */
import { Operator, structuralJit } from 'xcs';
import { Model, words } from '../../helpers/stub-operators.ts';

interface Turn {
  readonly at: string;
  readonly topic: string;
  readonly transcript: readonly string[];
}

type Agent = Operator<Turn, string>;
type Judge = Operator<{ readonly transcript: readonly string[] }, string>;

abstract class Debate extends Operator<string, string> {
  readonly agents: readonly Agent[];
  readonly judge: Judge;

  constructor(agents: readonly Agent[], judge: Judge) {
    super();
    this.agents = agents;
    this.judge = judge;
  }
}

@structuralJit
class Simultaneous extends Debate {
  override async forward(topic: string): Promise<string> {
    const transcript: string[] = [];
    for (let round = 0; round < 3; round++) {
      const replies: string[] = [];
      for (const [at, agent] of this.agents.entries()) {
        replies.push(await agent.invoke({ at: `${round}/${at}`, topic, transcript: [...transcript] }));
      }
      transcript.push(...replies);
    }
    return await this.judge.invoke({ transcript });
  }
}

class SimultaneousByHand extends Debate {
  override async forward(topic: string): Promise<string> {
    const transcript: string[] = [];
    for (let round = 0; round < 3; round++) {
      const before = [...transcript];
      const replies = await Promise.all(
        this.agents.map((agent, at) => agent.invoke({ at: `${round}/${at}`, topic, transcript: before })),
      );
      transcript.push(...replies);
    }
    return await this.judge.invoke({ transcript });
  }
}

@structuralJit
class RoundRobin extends Debate {
  override async forward(topic: string): Promise<string> {
    const transcript: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const [at, agent] of this.agents.entries()) {
        const reply = await agent.invoke({ at: `${round}/${at}`, topic, transcript });
        transcript.push(`${at}: ${reply}`);
      }
    }
    return await this.judge.invoke({ transcript });
  }
}

type DebateClass = new (agents: readonly Agent[], judge: Judge) => Debate;

const debate = (Class: DebateClass) => (): { operator: Debate; input: string } => ({
  operator: new Class(
    ['optimist', 'pessimist', 'pragmatist', 'sceptic'].map((label) => new Model<Turn, string>(label, words)),
    new Model('judge', words),
  ),
  input: 'tabs or spaces',
});

export const subjects = {
  'B12 debate, simultaneous': { create: debate(Simultaneous), byHand: debate(SimultaneousByHand) },
  'B12 debate, round-robin': { create: debate(RoundRobin) },
};
