/** Programs with functions that are put in the place of calls. */
import { describeRegressions } from '../helpers/regressions.ts';
import { inlinedThemes } from './programs.ts';

describeRegressions(inlinedThemes);
