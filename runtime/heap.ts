/** A binary heap in an array: what goes before all others is its first element. */

export type GoesBefore<T> = (one: T, other: T) => boolean;

export function push<T>(heap: T[], added: T, goesBefore: GoesBefore<T>): void {
  let place = heap.length;
  heap.push(added);
  while (place > 0) {
    const parent = (place - 1) >>> 1;
    const above = heap[parent];
    if (above === undefined || !goesBefore(added, above)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = added;
}

export function pop<T>(heap: T[], goesBefore: GoesBefore<T>): T | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    let next = heap[child];
    if (next === undefined) break;
    const right = heap[child + 1];
    if (right !== undefined && goesBefore(right, next)) {
      child++;
      next = right;
    }
    if (!goesBefore(next, last)) break;
    heap[place] = next;
    place = child;
  }
  heap[place] = last;
  return first;
}
