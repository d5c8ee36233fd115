/** What ends a command without an answer: said in one sentence, with what to do; never with a stack. */

export class CliError extends Error {
  override readonly name: string = 'CliError';
  /** What to do about it. */
  readonly hint: string;

  constructor(what: string, hint: string, options?: ErrorOptions) {
    super(what, options);
    this.hint = hint;
  }
}
