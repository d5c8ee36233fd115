/** Statements of generated programs with others inside: branches, loops, handlers, blocks. All end, whatever calls answer. */
import type { ProgramWriter } from './program-writer.ts';

/** Prints the statements of the body with this number, in a scope that is there already. */
export type PrintBody = (part: number) => void;

export interface Block {
  /** How many bodies it may have. */
  readonly parts: number;
  readonly print: (writer: ProgramWriter, body: PrintBody) => void;
}

export const BLOCKS: Readonly<Record<string, Block>> = {
  if: { parts: 3, print: printIf },
  switch: { parts: 3, print: printSwitch },
  'for of': { parts: 1, print: printForOf },
  'for of entries': { parts: 1, print: printEntries },
  'for of a map': { parts: 1, print: printCollection },
  'for of a generator': { parts: 1, print: printGenerator },
  for: { parts: 1, print: printFor },
  'for in': { parts: 1, print: printForIn },
  while: { parts: 1, print: printWhile },
  'do while': { parts: 1, print: printDoWhile },
  try: { parts: 3, print: printTry },
  block: { parts: 1, print: printBlock },
};

function printIf(writer: ProgramWriter, body: PrintBody): void {
  const [hasElse, hasElseIf] = [writer.draw.pick(2) === 1, writer.draw.pick(3) === 2];
  const [first, second] = [writer.condition(), hasElseIf ? writer.condition() : ''];
  if (!hasElse && !hasElseIf) return writer.block(`if (${first}) {`, () => body(0));
  writer.block(`if (${first}) {`, () => body(0), hasElseIf ? `} else if (${second}) {` : '} else {');
  writer.draw.tag(hasElseIf ? 'else if' : 'else');
  if (!hasElseIf) return writer.block('  // otherwise', () => body(1));
  writer.block('  // or', () => body(1), hasElse ? '} else {' : '}');
  if (hasElse) writer.block('  // otherwise', () => body(2));
}

function printSwitch(writer: ProgramWriter, body: PrintBody): void {
  const isNumber = writer.draw.pick(2) === 0;
  const subject = isNumber ? `${writer.list()}.length % 3` : `${writer.text()}.slice(-1) < "i"`;
  const cases = isNumber ? ['case 1', 'case 2', 'default'] : ['case true', 'default', 'case false'];
  const falls = [writer.draw.pick(3) === 1, writer.draw.pick(3) === 1, true];
  const turn = writer.draw.pick(3);
  writer.target('switch', '', undefined, () => {
    writer.block(`switch (${subject}) {`, () => {
      for (const part of [0, 1, 2]) {
        writer.block(`${cases[(part + turn) % 3]}: {`, () => {
          body(part);
          if (falls[part] !== true) writer.line('break;');
          else if (part < 2) writer.draw.tag('fall-through');
        });
      }
    });
  });
  if (cases[(2 + turn) % 3] !== 'default') writer.draw.tag('default before other cases');
}

/** A loop with a label at times, for statements inside to leave it by. */
function printLoop(
  writer: ProgramWriter,
  path: string,
  { head, tail = '}' }: { readonly head: string; readonly tail?: string },
  body: () => void,
): void {
  const label = writer.draw.pick(4) === 3 ? writer.draw.name('loop') : '';
  if (label !== '') writer.draw.tag('label');
  if (writer.targets.some((one) => one.kind === 'loop')) writer.draw.tag('nested loops');
  const start = label === '' ? head : `${label}: ${head}`;
  writer.target('loop', label, path, () => writer.block(start, body, tail));
}

function printForOf(writer: ProgramWriter, body: PrintBody): void {
  const item = writer.draw.name('item');
  const list = writer.draw.oneOf(['slice', 'slice', 'literal', 'list', 'set']);
  const source = {
    slice: () => `${writer.list()}.slice(0, 3)`,
    literal: () => `[${writer.text()}, "second", ${writer.text()}]`,
    list: () => writer.list(),
    set: () => `new Set(${writer.list()}.slice(0, 4))`,
  }[list]();
  const head = `for (const ${item} of ${source}) {`;
  if (list !== 'list') {
    return printLoop(writer, item, { head }, () => {
      writer.know(item, 'text');
      body(0);
    });
  }
  // The list may grow while it is gone through.
  writer.draw.tag('iterates what may change');
  const turn = writer.draw.name('turn');
  writer.line(`let ${turn} = 0;`);
  printLoop(writer, turn, { head }, () => {
    writer.know(item, 'text');
    writer.line(`if (${turn}++ > 3) break;`);
    body(0);
  });
}

function printEntries(writer: ProgramWriter, body: PrintBody): void {
  const [i, item] = [writer.draw.name('i'), writer.draw.name('item')];
  const head = `for (const [${i}, ${item}] of ${writer.list()}.slice(0, 3).entries()) {`;
  printLoop(writer, i, { head }, () => {
    writer.know(i, 'number');
    writer.know(item, 'text');
    body(0);
  });
}

function printCollection(writer: ProgramWriter, body: PrintBody): void {
  const [key, item] = [writer.draw.name('key'), writer.draw.name('doc')];
  const map = `new Map([["k1", ${writer.doc()}], [${writer.text()}, ${writer.doc()}]])`;
  printLoop(writer, key, { head: `for (const [${key}, ${item}] of ${map}) {` }, () => {
    writer.know(key, 'text');
    writer.know(item, 'doc');
    body(0);
  });
}

function printGenerator(writer: ProgramWriter, body: PrintBody): void {
  const item = writer.draw.name('item');
  const head = `for (const ${item} of this.each(${writer.list()}.slice(0, 3))) {`;
  printLoop(writer, item, { head }, () => {
    writer.know(item, 'text');
    body(0);
  });
}

function printFor(writer: ProgramWriter, body: PrintBody): void {
  const i = writer.draw.name('i');
  const isCaptured = writer.draw.pick(4) === 3;
  const list = isCaptured ? writer.draw.name('readers') : '';
  if (isCaptured) writer.line(`const ${list}: (() => number)[] = [];`);
  printLoop(writer, i, { head: `for (let ${i} = 0; ${i} < ${2 + writer.draw.pick(2)}; ${i}++) {` }, () => {
    writer.know(i, 'number');
    if (isCaptured) writer.line(`${list}.push(() => ${i});`);
    body(0);
  });
  if (!isCaptured) return;
  writer.draw.tag('closure per iteration');
  writer.assign('list', `${list}.map((one) => String(one()))`);
}

function printForIn(writer: ProgramWriter, body: PrintBody): void {
  const key = writer.draw.name('key');
  printLoop(writer, key, { head: `for (const ${key} in ${writer.doc()}) {` }, () => {
    writer.know(key, 'text');
    body(0);
  });
}

/** At most three turns, and fewer if what it waits for comes. */
function printWhile(writer: ProgramWriter, body: PrintBody): void {
  const turn = writer.draw.name('turn');
  writer.line(`let ${turn} = 0;`);
  const more = writer.draw.pick(2) === 1 ? ` && ${writer.condition()}` : '';
  printLoop(writer, turn, { head: `while (${turn}++ < ${2 + writer.draw.pick(2)}${more}) {` }, () => {
    writer.know(turn, 'number');
    body(0);
  });
}

function printDoWhile(writer: ProgramWriter, body: PrintBody): void {
  const turn = writer.draw.name('turn');
  writer.line(`let ${turn} = 0;`);
  const more = writer.draw.pick(2) === 1 ? ` && ${writer.condition()}` : '';
  printLoop(writer, turn, { head: 'do {', tail: `} while (++${turn} < 3${more});` }, () => {
    writer.know(turn, 'number');
    body(0);
  });
}

const TRY_WAYS = {
  catch: 'catch',
  finally: 'finally',
  both: 'catch and finally',
  rethrow: 'rethrow',
  bare: 'catch without binding',
} as const;

/** With `catch`, `finally` or both, and a variable by which the handlers see how far it came. */
function printTry(writer: ProgramWriter, body: PrintBody): void {
  const way = writer.draw.oneOf(['catch', 'catch', 'finally', 'both', 'rethrow', 'bare']);
  const stage = writer.draw.name('stage');
  writer.line(`let ${stage}: string = "start";`);
  writer.know(stage, 'text', true);
  const error = writer.draw.name('error');
  const head = { catch: `catch (${error})`, finally: 'finally', both: `catch (${error})` } as const;
  const next = way === 'rethrow' ? head.catch : way === 'bare' ? 'catch' : head[way];
  writer.block(
    'try {',
    () => {
      body(0);
      const value = writer.draw.oneOf(['', writer.text(), `await ${writer.call('text')}`, 'halfway']);
      if (value === 'halfway') failHalfway(writer, stage);
      else if (value !== '') writer.line(`${stage} = ${value};`);
      if (writer.draw.pick(3) === 2) writer.line(`await ${writer.call('text')};`);
    },
    `} ${next} {`,
  );
  writer.draw.tag(`try with ${TRY_WAYS[way]}`);
  const wasHandler = writer.isHandler;
  writer.isHandler = true;
  writer.block(
    way === 'finally' ? '  // in any case' : '  // on failure',
    () => {
      if (way !== 'finally' && way !== 'bare') {
        writer.line(`console.log("caught", String(${error}), ${stage});`);
        writer.know(`String(${error})`, 'text');
      }
      body(1);
      if (way !== 'finally' && writer.draw.pick(2) === 1) writer.line(`${stage} += ${writer.text()};`);
      if (way !== 'rethrow') return;
      const thrown = writer.draw.oneOf([error, `new Error("other", { cause: ${error} })`]);
      writer.line(`if (${writer.text()}.slice(-1) < "i") throw ${thrown};`);
    },
    way === 'both' ? '} finally {' : '}',
  );
  if (way === 'both') writer.block('  // in any case', () => body(2));
  writer.isHandler = wasHandler;
}

/** One statement that assigns before it may fail. */
function failHalfway(writer: ProgramWriter, stage: string): void {
  writer.draw.tag('fails halfway');
  const failure = (name: string): string => `throw new Error("${writer.draw.name(name)}")`;
  // The body does not branch here: it calls what fails.
  const failing = `[${writer.text()}].map((one) => { if (one < "s") ${failure('fault')}; return one; }).join()`;
  const leaving = failure(writer.around.returns === 'any' ? 'stop' : 'fault');
  const way = writer.draw.oneOf(['branch', 'argument', 'pattern']);
  if (way === 'branch')
    writer.line(
      `if (${writer.condition()}) { ${stage} = ${writer.text()}; if (${writer.condition()}) ${leaving}; }`,
    );
  else if (way === 'argument') writer.line(`console.log((${stage} = ${writer.text()}), ${failing});`);
  else writer.line(`[${stage}, ${stage} = ${failing}] = [await ${writer.call('text')}];`);
}

/** A name of its own, and one that hides an outer one. */
function printBlock(writer: ProgramWriter, body: PrintBody): void {
  const shadowed = writer.draw.name('shadowed');
  writer.line(`const ${shadowed} = ${writer.text()};`);
  writer.block('{', () => {
    writer.line(`const ${shadowed} = "inner";`);
    body(0);
    writer.line(`console.log("block", ${shadowed});`);
  });
  writer.know(shadowed, 'text');
}
