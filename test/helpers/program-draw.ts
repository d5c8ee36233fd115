/** Choices of a generated program: small numbers in, names and picks out. Zero is the plainest choice, so it shrinks there. */
export class Draw {
  /** Names of what the program contains. */
  readonly constructs: Set<string> = new Set();
  #picks: readonly number[] = [0];
  #cursor = 0;
  #names = 0;

  /** From now on these decide. Used up, they decide again, by another digit. */
  use(picks: readonly number[]): void {
    this.#picks = picks.length === 0 ? [0] : picks;
    this.#cursor = 0;
  }

  /** Decides by these while it prints, and goes on as before. */
  during<T>(picks: readonly number[], print: () => T): T {
    const [before, cursor] = [this.#picks, this.#cursor];
    this.use(picks);
    const printed = print();
    [this.#picks, this.#cursor] = [before, cursor];
    return printed;
  }

  pick(count: number): number {
    const round = Math.floor(this.#cursor / this.#picks.length);
    const picked = this.#picks[this.#cursor++ % this.#picks.length] ?? 0;
    return Math.floor(picked / 7 ** round) % count;
  }

  oneOf<const T extends readonly [unknown, ...unknown[]]>(options: T): T[number] {
    return options[this.pick(options.length)];
  }

  name(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  tag(construct: string): this {
    this.constructs.add(construct);
    return this;
  }
}
