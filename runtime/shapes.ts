/** Whether what an operator writes may be among the objects that a step reads, by their types. */
import { isObject } from './brand.ts';
import type { Step } from './descriptor.ts';
import type { CallEffect } from './effect.ts';

type Shape = NonNullable<Step['shapes']>[number];

/** An empty shape stands for arrays. */
export function mayHaveShape(object: object, shape: Shape): boolean {
  return shape.length === 0 ? Array.isArray(object) : shape.every((name) => name in object);
}

/** Whether the objects that the operator writes are known, and none of them is of a kind that `step` reads. */
export function writesOthers({ known, writes }: CallEffect, { shapes }: Step): boolean {
  if (known !== 'inferred' || shapes === undefined) return false;
  const written = [...writes].filter((object) => isObject(object));
  return (
    written.length > 0 && written.every((object) => shapes.every((shape) => !mayHaveShape(object, shape)))
  );
}
