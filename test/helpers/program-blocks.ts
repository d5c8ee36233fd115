/** Statements of generated programs that hold others: branches, loops, early exits and handlers, nested to any depth. */
import type { Print, Statement } from './program-statements.ts';
import type { ProgramWriter } from './program-writer.ts';

export function blocksOf(printStatement: Print): Readonly<Record<string, Print>> {
  const print = (writer: ProgramWriter, statements: readonly Statement[]): void => {
    for (const statement of statements) printStatement(writer, statement);
  };
  /** The body in two halves. */
  const halves = ({ body }: Statement): readonly [readonly Statement[], readonly Statement[]] => [
    body.slice(0, Math.ceil(body.length / 2)),
    body.slice(Math.ceil(body.length / 2)),
  ];
  return {
    if(writer, { body }) {
      writer.block(`if (${writer.condition()}) {`, () => print(writer, body));
    },
    'if else'(writer, statement) {
      const [first, second] = halves(statement);
      writer.block(`if (${writer.condition()}) {`, () => print(writer, first), '} else {');
      writer.block('  // otherwise', () => print(writer, second));
    },
    'if assigns'(writer, { body }) {
      const name = writer.draw.name('chosen');
      writer.line(`let ${name}: string = ${writer.text()};`);
      writer.block(
        `if (${writer.condition()}) {`,
        () => {
          print(writer, body);
          writer.line(`${name} = await ${writer.call('text')};`);
        },
        '} else {',
      );
      writer.block('  // otherwise', () => writer.line(`${name} += ${writer.text()};`));
      writer.know(name, 'text', true);
    },
    'for of'(writer, { body }) {
      const item = writer.draw.name('item');
      writer.loop(`for (const ${item} of ${writer.items()}) {`, () => {
        writer.know(item, 'text');
        print(writer, body);
      });
    },
    'for of push'(writer, { body }) {
      const [item, list] = [writer.draw.name('item'), writer.draw.name('list')];
      writer.line(`const ${list}: string[] = [];`);
      writer.loop(`for (const ${item} of ${writer.items()}) {`, () => {
        writer.know(item, 'text');
        print(writer, body);
        writer.line(`${list}.push(await ${writer.call('text', item)});`);
      });
      writer.know(list, 'list');
    },
    'for of entries'(writer, { body }) {
      const [index, item, map] = [
        writer.draw.name('number'),
        writer.draw.name('text'),
        writer.draw.name('map'),
      ];
      writer.line(`const ${map} = new Map<string, string>();`);
      writer.loop(`for (const [${index}, ${item}] of ${writer.items()}.entries()) {`, () => {
        writer.know(index, 'number');
        writer.know(item, 'text');
        print(writer, body);
        writer.line(`${map}.set(${item}, await ${writer.call('text', item)});`);
      });
      const list = writer.draw.name('list');
      writer.line(`const ${list} = [...${map}.values()];`);
      writer.know(list, 'list');
    },
    'for index'(writer, { body }) {
      const index = writer.draw.name('number');
      writer.loop(`for (let ${index} = 0; ${index} < 3; ${index}++) {`, () => {
        writer.know(index, 'number');
        print(writer, body);
      });
    },
    while(writer, { body }) {
      const count = writer.draw.name('turn');
      writer.line(`let ${count} = 0;`);
      writer.loop(`while (${count}++ < 2) {`, () => print(writer, body));
    },
    'do while'(writer, { body }) {
      const [count, done] = [writer.draw.name('turn'), writer.draw.name('done')];
      writer.line(`let ${count} = 0;`);
      writer.line(`let ${done} = false;`);
      writer.loop(
        'do {',
        () => {
          writer.line(`${count}++;`);
          print(writer, body);
          writer.line(`${done} = (await ${writer.call('text')}).length % 2 === 0;`);
        },
        `} while (!${done} && ${count} < 3);`,
      );
    },
    'loop carries'(writer, { body }) {
      const [item, total] = [writer.draw.name('item'), writer.draw.name('text')];
      writer.line(`let ${total}: string = ${writer.text()};`);
      writer.loop(`for (const ${item} of ${writer.items()}) {`, () => {
        writer.know(item, 'text');
        print(writer, body);
        const code = writer.draw.oneOf([
          `${total} += await ${writer.call('text', item)};`,
          `${total} = await ${writer.call('text', total)};`,
          `if (${total}.length < 3) ${total} = await ${writer.call('text', item)};`,
          `const found = await ${writer.call('text', item)}; if (found.length > ${total}.length) ${total} = found;`,
        ]);
        writer.line(code);
      });
      writer.know(total, 'text', true);
    },
    'nested loops'(writer, { body }) {
      const [outer, inner, label] = [
        writer.draw.name('item'),
        writer.draw.name('item'),
        writer.draw.name('outer'),
      ];
      writer.loop(`${label}: for (const ${outer} of ${writer.items()}) {`, () => {
        writer.know(outer, 'text');
        writer.loop(`for (const ${inner} of ["p", "q"]) {`, () => {
          writer.know(inner, 'text');
          print(writer, body);
          if (writer.draw.pick(2) === 0)
            writer.line(`if (${writer.condition()}) ${writer.draw.oneOf(['continue', 'break'])} ${label};`);
          writer.line(`await ${writer.call('text', `${outer} + ${inner}`)};`);
        });
        writer.line(`console.log("${writer.draw.name('outer')}");`);
      });
    },
    jump(writer) {
      if (writer.isInLoop)
        writer.line(`if (${writer.condition()}) ${writer.draw.oneOf(['continue', 'break'])};`);
      else writer.line(`if (${writer.condition()}) return ${writer.text()};`);
    },
    memo(writer, { body }) {
      const [item, memo] = [writer.draw.name('item'), writer.draw.name('memo')];
      writer.line(`const ${memo} = new Map<string, string>();`);
      writer.loop(`for (const ${item} of [...${writer.items()}, "a", "a"]) {`, () => {
        writer.know(item, 'text');
        print(writer, body);
        writer.line(`let hit = ${memo}.get(${item});`);
        writer.line(
          `if (hit === undefined) { hit = await ${writer.call('text', item)}; ${memo}.set(${item}, hit); }`,
        );
        writer.line('console.log(hit);');
      });
    },
    visited(writer, { body }) {
      const [item, visited] = [writer.draw.name('item'), writer.draw.name('visited')];
      writer.line(`const ${visited} = new Set<string>();`);
      writer.loop(`for (const ${item} of [...${writer.items()}, "b"]) {`, () => {
        writer.line(`if (${visited}.has(${item})) continue;`);
        writer.line(`${visited}.add(${item});`);
        writer.know(item, 'text');
        print(writer, body);
        writer.line(`await ${writer.call('text', item)};`);
      });
    },
    'try catch'(writer, { body }) {
      const name = writer.draw.name('error');
      writer.block('try {', () => print(writer, body), `} catch (${name}) {`);
      writer.block(`  console.log("caught", String(${name}));`, () => undefined);
    },
    'try fallback'(writer, { body }) {
      const name = writer.draw.name('list');
      writer.line(`let ${name}: string[] = [];`);
      writer.block(
        'try {',
        () => {
          print(writer, body);
          writer.line(`${name} = await ${writer.call('list')};`);
          if (writer.draw.pick(2) === 0) writer.line(`await ${writer.call('text')};`);
        },
        '} catch {',
      );
      writer.block('  // otherwise', () =>
        writer.line(
          writer.draw.oneOf([
            `${name} = ["none", ...${name}];`,
            `${name} = await ${writer.call('list')};`,
            `console.log(${name});`,
          ]),
        ),
      );
      writer.know(name, 'list', true);
    },
    'try pushes'(writer, { body }) {
      const name = writer.draw.name('list');
      writer.line(`const ${name}: string[] = [];`);
      writer.block(
        'try {',
        () => {
          writer.line(`${name}.push(await ${writer.call('text')});`);
          print(writer, body);
          writer.line(`${name}.push(${writer.text()});`);
        },
        '} catch (error) {',
      );
      writer.block(`  ${name}.push(String(error));`, () => undefined);
      writer.know(name, 'list');
    },
    'try returns'(writer, { body }) {
      writer.block(
        'try {',
        () => {
          print(writer, body);
          writer.line(`if (${writer.condition()}) return ${writer.text()};`);
          writer.line(`await ${writer.call('text')};`);
        },
        '} catch (error) {',
      );
      writer.block('  // otherwise', () =>
        writer.line(
          writer.draw.oneOf([
            'throw error;',
            `return ${writer.text()};`,
            `if (${writer.condition()}) throw error;`,
            'throw new Error("other", { cause: error });',
          ]),
        ),
      );
    },
    'try finally'(writer, { body }) {
      writer.block('try {', () => print(writer, body), '} finally {');
      writer.block(`  console.log("${writer.draw.name('finally')}");`, () => {
        if (writer.draw.pick(2) === 0) writer.line(`await ${writer.call('text')};`);
      });
    },
    'early return'(writer) {
      writer.line(`if (${writer.text()}.length % 3 === 0) return ${writer.text()};`);
    },
    'conditional throw'(writer) {
      writer.line(`if (${writer.text()}.length % 5 === 0) throw new Error("${writer.draw.name('stop')}");`);
    },
    pause(writer) {
      writer.line(`await pause(${1 + writer.draw.pick(20)});`);
    },
    'ternary await'(writer) {
      writer.assign('text', `${writer.number()} > 2 ? await ${writer.call('text')} : ${writer.text()}`);
    },
    'short circuit'(writer) {
      const operator = writer.draw.oneOf(['&&', '||', '??']);
      const first = writer.draw.pick(2) === 0 ? writer.text() : `(await ${writer.call('text')})`;
      writer.assign('text', `(${first} ${operator} (await ${writer.call('text')})) + ""`);
    },
  };
}
