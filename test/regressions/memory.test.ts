/** Programs that were once wrong about memory: assignments, order, aliases, fields, variables, code that cannot be seen. */
import { describeRegressions } from '../helpers/regressions.ts';
import { aliasing } from './aliasing.ts';
import { assignments, evaluationOrder } from './assignments.ts';
import { cells, control, keys } from './control.ts';
import { fields, otherFiles, variables } from './fields.ts';
import { hiddenCode } from './hidden-code.ts';

describeRegressions(
  {
    'assignments within expressions': assignments,
    'the order of evaluation': evaluationOrder,
    'two ways to one object': aliasing,
    'fields of the composite': fields,
    'variables around the composite': variables,
    'accessors and conversions': hiddenCode,
    'branches, loops and handlers': control,
    'variables that are cells': cells,
    'entries of Maps and Sets': keys,
  },
  otherFiles,
);
