/** Programs that were once wrong about loops: what iterations share, and what follows them. */
import { describeRegressions } from '../helpers/regressions.ts';
import { loopThemes } from './programs.ts';

describeRegressions(loopThemes);
