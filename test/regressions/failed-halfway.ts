/** Steps that fail when they have assigned something already: a handler sees it. */
import { call, type Regression } from '../helpers/regression.ts';

const inTry = (code: string): string =>
  `const boom = (): string => { if (input.q.length > 1) throw new Error('boom'); return 'x'; };
  let a = '0', b = '1'; try { ${code} } catch { console.log(a, b); } return [a, b];`;
const one = call('a', '1');

export const failedHalfway: readonly Regression[] = [
  {
    claim: 'a default of an object pattern fails behind a variable that has been assigned',
    body: inTry(`({ a = '', b = boom() } = (await ${one}) as never as { a?: string; b?: string });`),
  },
  {
    claim: 'a default of a list pattern fails behind a variable that has been assigned',
    body: inTry(`[a, b = boom()] = [...(await ${one})].slice(0, 1);`),
  },
  {
    claim: 'a list is taken apart into variables whole, or not at all',
    body: inTry(`[a, b] = await Promise.all([${one}, ${call('b', '2')}]); boom();`),
  },
  {
    claim: 'an expression fails behind a comma',
    body: inTry(`const x = await ${one}; a = x, boom();`),
  },
  {
    claim: 'a branch throws when it has assigned',
    body: inTry(`const x = await ${one}; if (x.length > 0) { a = 'new'; throw new Error(x); } a = 'end';`),
  },
  {
    claim: 'one branch assigns and the other fails',
    body: inTry(`const x = await ${one}; if (x.length > 0) boom(); else a = 'short';`),
  },
  {
    claim: 'a function is given what has been assigned, and fails',
    body: inTry(`const two = (x: string, y: string) => x + y; const x = await ${one}; two(a = x, boom());`),
  },
  {
    claim: 'what an operator is given has been assigned, or fails',
    body: inTry(`const y = await this.a.invoke({ site: a = 'new', q: boom() }); console.log(y);`),
  },
  {
    claim: 'one of several declarations fails behind an assignment',
    body: inTry(`const x = await ${one}, y = (a = x) + boom(); console.log(y);`),
  },
  {
    claim: 'a loop without calls fails in a later round',
    body: inTry(`const x = await ${one}; for (const c of x) { a += c; if (a.length > 2) boom(); }`),
  },
  {
    claim: 'a clause of a `switch` fails behind an assignment',
    body: inTry(
      `const x = await ${one}; switch (x.length) { case 99: a = 'no'; break; default: a = 'yes'; boom(); }`,
    ),
  },
  {
    claim: 'a condition assigns, and what it chooses fails',
    body: inTry(`const x = await ${one}; a = (a = x, x.length > 0) ? boom() : await ${call('b', '2')};`),
  },
  {
    claim: 'a template fails between two calls of functions',
    body: inTry(`b = \`\${a = await ${one}} \${boom()}\`;`),
  },
  {
    claim: 'a member of a combinator assigns before another one fails',
    body: inTry(`await Promise.all([${one}, (a = 'in', ${call('b', '2')})]);`),
  },
  {
    claim: 'what is returned assigns, and fails',
    body: inTry(`await ${one}; return (a = 'new', boom());`),
  },
  {
    claim: 'what is returned assigns, and a call in it fails',
    body: inTry(`return (a = 'new', await ${one});`),
  },
  {
    claim: 'a handler that fails halfway is seen by the one around it',
    body: inTry(`try { await ${one}; } catch { a = 'inner', boom(); }`),
  },
  {
    claim: 'what comes in any case sees how far a handler came that fails',
    body: `let a = '0'; try { a = input.q; await ${one}; } catch { await ${call('b', '2')}; a += ' handled'; } finally { input.tags.push(a); } return a;`,
  },
];
