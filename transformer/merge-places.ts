/**
 * Places that the same steps may write are one to whoever orders steps, for reads alone order nothing: of `n` objects in a list that
 * `n` calls are given, each call reads one place, not `n`.
 *
 * In:  what each step touches; the group within which a place may be merged, if it may.
 * Out: which place stands for each.
 */

/** The places that a step touches, and of these sets that it writes or may turn out to write, one for each way to do so. */
export interface Touched {
  readonly all: readonly number[];
  readonly written: readonly Iterable<number>[];
}

export function mergePlaces(
  steps: readonly Touched[],
  groupOf: (place: number) => string | undefined,
): (place: number) => number {
  const users = new Map<number, number>();
  for (const { all } of steps)
    for (const place of new Set(all)) users.set(place, (users.get(place) ?? 0) + 1);
  // Steps part the places into ever smaller classes: what one of them writes goes into classes of its own.
  const classes = new Map<number, string | number | undefined>();
  for (const place of [...users.keys()].toSorted((one, other) => one - other))
    classes.set(place, groupOf(place));
  let count = 0;
  for (const places of steps.flatMap(({ written }) => written)) {
    const parts = new Map<string | number, number>();
    for (const place of places) {
      const whole = classes.get(place);
      if (whole === undefined) continue;
      const part = parts.get(whole) ?? count++;
      parts.set(whole, part);
      classes.set(place, part);
    }
  }
  const first = new Map<string | number, number>();
  const standIns = new Map<number, number>();
  for (const [place, whole] of classes) {
    // What one step alone touches costs no more than the step.
    if (whole === undefined || users.get(place) === 1) continue;
    const known = first.get(whole);
    if (known === undefined) first.set(whole, place);
    else standIns.set(place, known);
  }
  return (place) => standIns.get(place) ?? place;
}
