/** B4: a software team: a design, eight files, and three rounds in which each file is reviewed against all and revised. */
import { Operator, structuralJit } from 'xcs';
import { Model, words } from '../../helpers/stub-operators.ts';

type Files = ReadonlyMap<string, string>;

interface Sources {
  readonly design: string;
  readonly names: readonly string[];
}

abstract class Engineer extends Operator<Sources, Files> {
  readonly write = new Model<{ name: string; design: string }, string>('write', words);
  readonly review = new Model<{ round: number; name: string; files: string }, string>('review', words);
  readonly revise = new Model<{ round: number; name: string; code: string; review: string }, string>(
    'revise',
    words,
  );

  protected show(files: Files): string {
    return [...files].map(([name, code]) => `${name}: ${code}`).join('\n');
  }
}

@structuralJit
class CarefulEngineer extends Engineer {
  override async forward({ design, names }: Sources): Promise<Files> {
    const files = new Map<string, string>();
    for (const name of names) files.set(name, await this.write.invoke({ name, design }));
    for (let round = 0; round < 3; round++) {
      const reviews = new Map<string, string>();
      const all = this.show(files);
      for (const name of names) {
        reviews.set(name, await this.review.invoke({ round, name, files: all }));
      }
      for (const [name, review] of reviews) {
        const code = files.get(name) ?? '';
        files.set(name, await this.revise.invoke({ round, name, code, review }));
      }
    }
    return files;
  }
}

class EngineerByHand extends Engineer {
  override async forward({ design, names }: Sources): Promise<Files> {
    let codes = await Promise.all(names.map((name) => this.write.invoke({ name, design })));
    const filesOf = (): Files => new Map(names.map((name, index) => [name, codes[index] ?? '']));
    for (let round = 0; round < 3; round++) {
      const all = this.show(filesOf());
      codes = await Promise.all(
        names.map(async (name, index) => {
          const review = await this.review.invoke({ round, name, files: all });
          return await this.revise.invoke({ round, name, code: codes[index] ?? '', review });
        }),
      );
    }
    return filesOf();
  }
}

@structuralJit
class Team extends Operator<string, Files> {
  readonly architect = new Model<{ task: string }, string>('design', words);
  readonly engineer: Operator<Sources, Files>;

  constructor(engineer: Operator<Sources, Files>) {
    super();
    this.engineer = engineer;
  }

  override async forward(task: string): Promise<Files> {
    const design = await this.architect.invoke({ task });
    const names = Array.from({ length: 8 }, (_, index) => `file${index}.ts`);
    return await this.engineer.invoke({ design, names });
  }
}

const input = 'a game of snake';

export const subjects = {
  'B4 software team': {
    create: () => ({ operator: new Team(new CarefulEngineer()), input }),
    byHand: () => ({ operator: new Team(new EngineerByHand()), input }),
  },
};
