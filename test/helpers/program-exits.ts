/** Statements of generated programs that leave early, and awaits under `?:`, `&&`, `||`, `??` and `?.`. */
import type { ProgramWriter } from './program-writer.ts';

type Print = (writer: ProgramWriter) => void;

export const EXITS: Readonly<Record<string, Print>> = {
  'early return'(writer) {
    leave(writer, giveBack(writer));
  },
  'early throw'(writer) {
    // In a handler or in a function that is called, it is a failure like any other, not an exit.
    const isFailure = writer.isHandler || writer.around.returns !== 'any';
    leave(writer, `throw new Error("${writer.draw.name(isFailure ? 'fault' : 'stop')}")`);
  },
  break(writer) {
    const [target] = writer.targets.slice(-1);
    leave(writer, target === undefined ? giveBack(writer) : `break${labelFrom(writer)}`);
  },
  continue(writer) {
    const isInLoop = writer.targets.some((one) => one.kind === 'loop');
    leave(writer, isInLoop ? `continue${labelFrom(writer)}` : giveBack(writer));
  },
  visited(writer) {
    const seen = writer.draw.name('seen');
    writer.carry(seen, undefined, `const ${seen} = new Set<string>(["s"]);`);
    const isInLoop = writer.targets.some((one) => one.kind === 'loop');
    const text = writer.variable('text');
    if (isInLoop) writer.line(`if (${seen}.has(${text})) continue;`);
    writer.line(`${seen}.add(${text});`);
  },
};

/** Of the loops around with a label, one; often none. */
function labelFrom(writer: ProgramWriter): string {
  const labels = writer.targets.map((one) => one.label).filter((label) => label !== '');
  const label = labels[writer.draw.pick(labels.length + 1)];
  return label === undefined ? '' : ` ${label}`;
}

function giveBack(writer: ProgramWriter): string {
  const { returns } = writer.around;
  if (returns !== 'any') return `return ${writer.value(returns)}`;
  switch (writer.draw.pick(5)) {
    case 3:
      writer.draw.tag('early return of a call');
      return `return ${writer.call('text')}`;
    case 4:
      writer.draw.tag('early return of an awaited call');
      return `return await ${writer.call('text')}`;
    default:
      return `return ${writer.result()}`;
  }
}

function leave(writer: ProgramWriter, exit: string): void {
  if (writer.isHandler) writer.draw.tag('exit in a handler');
  writer.line(`if (${writer.condition()}) ${exit};`);
}

export const SHORT_CIRCUITS: Readonly<Record<string, Print>> = {
  'ternary await'(writer) {
    const type = writer.draw.oneOf(['text', 'text', 'doc']);
    const other = writer.draw.pick(2) === 0 ? writer.value(type) : `await ${writer.call(type)}`;
    writer.assign(type, `${writer.condition()} ? await ${writer.call(type)} : ${other}`);
  },
  '&& await'(writer) {
    writer.assign('text', `(${writer.condition()} && (await ${writer.call('text')})) || ${writer.text()}`);
  },
  '|| await'(writer) {
    writer.assign(
      'text',
      `(${writer.condition()} ? "" : ${writer.text()}) || (await ${writer.call('text')})`,
    );
  },
  '?? await'(writer) {
    writer.assign(
      'text',
      `(${writer.condition()} ? undefined : ${writer.text()}) ?? (await ${writer.call('text')})`,
    );
  },
  '?. await'(writer) {
    const operator = writer.operator('text');
    const call = `(${writer.condition()} ? ${operator} : undefined)?.invoke(${writer.question()})`;
    writer.assign('text', `(await ${call}) ?? ${writer.text()}`);
  },
};
