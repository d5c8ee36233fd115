/** B5: three branches, each an ensemble of five and a judge, then a verifier and a final judge. */
import { Operator, structuralJit } from 'xcs';
import { Model, words } from '../../helpers/stub-operators.ts';

interface Question {
  readonly question: string;
}

interface Judged extends Question {
  readonly answers: readonly string[];
}

type Member = Operator<Question, string>;
type Judge = Operator<Judged, string>;

class Named<I extends Question> extends Operator<I, string> {
  readonly model: Model<I, string>;
  constructor(label: string) {
    super();
    this.model = new Model(label, words);
  }
  override async forward(input: I): Promise<string> {
    return await this.model.invoke({ ...input });
  }
}

@structuralJit
class Branch extends Operator<Question, string> {
  readonly members: readonly Member[];
  readonly judge: Judge;

  constructor(members: readonly Member[], judge: Judge) {
    super();
    this.members = members;
    this.judge = judge;
  }

  override async forward({ question }: Question): Promise<string> {
    const answers: string[] = [];
    for (const member of this.members) answers.push(await member.invoke({ question }));
    return await this.judge.invoke({ question, answers });
  }
}

@structuralJit
class Network extends Operator<Question, string> {
  readonly branches: readonly Member[];
  readonly verifier: Judge;
  readonly final: Judge;

  constructor(branches: readonly Member[], verifier: Judge, final: Judge) {
    super();
    this.branches = branches;
    this.verifier = verifier;
    this.final = final;
  }

  override async forward({ question }: Question): Promise<string> {
    const answers: string[] = [];
    for (const branch of this.branches) {
      const answer = await branch.invoke({ question });
      answers.push(answer);
    }
    const verdict = await this.verifier.invoke({ question, answers });
    return await this.final.invoke({ question, answers: [...answers, verdict] });
  }
}

class BranchByHand extends Branch {
  override async forward({ question }: Question): Promise<string> {
    const answers = await Promise.all(this.members.map((member) => member.invoke({ question })));
    return await this.judge.invoke({ question, answers });
  }
}

class NetworkByHand extends Network {
  override async forward({ question }: Question): Promise<string> {
    const answers = await Promise.all(this.branches.map((branch) => branch.invoke({ question })));
    const verdict = await this.verifier.invoke({ question, answers });
    return await this.final.invoke({ question, answers: [...answers, verdict] });
  }
}

type BranchClass = new (members: readonly Member[], judge: Judge) => Member;

function branchesOf(Class: BranchClass): Member[] {
  return [0, 1, 2].map((branch) => {
    const members = [0, 1, 2, 3, 4].map((member) => new Named<Question>(`member ${branch}/${member}`));
    return new Class(members, new Named<Judged>(`judge ${branch}`));
  });
}

const input: Question = { question: 'why?' };

export const subjects = {
  'B5 network of networks': {
    create: () => ({
      operator: new Network(branchesOf(Branch), new Named<Judged>('verifier'), new Named<Judged>('final')),
      input,
    }),
    byHand: () => ({
      operator: new NetworkByHand(
        branchesOf(BranchByHand),
        new Named<Judged>('verifier'),
        new Named<Judged>('final'),
      ),
      input,
    }),
  },
};
