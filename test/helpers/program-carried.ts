/** Statements of generated programs that carry a value from one iteration to the next; outside loops, to what follows. */
import type { ProgramWriter } from './program-writer.ts';

type Print = (writer: ProgramWriter) => void;

export const CARRIED: Readonly<Record<string, Print>> = {
  pushed(writer) {
    const list = writer.draw.name('list');
    writer.carry(list, 'list', `const ${list}: string[] = [];`);
    writer.line(`${list}.push(${textOrCall(writer)});`);
  },
  sum(writer) {
    const sum = writer.draw.name('number');
    writer.carry(sum, 'number', `let ${sum} = 0.1;`);
    writer.line(
      `${sum} += ${writer.draw.pick(2) === 0 ? `await ${writer.call('number')}` : writer.number()};`,
    );
  },
  'joined text'(writer) {
    const text = writer.draw.name('text');
    writer.carry(text, 'text', `let ${text} = "";`);
    writer.line(`${text} += ${textOrCall(writer)};`);
  },
  counter(writer) {
    const count = writer.draw.name('number');
    writer.carry(count, 'number', `let ${count} = 0;`);
    writer.line(`${count}++;`);
  },
  'chained call'(writer) {
    const text = writer.draw.name('text');
    writer.carry(text, 'text', `let ${text} = "first";`);
    writer.line(`${text} = await ${writer.call('text', text)};`);
  },
  'map set'(writer) {
    const map = writer.draw.name('map');
    writer.carry(`[...${map}.keys()]`, 'list', `const ${map} = new Map<string, unknown>();`);
    writer.line(`${map}.set(${writer.text()}, ${writer.value(writer.type())});`);
  },
  'keyed write'(writer) {
    const record = writer.draw.name('record');
    writer.carry(`Object.keys(${record})`, 'list', `const ${record}: Record<string, unknown> = {};`);
    writer.line(`${record}[${writer.text()}] = ${textOrCall(writer)};`);
  },
  'first match'(writer) {
    const found = writer.draw.name('found');
    writer.carry(`(${found} ?? "none")`, 'text', `let ${found}: string | undefined;`);
    writer.line(`if (${found} === undefined && ${writer.condition()}) ${found} = ${writer.text()};`);
  },
  maximum(writer) {
    const [best, most] = [writer.draw.name('text'), writer.draw.name('number')];
    writer.carry(best, 'text', `let ${best} = "none";`);
    writer.carry(most, 'number', `let ${most} = -1;`);
    const score = writer.draw.name('score');
    writer.line(`const ${score} = await ${writer.call('number')};`);
    writer.line(`if (${score} > ${most}) { ${most} = ${score}; ${best} = ${writer.text()}; }`);
  },
  memo(writer) {
    const [map, hit, key] = [writer.draw.name('memo'), writer.draw.name('text'), writer.draw.name('key')];
    writer.carry(`[...${map}.values()]`, 'list', `const ${map} = new Map<string, string>();`);
    writer.line(`const ${key} = ${writer.text()};`);
    writer.line(`let ${hit} = ${map}.get(${key});`);
    writer.block(`if (${hit} === undefined) {`, () => {
      writer.line(`${hit} = await ${writer.call('text', key)};`);
      writer.line(`${map}.set(${key}, ${hit});`);
    });
    writer.know(hit, 'text');
  },
  'entries needed'(writer) {
    const [map, given, need] = [writer.draw.name('map'), writer.draw.name('list'), writer.draw.name('need')];
    const key = writer.draw.name('key');
    writer.carry(`[...${map}.values()]`, 'list', `const ${map} = new Map<string, string>();`);
    writer.line(`const ${key} = ${writer.text()};`);
    writer.line(`const ${given}: string[] = [];`);
    writer.line(
      `for (const ${need} of [${writer.text()}, ${key}]) ${given}.push(${map}.get(${need}) ?? "none");`,
    );
    writer.line(`${map}.set(${key}, await ${writer.call('text', `${given}.join()`)});`);
  },
  'promise kept'(writer) {
    const promises = writer.draw.name('promises');
    writer.carry(promises, undefined, `const ${promises}: Promise<string>[] = [];`);
    writer.line(`${promises}.push(${writer.background(() => writer.call('text'))});`);
    if (writer.draw.pick(2) === 1) writer.assign('text', `(await Promise.all(${promises})).join()`);
  },
};

function textOrCall(writer: ProgramWriter): string {
  return writer.draw.pick(2) === 0 ? `await ${writer.call('text')}` : writer.text();
}
