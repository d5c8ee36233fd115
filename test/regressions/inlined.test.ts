/** Programs with functions that are put in the place of calls. */
import { describeRegressions } from '../helpers/regressions.ts';
import { functions, methods, races } from './inlined.ts';

describeRegressions({ methods, races, functions });
