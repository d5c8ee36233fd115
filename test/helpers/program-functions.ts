/** Statements of generated programs with a function of their own: helper methods, also recursive, and async callbacks. */
import type { Block, PrintBody } from './program-control.ts';
import type { ProgramWriter } from './program-writer.ts';

const TEXT = { returns: 'text', isAsync: true } as const;

export const FUNCTIONS: Readonly<Record<string, Block>> = {
  'helper method': { parts: 1, print: (writer, body) => printHelper(writer, body, false) },
  'recursive helper': { parts: 1, print: (writer, body) => printHelper(writer, body, true) },
  'async map': { parts: 1, print: printAsyncMap },
  'async closure': { parts: 1, print: printAsyncClosure },
};

/** A method that is given one of everything, and gives a text. */
function printHelper(writer: ProgramWriter, body: PrintBody, isRecursive: boolean): void {
  const helper = writer.draw.name('helper');
  const [text, number, list, doc] = [
    writer.draw.name('text'),
    writer.draw.name('number'),
    writer.draw.name('list'),
    writer.draw.name('doc'),
  ];
  const lines = writer.apart(TEXT, 'site', () => {
    writer.know(doc, 'doc');
    writer.know(list, 'list');
    writer.know(number, 'number');
    writer.know(text, 'text', true);
    body(0);
    if (writer.draw.pick(3) === 2) printCalls(writer, writer.helpers);
    if (isRecursive) {
      const again = (site: string): string =>
        `this.${helper}(${site}, ${text} + "!", ${number}, ${list}, ${doc}, depth - 1)`;
      printRecursion(writer, text, again);
    }
    writer.settlePending();
    writer.line(`return ${writer.text()};`);
  });
  const depth = isRecursive ? ', depth: number' : '';
  const given = `site: string, ${text}: string, ${number}: number, ${list}: string[], ${doc}: Doc${depth}`;
  writer.members.push(
    `async ${helper}(${given}): Promise<string> {`,
    ...lines.map((line) => `  ${line}`),
    '}',
  );
  const call = (): string => {
    const values = [writer.site(), writer.text(), writer.number(), writer.list(), writer.doc()];
    if (isRecursive) values.push(String(1 + writer.draw.pick(2)));
    return `this.${helper}(${values.join(', ')})`;
  };
  writer.assign('text', `await ${call()}`);
  // Only now, so that none is called by those that it calls.
  writer.helpers.push(call);
  printCalls(writer, writer.helpers);
}

/** What a function that calls itself does so by: once, in one of two branches, or in a loop. It ends, for it counts down. */
function printRecursion(writer: ProgramWriter, text: string, again: (site: string) => string): void {
  const isFirst = `${text}.slice(-1) < "i"`;
  switch (writer.draw.pick(4)) {
    case 2:
      writer.draw.tag('recursion in both branches');
      writer.line(`if (depth > 0) { if (${isFirst}) ${text} = await ${again('site + "/a"')};`);
      writer.line(`else ${text} = (await ${again('site + "/b"')}) + ${text}; }`);
      break;
    case 3:
      writer.draw.tag('recursion in a loop');
      writer.line(
        `for (const turn of [1, 2]) { if (depth < 1) break; ${text} += await ${again('site + turn')}; }`,
      );
      break;
    default:
      writer.line(`if (depth > 0) ${text} = await ${again('site + "/"')};`);
  }
}

/** Calls of helpers that are there: at several places, in a loop, in both arms of a branch. */
function printCalls(writer: ProgramWriter, helpers: readonly (() => string)[]): void {
  const helper = helpers[writer.draw.pick(helpers.length)];
  if (helper === undefined) return;
  const assign = (): void => writer.assign('text', `await ${helper()}`);
  switch (writer.draw.pick(6)) {
    case 2:
      writer.draw.tag('helper at several places');
      assign();
      return assign();
    case 3: {
      writer.draw.tag('helper in a loop');
      const turn = writer.draw.name('turn');
      return writer.target('loop', '', turn, () =>
        writer.block(`for (const ${turn} of ["x", "y"]) {`, () => {
          writer.know(turn, 'text');
          assign();
        }),
      );
    }
    case 4:
      writer.draw.tag('helper in both branches');
      writer.block(`if (${writer.text()}.slice(-1) < "i") {`, assign, '} else {');
      return writer.block('  // otherwise', assign);
    case 5:
      writer.draw.tag('helper twice in an expression');
      return writer.assign('text', `(await ${helper()}) + (await ${helper()})`);
    default:
  }
}

function printAsyncMap(writer: ProgramWriter, body: PrintBody): void {
  const ways = writer.avoid.has('race') ? (['all', 'allSettled'] as const) : WAYS;
  const combinator = writer.draw.oneOf(ways);
  const [item, results] = [writer.draw.name('item'), writer.draw.name('results')];
  const head = `const ${results} = await Promise.${combinator}(${writer.list()}.slice(0, 3).map(async (${item}): Promise<string> => {`;
  writer.draw.tag(`async map in Promise.${combinator}`);
  printFunction(writer, { head, tail: '}));', item }, body);
  if (combinator === 'all') writer.know(results, 'list');
  else if (combinator === 'allSettled') {
    writer.assign('list', `${results}.map((one) => one.status === "fulfilled" ? one.value : one.status)`);
  } else writer.know(results, 'text');
}

const WAYS = ['all', 'all', 'allSettled', 'race', 'any'] as const;

/** Called twice, one after the other. */
function printAsyncClosure(writer: ProgramWriter, body: PrintBody): void {
  const [name, item] = [writer.draw.name('visit'), writer.draw.name('item')];
  printFunction(
    writer,
    { head: `const ${name} = async (${item}: string): Promise<string> => {`, tail: '};', item },
    body,
  );
  writer.assign('text', `await ${name}(${writer.text()})`);
  writer.assign('text', `await ${name}(${writer.text()})`);
}

interface Callback {
  readonly head: string;
  readonly tail: string;
  readonly item: string;
}

function printFunction(writer: ProgramWriter, { head, tail, item }: Callback, body: PrintBody): void {
  writer.inside(TEXT, item, () => {
    writer.block(
      head,
      () => {
        writer.know(item, 'text');
        body(0);
        writer.settlePending();
        writer.line(`return ${writer.text()};`);
      },
      tail,
    );
  });
}
