/** Why a step waits for another, in words that need no knowledge of the compiler. */
import type { Dependence, Descriptor, Step } from './descriptor.ts';

/** Completes “the step waits for the other, for it …”. */
export function explainCause(
  { kind, what, carried, every }: Pick<Dependence, 'kind' | 'what' | 'carried' | 'every'>,
  { slots }: Pick<Descriptor, 'slots'>,
): string {
  const why = explainKind(kind, what, slots);
  if (carried === undefined) return why;
  return every === true ? `${why}, in every iteration before` : `${why}, in the iteration before`;
}

function explainKind(kind: Dependence['kind'], what: string, slots: readonly string[]): string {
  switch (kind) {
    case 'flow':
      // What the compiler numbers has no name in the code.
      if (/^\$\d+$/u.test(what)) return 'needs its result';
      return slots.includes(what)
        ? `needs \`${what}\``
        : `reads ${placeOf(what)}, which the other may change`;
    case 'anti':
      return `writes ${placeOf(what)}, which the other uses until it ends`;
    case 'output':
      return `writes ${placeOf(what)}, and so does the other`;
    case 'effect':
      return EFFECTS[what] ?? `touches ${what}, and one of the two writes it`;
    case 'failure':
      return 'must not happen if the other fails';
    case 'control':
      return CONTROL[what] ?? `runs only if \`${what}\``;
  }
}

const EFFECTS: Readonly<Record<string, string>> = {
  barrier: 'keeps its place, for one of the two may do anything',
  'program order of effects': 'has effects, as the other has, and effects keep their order',
  'sequential call': 'reads what the other, which is sequential, may write',
};

const CONTROL: Readonly<Record<string, string>> = {
  'begins together': 'begins right behind the other, for their promises are compared',
  more: 'runs only if there is another element',
  'may leave the body before this': 'runs only if the code does not leave before',
  'program order': 'has effects, so it keeps its place in the code',
  'whether there is another iteration': 'runs only if there is another iteration',
};

function placeOf(what: string): string {
  return what === 'shared state' ? 'state that others share' : `\`${what}\``;
}

/** `12:5 (msgs.push(m))`. */
export function explainPlace(step: Pick<Step, 'span' | 'label' | 'kind'>): string {
  return `${step.span.line}:${step.span.column} (${nameOfStep(step)})`;
}

/** The code of a step; of a loop only `for (const doc of docs)`, and of a `try` only that. */
export function nameOfStep({ kind, label }: Pick<Step, 'label' | 'kind'>): string {
  if (kind === 'try') return kind;
  if (kind !== 'loop') return label;
  let depth = 0;
  for (const { 0: parenthesis, index } of label.matchAll(/[()]/gu)) {
    depth += parenthesis === '(' ? 1 : -1;
    if (depth === 0) return label.slice(0, index + 1);
  }
  return label;
}
