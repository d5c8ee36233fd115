/** Programs that were once wrong about memory: assignments, order, aliases, fields, variables, code that cannot be seen. */
import { describeRegressions } from '../helpers/regressions.ts';
import { otherFiles } from './fields.ts';
import { memoryThemes } from './programs.ts';

describeRegressions(memoryThemes, otherFiles);
