/** Programs to compile: many files of which some have marked classes, and one class whose method is as long as one likes. */

/** `files` modules that import one another, `classes` of which have a marked class of ten calls. */
export function manyFiles(files: number, classes: number): ReadonlyMap<string, string> {
  const every = Math.max(1, Math.floor(files / Math.max(1, classes)));
  return new Map(
    Array.from({ length: files }, (_, file) => {
      const isMarked = file % every === 0 && file / every < classes;
      return [`module${file}.ts`, isMarked ? markedModule(file) : plainModule(file)];
    }),
  );
}

/** What a program mostly is: types, functions and classes that have nothing to do with operators. */
function plainModule(file: number): string {
  const before = file === 0 ? '' : `import type { Item${file - 1} } from './module${file - 1}.ts';\n`;
  const parent = file === 0 ? 'undefined' : `Item${file - 1} | undefined`;
  return `${before}export interface Item${file} { readonly id: number; readonly tags: readonly string[]; readonly parent?: ${parent} }
export function sum${file}(items: readonly Item${file}[]): number {
  let total = 0;
  for (const { id, tags } of items) total += tags.length > 0 ? id : -id;
  return total;
}
export function group${file}(items: readonly Item${file}[]): ReadonlyMap<string, readonly Item${file}[]> {
  const groups = new Map<string, Item${file}[]>();
  for (const item of items)
    for (const tag of item.tags) groups.set(tag, [...(groups.get(tag) ?? []), item]);
  return groups;
}
export class Store${file} {
  readonly #items = new Map<number, Item${file}>();
  add(item: Item${file}): this { this.#items.set(item.id, item); return this; }
  find(id: number): Item${file} | undefined { return this.#items.get(id); }
  get total(): number { return sum${file}([...this.#items.values()]); }
}
`;
}

const HEAD = `import { Operator, structuralJit } from 'xcs';
class Ask extends Operator<{ q: string; given?: readonly string[] }, string> {
  static override readonly effect = 'unordered';
  override async forward({ q }: { q: string }): Promise<string> { return q; }
}`;

function markedModule(file: number): string {
  return `${plainModule(file)}${HEAD}
@structuralJit
export class Answer${file} extends Operator<string, string> {
  readonly ask = new Ask();
  ${method(10)}
}
`;
}

/** A marked class whose \`forward\` has about so many statements: calls, what is made of their results, and logs. */
export function longMethod(statements: number): ReadonlyMap<string, string> {
  return new Map([
    [
      'long.ts',
      `${HEAD}
@structuralJit
export class Long extends Operator<string, string> {
  readonly ask = new Ask();
  ${method(statements)}
}
`,
    ],
  ]);
}

function method(statements: number): string {
  const lines = ['const parts: string[] = [];'];
  for (let at = 0; lines.length < statements - 1; at++) {
    const earlier = at < 3 ? 'q' : `a${at - 3}`;
    lines.push(
      `const a${at} = await this.ask.invoke({ q: \`\${${earlier}} ${at}\` });`,
      `const b${at} = a${at}.trim().toUpperCase();`,
      `parts.push(b${at});`,
    );
    if (at % 5 === 4) lines.push(`console.log(parts.length, b${at});`);
  }
  return `override async forward(q: string): Promise<string> {
    ${lines.slice(0, statements - 1).join('\n    ')}
    return parts.join(' ');
  }`;
}
