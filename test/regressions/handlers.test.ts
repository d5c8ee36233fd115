/** Programs about handlers, what follows a `try`, and conditions that assign. */
import { describeRegressions } from '../helpers/regressions.ts';
import { caughtThemes, handlerThemes } from './programs.ts';

describeRegressions(handlerThemes);
describeRegressions(caughtThemes);
