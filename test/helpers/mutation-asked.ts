/**
 * What the functions that order steps were asked, and by which programs. They depend on nothing but what they are given, so
 * whoever gets the same answers from a changed one need not run again.
 */
import type { Load } from './mutated-source.ts';
import { hasTakenForEver, withinReason } from './within-reason.ts';

type Answer = (...given: readonly unknown[]) => unknown;

interface Question {
  readonly given: readonly unknown[];
  readonly answer: string;
  readonly by: Set<string>;
}

/** A function, the files that nothing but it uses for what programs do, and what of what it is given answers it. */
interface Asking {
  readonly file: string;
  readonly name: string;
  readonly covers: readonly string[];
  readonly keep: (given: readonly unknown[]) => readonly unknown[];
  readonly show: (answer: unknown, given: readonly unknown[]) => unknown;
}

const ASKED: readonly Asking[] = [
  {
    file: 'runtime/dependences.ts',
    name: 'findDependences',
    covers: [
      'accesses',
      'control-dependences',
      'dependences',
      'effect-dependences',
      'in-place',
      'iteration-objects',
      'lingering-calls',
      'memory-dependences',
      'nesting',
      'seen',
      'sweep',
      'together',
      'value-dependences',
      'walk-regions',
    ],
    keep: ([code, effectOf, options]) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `findDependences`
      const { steps, places, slots, regions } = code as Readonly<Record<string, readonly Step[]>>;
      const operators = new Set(
        (steps ?? []).flatMap(({ operators: own }) => own).filter((id) => id !== undefined),
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `findDependences`
      const effects = new Map([...operators].map((id) => [id, (effectOf as Answer)(id)]));
      return [
        structuredClone({ steps, places, slots, regions }),
        (id: number) => effects.get(id),
        structuredClone(options),
      ];
    },
    show: (answer) => answer,
  },
  {
    file: 'runtime/placed-dependences.ts',
    name: 'placeDependences',
    covers: ['placed-dependences'],
    keep: (given) => given,
    show: (answer, [, , regions]) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `placeDependences`
      const [placed, all] = [answer as { of: Answer }, regions as readonly unknown[]];
      return [undefined, ...all.keys()].map((region) => placed.of(region));
    },
  },
];

interface Step {
  readonly operators: readonly number[];
}

/** For one answer, in milliseconds, on a busy machine. */
const LONG = 10_000;

export class Asked {
  /** Which program runs or is compiled now. */
  by: string | undefined;
  readonly #questions = new Map<Asking, Map<string, Question>>(ASKED.map((one) => [one, new Map()]));

  /** Takes down what the functions in `file` are asked. */
  readonly wrap = (file: string, exports: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const changed = { ...exports };
    for (const asking of ASKED) {
      if (asking.file !== file) continue;
      const answer = functionIn(exports, asking.name);
      changed[asking.name] = (...given: readonly unknown[]): unknown => {
        const kept = this.by === undefined ? undefined : asking.keep(given);
        const answered = answer(...given);
        if (this.by !== undefined && kept !== undefined)
          this.#add(asking, { given: kept, answer: print(asking.show(answered, given)) }, this.by);
        return answered;
      };
    }
    return changed;
  };

  during<T>(by: string, work: () => T): T {
    this.by = by;
    try {
      return work();
    } finally {
      this.by = undefined;
    }
  }

  /** Whether all that `file` does to programs is in the answers. */
  static covers(file: string): boolean {
    return ASKED.some((asking) => isCovered(file, asking));
  }

  /** Who would be answered otherwise by what `load` loads; a function that throws or changes its mind is asked about no more. */
  askersOfOtherAnswers(changed: string, load: Load): ReadonlySet<string> {
    const askers = new Set<string>();
    for (const [asking, questions] of this.#questions) {
      if (!isCovered(changed, asking)) continue;
      const answer = functionIn(load(asking.file), asking.name);
      for (const { given, answer: before, by } of questions.values()) {
        if ([...by].every((one) => askers.has(one))) continue;
        if (answerOf(asking, answer, given) !== before) for (const one of by) askers.add(one);
      }
    }
    return askers;
  }

  get size(): number {
    return [...this.#questions.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #add(asking: Asking, { given, answer }: Pick<Question, 'given' | 'answer'>, by: string): void {
    const questions = this.#questions.get(asking);
    const [code, effectOf, options] = given;
    const text = `${print(typeof effectOf === 'function' ? [code, options] : given)} ${answer}`;
    const key = typeof effectOf === 'function' ? `${by} ${text}` : text;
    const known = questions?.get(key) ?? { given, answer, by: new Set<string>() };
    known.by.add(by);
    questions?.set(key, known);
  }
}

function isCovered(file: string, { covers }: Asking): boolean {
  return covers.some((name) => file === `runtime/${name}.ts`);
}

function answerOf({ show }: Asking, answer: Answer, given: readonly unknown[]): string {
  try {
    return print(withinReason(() => show(answer(...given), given), LONG));
  } catch (error) {
    if (hasTakenForEver(error)) throw error;
    return `throws ${String(error)}`;
  }
}

function print(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Map) return [...one];
    if (one instanceof Set) return [...one];
    if (typeof one === 'function') return `function ${one.name}`;
    return one;
  });
}

function functionIn(exports: Readonly<Record<string, unknown>>, name: string): Answer {
  const found = exports[name];
  if (typeof found !== 'function') throw new Error(`There is no function ${name}.`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it takes what it was asked before
  return found as Answer;
}
