/** The operators of a generated program: which ones, where they stand, and the members of the class that hold them. */
import type { Draw } from './program-draw.ts';

export type Type = 'text' | 'number' | 'list' | 'doc';

const LEAVES = [
  'Ask',
  'Pure',
  'ReadA',
  'WriteA',
  'ReadB',
  'CopyAToB',
  'ReadShelf',
  'WriteShelf',
  'Sequential',
  'Undeclared',
] as const;
const MANNERS = ['Deaf', 'Instant', 'Hasty'] as const;
const CALM_AND_TIMED = ['Ask', 'Pure', 'ReadA', 'ReadB', 'Deaf'] as const;
const CALM = [...CALM_AND_TIMED, 'Instant', 'Hasty'] as const;
const TYPE_NAMES = { text: 'string', number: 'number', list: 'string[]', doc: 'Doc' } as const;

/** What a call in the background must not be, for when one cause hides all others. */
export interface Limits {
  /** Only operators without effects. */
  readonly isCalm: boolean;
  /** Only operators that take time. */
  readonly isTimed: boolean;
  readonly isBackground: boolean;
}

export class OperatorPool {
  readonly #draw: Draw;
  readonly #fields = new Set<string>();
  readonly #listed: string[] = [];
  readonly #recorded: string[] = [];
  readonly #parameters: string[] = [];
  readonly #operators: {
    readonly path: string;
    readonly type: Type;
    readonly isCalm: boolean;
    readonly isTimed: boolean;
  }[] = [];
  /** Declarations outside the class. */
  readonly module: string[] = [];
  /** What the constructor is given. */
  readonly arguments: string[] = [];

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** A field with an operator of its own kind: often one that was there already, sometimes by another name. */
  special(kind: string): string {
    const field = `${kind.toLowerCase()}${this.#draw.pick(2)}`;
    const shared = kind === 'Watcher' || kind === 'Scribe' ? ', this.board' : '';
    this.#fields.add(`readonly ${field} = new lab.${kind}("${field}"${shared});`);
    if (this.#draw.pick(5) !== 4) return `this.${field}`;
    this.#draw.tag('operator in two fields');
    this.#fields.add(`readonly ${field}Again = this.${field};`);
    return `this.${field}Again`;
  }

  /** How to reach an operator that answers a question with this type. */
  answering(type: Type, limits: Limits): string {
    const known = this.#operators.filter(
      (one) => one.type === type && (one.isCalm || !limits.isCalm) && (one.isTimed || !limits.isTimed),
    );
    if (known.length > 0 && this.#draw.pick(3) === 0) {
      this.#draw.tag('operator called again');
      return known[this.#draw.pick(known.length)]?.path ?? '';
    }
    const kind = this.#kind(limits);
    const calm = (CALM as readonly string[]).includes(kind);
    if (limits.isBackground && !calm) this.#draw.tag('background effect');
    this.#draw.tag(`operator ${kind}`);
    const path = this.#place(this.#draw.name('op'), kind, type);
    this.#operators.push({ path, type, isCalm: calm, isTimed: kind !== 'Instant' && kind !== 'Hasty' });
    return path;
  }

  #kind({ isCalm, isTimed }: Limits): string {
    if (isCalm) return this.#draw.oneOf(isTimed ? CALM_AND_TIMED : CALM);
    return this.#draw.pick(5) === 4 && !isTimed ? this.#draw.oneOf(MANNERS) : this.#draw.oneOf(LEAVES);
  }

  /** Puts a new operator somewhere that code can reach. */
  #place(label: string, kind: string, type: Type): string {
    const made = `new lab.${kind}("${label}", "${type}")`;
    switch (this.#draw.pick(9)) {
      case 1:
        this.#draw.tag('operator in a private field');
        this.#fields.add(`readonly #${label} = ${made};`);
        return `this.#${label}`;
      case 2:
        this.#draw.tag('operator in a record');
        this.#recorded.push(`${label}: ${made}`);
        return `this.record.${label}`;
      case 3:
        this.#draw.tag('operator in an array');
        this.#listed.push(made);
        return `this.all[${this.#listed.length - 1}]`;
      case 4:
        this.#draw.tag('operator in the module');
        this.module.push(`const ${label} = ${made};`);
        return label;
      case 5:
        this.#draw.tag('operator injected');
        this.#parameters.push(`private readonly ${label}: Operator<lab.Question, ${TYPE_NAMES[type]}>`);
        this.arguments.push(made);
        return `this.${label}`;
      default:
        this.#fields.add(`readonly ${label} = ${made};`);
        return `this.${label}`;
    }
  }

  members(): readonly string[] {
    const members = [...this.#fields];
    if (this.#listed.length > 0) members.push(`readonly all = [${this.#listed.join(', ')}] as const;`);
    if (this.#recorded.length > 0) members.push(`readonly record = { ${this.#recorded.join(', ')} };`);
    if (this.#parameters.length > 0) {
      members.push(`constructor(${this.#parameters.join(', ')}) { super(); }`);
    }
    return members;
  }
}
