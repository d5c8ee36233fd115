/** Statements of generated programs that stay in one region: one function per kind. */
import type { ProgramWriter } from './program-writer.ts';

type Print = (writer: ProgramWriter) => void;

export const SIMPLE: Readonly<Record<string, Print>> = {
  call: printCall,
  'ignored result'(writer) {
    writer.line(`await ${writer.call(writer.type())};`);
  },
  'nested call'(writer) {
    const inner = `await ${writer.call('text')}`;
    writer.assign('text', `await ${writer.call('text', inner)}`);
  },
  template(writer) {
    const [first, second] = [writer.call('text'), writer.call('number')];
    writer.assign('text', `\`\${await ${first}}-\${${writer.text()}}-\${await ${second}}\``);
  },
  arithmetic(writer) {
    writer.assign(
      'number',
      `(await ${writer.call('number')}) + ${writer.number()} * (await ${writer.call('number')})`,
    );
  },
  spread(writer) {
    const list = writer.draw.pick(2) === 0;
    if (list) writer.assign('list', `[...(await ${writer.call('list')}), ${writer.text()}]`);
    else writer.assign('doc', `{ ...${writer.doc()}, text: await ${writer.call('text')} }`);
  },
  destructuring(writer) {
    const [call, text, tag, n] = [
      writer.call('doc'),
      writer.draw.name('text'),
      writer.draw.name('text'),
      writer.draw.name('number'),
    ];
    writer.line(`const { text: ${text}, tags: [${tag} = "none"], n: ${n} = 7 } = await ${call};`);
    writer.know(text, 'text');
    writer.know(tag, 'text');
    writer.know(n, 'number');
  },
  'array destructuring'(writer) {
    const [call, head, rest] = [writer.call('list'), writer.draw.name('text'), writer.draw.name('list')];
    writer.line(`const [${head} = "none", ...${rest}] = await ${call};`);
    writer.know(head, 'text');
    writer.know(rest, 'list');
  },
  'optional chaining'(writer) {
    const maybe = writer.names.includes('input.doc') ? 'input.maybe' : `[${writer.doc()}].at(1)`;
    writer.assign('text', `${maybe}?.text ?? ${writer.list()}[1]?.slice(0, 3) ?? ${writer.text()}`);
  },
  ternary(writer) {
    const type = writer.draw.oneOf(['text', 'list', 'doc']);
    writer.assign(type, `${writer.number()} > 2 ? ${writer.value(type)} : ${writer.value(type)}`);
  },
  computation(writer) {
    switch (writer.draw.pick(5)) {
      case 0:
        return writer.assign('text', `${writer.text()} + ${writer.text()}.toUpperCase()`);
      case 1:
        return writer.assign('number', `${writer.number()} * 0.1 + ${writer.number()}`);
      case 2:
        return writer.assign('list', `${writer.list()}.map((one) => one + ${writer.text()})`);
      case 3:
        return writer.assign('list', `${writer.list()}.filter((one) => one.length > ${writer.number()})`);
      default:
        return writer.assign('list', `Object.keys(${writer.doc()})`);
    }
  },
  alias(writer) {
    const type = writer.draw.oneOf(['list', 'doc']);
    writer.assign(type, writer.variable(type) ?? writer.value(type));
  },
  container(writer) {
    const [name, list, doc] = [writer.draw.name('box'), writer.list(), writer.doc()];
    writer.line(`const ${name} = { list: ${list}, docs: [${doc}] as [Doc] };`);
    writer.know(`${name}.list`, 'list');
    writer.know(`${name}.docs[0]`, 'doc');
  },
  mutation(writer) {
    const [list, doc] = [writer.variable('list'), writer.variable('doc')];
    writer.line(
      writer.draw.oneOf([
        `${list}.push(${writer.text()});`,
        `${doc}.tags.push(${writer.text()});`,
        `${doc}.text = ${writer.text()};`,
        `${doc}.n += ${writer.number()};`,
        `${list}.sort();`,
        `${list}.length = 1;`,
        `${doc}.tags = ${list};`,
        `${list}[0] = ${writer.text()};`,
      ]),
    );
  },
  'mutation with a call'(writer) {
    const [list, doc] = [writer.variable('list'), writer.variable('doc')];
    if (writer.draw.pick(2) === 0) writer.line(`${list}.push(await ${writer.call('text')});`);
    else writer.line(`${doc}.text = await ${writer.call('text')};`);
  },
  log(writer) {
    writer.line(`console.log("${writer.draw.name('line')}", ${writer.value(writer.type())});`);
  },
  'own log'(writer) {
    writer.line(`this.log.push(${writer.text()});`);
  },
  'own field'(writer) {
    if (writer.draw.pick(3) === 0) writer.assign('number', 'this.count');
    else writer.line(`this.count += ${writer.number()};`);
  },
  'shared object'(writer) {
    if (writer.draw.pick(3) === 0) writer.assign('text', 'this.board.notes.join(" ")');
    else writer.line(`this.board.notes.push(${writer.text()});`);
  },
  setter(writer) {
    const tuned = writer.pool.special('Tuned');
    writer.line(
      writer.draw.pick(2) === 0
        ? `${tuned}.instruction = ${writer.text()};`
        : `${tuned}.tune(${writer.text()});`,
    );
  },
  'local operator'(writer) {
    const name = writer.draw.name('local');
    const kind = writer.draw.oneOf(['Ask', 'WriteA', 'ReadA']);
    writer.line(`const ${name} = new lab.${kind}("${name}", "text");`);
    writer.assign('text', `await ${name}.invoke(${writer.question()})`);
  },
  closure(writer) {
    const [name, list] = [writer.draw.name('add'), writer.variable('list')];
    writer.line(
      `const ${name} = (one: string): string => { ${list}.push(one); return one + ${writer.text()}; };`,
    );
    writer.assign('text', `${name}(${writer.text()})`);
    writer.assign('text', `await ${writer.call('text', `${name}(${writer.text()})`)}`);
  },
  'Promise.all': printAll,
  'Promise.all over map'(writer) {
    const operator = writer.background(() => writer.operator('text'));
    const input = writer.inside(writer.around, 'one', () => writer.question('one'));
    writer.assign('list', `await Promise.all(${writer.list()}.map((one) => ${operator}.invoke(${input})))`);
  },
  'Promise.allSettled'(writer) {
    const calls = writer.background(() => [writer.call('text'), writer.call('text')]);
    const name = writer.draw.name('settled');
    writer.line(`const ${name} = await Promise.allSettled([${calls.join(', ')}]);`);
    writer.assign('list', `${name}.map((one) => one.status === "fulfilled" ? one.value : one.status)`);
  },
  'Promise.race'(writer) {
    if (writer.avoid.has('race')) return printAll(writer);
    const combinator = writer.draw.oneOf(['race', 'any']);
    const calls = writer.background(() => [writer.call('text'), writer.call('text')]);
    writer.assign('text', `await Promise.${combinator}([${calls.join(', ')}])`);
  },
  'promise in a combinator'(writer) {
    const [name, first, second] = [
      writer.draw.name('promise'),
      writer.draw.name('text'),
      writer.draw.name('text'),
    ];
    const calls = writer.background(() => [writer.call('text'), writer.call('text')]);
    writer.line(`const ${name} = ${calls[0]};`);
    writer.line(`const [${first}, ${second}] = await Promise.all([${name}, ${calls[1]}]);`);
    writer.know(first, 'text');
    writer.know(second, 'text');
  },
  'forgotten promise'(writer) {
    const way = writer.background(() => writer.call('text'));
    writer.line(`void ${way};`);
  },
  'await of a value'(writer) {
    writer.assign('number', `await ${writer.number()}`);
  },
  'compound assignment'(writer) {
    const text = writer.variable('text', true);
    const doc = writer.variable('doc');
    if (text !== undefined && writer.draw.pick(2) === 0)
      writer.line(`${text} += await ${writer.call('text')};`);
    else writer.line(`${doc}.n += await ${writer.call('number')};`);
  },
  'order of evaluation'(writer) {
    const [list, call] = [writer.variable('list'), writer.call('text')];
    writer.assign('list', `[${list}.length + "", await ${call}, ${list}.pop() ?? "none", ${writer.text()}]`);
  },
  'computation that may throw'(writer) {
    writer.assign('number', `${writer.list()}[${writer.number()}]!.length`);
  },
  pause(writer) {
    writer.line(`await pause(${1 + writer.draw.pick(20)});`);
  },
  getter(writer) {
    writer.assign('number', 'this.next');
  },
  'own method'(writer) {
    writer.assign('text', `this.note(${writer.text()}, ${writer.list()})`);
  },
  'own async method'(writer) {
    writer.assign('text', `await this.consult(${writer.question()})`);
  },
  'operator made by a method'(writer) {
    writer.assign('text', `await this.make().invoke(${writer.question()})`);
  },
  'operator behind a variable'(writer) {
    const name = writer.draw.name('behind');
    writer.line(`const ${name} = ${writer.operator('text')};`);
    writer.assign('text', `await ${name}.invoke(${writer.question()})`);
  },
  'closure over a let'(writer) {
    const [name, held] = [writer.draw.name('read'), writer.draw.name('held')];
    writer.line(`let ${held} = ${writer.text()};`);
    writer.line(`const ${name} = () => ${held} + "!";`);
    writer.line(`${held} = await ${writer.call('text')};`);
    writer.assign('text', `await ${writer.call('text', `${name}()`)}`);
    writer.know(held, 'text', true);
  },
  collection(writer) {
    const [map, set] = [writer.draw.name('map'), writer.draw.name('set')];
    writer.line(`const ${map} = new Map([[${writer.text()}, ${writer.list()}]]);`);
    writer.line(`${map}.set(await ${writer.call('text')}, ${writer.list()});`);
    writer.line(`const ${set} = new Set([...${map}.keys()]);`);
    writer.assign('list', `[...${set}, ...${map}.values()].flat()`);
  },
  'promise awaited later'(writer) {
    const type = writer.type();
    const name = writer.draw.name('promise');
    writer.line(`const ${name} = ${writer.background(() => writer.call(type))};`);
    writer.promise(type, name);
  },
  'late await'(writer) {
    if (!writer.settleOne()) printCall(writer);
  },
};

export function printCall(writer: ProgramWriter): void {
  const type = writer.type();
  writer.assign(type, `await ${writer.call(type)}`);
}

export function printAll(writer: ProgramWriter): void {
  const calls = writer.background(() => [writer.call('text'), writer.call('doc')]);
  const [first, second] = [writer.draw.name('text'), writer.draw.name('doc')];
  writer.line(`const [${first}, ${second}] = await Promise.all([${calls.join(', ')}]);`);
  writer.know(first, 'text');
  writer.know(second, 'doc');
}
