/** All programs that the compiler once got wrong, by theme. */
import type { Regression } from '../helpers/regression.ts';
import { abandoned } from './abandoned.ts';
import { aliasing } from './aliasing.ts';
import { assignments, evaluationOrder } from './assignments.ts';
import { cells, control, keys, overriding } from './control.ts';
import { mutatedArguments, sharedState, subOperators } from './effects.ts';
import { fields, variables } from './fields.ts';
import { failedHalfway } from './failed-halfway.ts';
import { callbacks, functionForm } from './functions.ts';
import { behindTries, caught, conditions } from './handlers.ts';
import { hiddenCode } from './hidden-code.ts';
import { functions, methods, races as racesOfInlined } from './inlined.ts';
import { iterations, nestedKeys } from './iterations.ts';
import { behindLoops, forIn, shelved } from './loops.ts';
import { ownFields } from './own-fields.ts';
import { madeInTheBody, replaced } from './operators.ts';
import { anyResource, asserted, beside, exits } from './sweep.ts';
import { awaitedLater, leftBehind, promises, races, started, startedInside } from './started.ts';

type Themes = Readonly<Record<string, readonly Regression[]>>;

export const callThemes: Themes = {
  'state that operators share': sharedState,
  'what operators do through others': subOperators,
  'arguments that operators change': mutatedArguments,
  'operators that are replaced': replaced,
  'operators made in the body': madeInTheBody,
  callbacks: callbacks,
  'calls that are awaited later': awaitedLater,
  races: races,
  'calls that nobody awaits': started,
  'calls that a branch or loop starts': startedInside,
  'calls in flight beside the body': beside,
  'exits and failures': exits,
  'calls that failures leave behind': abandoned,
  'operators that touch any resource': anyResource,
  'calls that a branch or loop leaves behind': leftBehind,
  'promises as values': promises,
  'marked functions': functionForm,
};

export const memoryThemes: Themes = {
  'assignments within expressions': assignments,
  'the order of evaluation': evaluationOrder,
  'two ways to one object': aliasing,
  'types that hide an object': asserted,
  'fields of the composite': fields,
  'fields that only the body touches': ownFields,
  'variables around the composite': variables,
  'accessors and conversions': hiddenCode,
  'branches, loops and handlers': control,
  'variables that are cells': cells,
  'steps that fail halfway': failedHalfway,
  'methods that are overridden': overriding,
};

/** Together only with programs that leave Maps and Sets alone: one that overrides a method of theirs hides keys from all. */
export const loopThemes: Themes = {
  'entries of Maps and Sets': keys,
  'what follows a loop': behindLoops,
  'objects of earlier iterations': iterations,
  'entries of earlier iterations': nestedKeys,
  'resources that depend on inputs': shelved,
  'loops over keys': forIn,
};

/** Functions that are put in the place of calls. */
export const inlinedThemes: Themes = { methods, races: racesOfInlined, functions };

export const handlerThemes: Themes = {
  'what follows a `try`': behindTries,
  'conditions and keys': conditions,
};

/** With a `toString` of the program, so that conversions may run its code: apart from the others. */
export const caughtThemes: Themes = { 'what handlers are given': caught };
