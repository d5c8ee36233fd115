/** Answers that do not change are found once per program. A build that watches keeps files, and their nodes, for the next one. */
import type { Context } from './context.ts';

/** `ask`, asked once about each node, symbol or type of a program. */
export function once<Key extends object, Answer>(
  ask: (context: Context, key: Key) => Answer,
): (context: Context, key: Key) => Answer {
  const programs = new WeakMap<Context, WeakMap<Key, { readonly answer: Answer }>>();
  return (context, key) => {
    let answers = programs.get(context);
    if (answers === undefined) {
      answers = new WeakMap();
      programs.set(context, answers);
    }
    const known = answers.get(key);
    if (known !== undefined) return known.answer;
    const answer = ask(context, key);
    answers.set(key, { answer });
    return answer;
  };
}
