/** Programs that were once wrong about calls: what operators do, which ones are called, when they have ended, who calls back. */
import { describeRegressions } from '../helpers/regressions.ts';
import { callThemes } from './programs.ts';

describeRegressions(callThemes);
