/** What `explain` says of each call of compiled code: what it waits for, through which code, with every place. */
import { describe, expect, it } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { explain } from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';

const source = `import { Operator, structuralJit } from 'xcs';
class Model extends Operator<unknown, string> {
  static override readonly effect = 'unordered';
  async forward(text: unknown) { return String(text); }
}
class Store extends Operator<string, string> {
  static override readonly effect = { writes: 'db' };
  async forward(text: string) { return text; }
}
@structuralJit
export class Talk extends Operator<string, string> {
  readonly ask = new Model();
  readonly save = new Store();
  async forward(topic: string) {
    const said = [topic];
    const first = await this.ask.invoke(topic);
    said.push(first);
    const second = await this.ask.invoke([...said]);
    await this.save.invoke(second);
    const third = await this.ask.invoke(topic);
    await this.save.invoke(third);
    return second;
  }
}
@structuralJit
export class Refine extends Operator<string, string> {
  readonly draft = new Model();
  readonly check = new Model();
  async forward(question: string) {
    let text = question;
    for (let round = 0; round < 3; round++) {
      text = await this.draft.invoke(text);
    }
    for (const part of text.split(' ')) {
      try {
        await this.check.invoke(part);
      } catch {
        await this.draft.invoke(part);
      }
    }
    return text;
  }
}
@structuralJit
export class Debate extends Operator<string, string> {
  readonly claim = new Model();
  readonly reply = new Model();
  async forward(topic: string) {
    let text = topic;
    for (let round = 0; round < 3; round++) {
      const claim = await this.claim.invoke(text);
      text = await this.reply.invoke(text + claim);
    }
    return text;
  }
}`;
const exported = compileModule(source).load({ modules: { xcs } });

const callsOf = (name: string): readonly string[] => {
  const text = explain(exported[name]);
  return text.slice(text.indexOf('\ncalls\n'), text.indexOf('\nsteps\n')).trim().split('\n').slice(1);
};

describe('of each call it tells what it waits for and why, with both places', () => {
  it('through the code between the calls', () => {
    expect(callsOf('Talk')).toEqual([
      '  16:19 (first = await this.ask.invoke(topic))',
      '       waits for nothing',
      '  18:20 (second = await this.ask.invoke([...said]))',
      '       waits for 16:19 (first = await this.ask.invoke(topic)): ' +
        'reads `[topic]`, which the other may change, of 17:5 (said.push(first)), which needs `first`',
      '  19:5 (await this.save.invoke(second))',
      '       waits for 18:20 (second = await this.ask.invoke([...said])): needs `second`; must not happen if the other fails',
      '  20:19 (third = await this.ask.invoke(topic))',
      '       waits for nothing',
      '  21:5 (await this.save.invoke(third))',
      '       waits for 19:5 (await this.save.invoke(second)): has effects, as the other has, and effects keep their order',
      '       waits for 20:19 (third = await this.ask.invoke(topic)): needs `third`; must not happen if the other fails',
    ]);
  });

  it('between the iterations of a loop, and in the parts of a `try`', () => {
    expect(callsOf('Refine')).toEqual([
      '  31:5 (for (let round = 0; round < 3; round++)), iterations in order',
      '    32:14 (text = await this.draft.invoke(text))',
      '         waits for 32:14 (text = await this.draft.invoke(text)) of the iteration before: needs `text`',
      "  34:5 (for (const part of text.split(' '))), iterations overlap",
      '       waits for 31:5 (for (let round = 0; round < 3; round++)): needs its result, ' +
        "of 34:24 (text.split(' ')), which needs `text`",
      '    35:7 (try)',
      '      36:9 (await this.check.invoke(part))',
      '           waits for nothing',
      '      38:9 (await this.draft.invoke(part))',
      '           runs only if the `try` around it fails',
    ]);
    expect(explain(exported['Refine'])).toContain(
      '  loops: the iterations of 1 of 2 overlap; in order: 31:5\n',
    );
  });

  it('but not what follows from other waits', () => {
    // That a reply needs the one before follows: its claim has waited for that.
    expect(callsOf('Debate')).toEqual([
      '  50:5 (for (let round = 0; round < 3; round++)), iterations in order',
      '    51:21 (claim = await this.claim.invoke(text))',
      '         waits for 52:14 (text = await this.reply.invoke(text + claim)) of the iteration before: needs `text`',
      '    52:14 (text = await this.reply.invoke(text + claim))',
      '         waits for 51:21 (claim = await this.claim.invoke(text)): needs `claim`',
    ]);
  });
});
