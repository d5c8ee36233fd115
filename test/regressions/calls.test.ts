/** Programs that were once wrong about calls: what operators do, which ones are called, when they have ended, who calls back. */
import { describeRegressions } from '../helpers/regressions.ts';
import { mutatedArguments, sharedState, subOperators } from './effects.ts';
import { callbacks, functionForm } from './functions.ts';
import { madeInTheBody, replaced } from './operators.ts';
import { awaitedLater, promises, races, started } from './started.ts';

describeRegressions({
  'state that operators share': sharedState,
  'what operators do through others': subOperators,
  'arguments that operators change': mutatedArguments,
  'operators that are replaced': replaced,
  'operators made in the body': madeInTheBody,
  callbacks: callbacks,
  'calls that are awaited later': awaitedLater,
  races: races,
  'calls that nobody awaits': started,
  'promises as values': promises,
  'marked functions': functionForm,
});
