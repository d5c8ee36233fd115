/** What compiled code relies on and nobody can check. Shown by `explain`, and listed in the README. */
export const ASSUMED: readonly string[] = [
  'while a run is going, only its own operators touch what it reads, within their effects',
  'declared effects are true: `static effect`, `operator(fn, { effect })` and `externals` win over the body',
  'two runs that overlap on one instance whose fields are written are as unordered as in the code as written',
  'reading a property that is no accessor has no effect',
  'operators keep no reference to inputs or results after they end, and react to abort without effects',
  'a call that `reads` a resource may see it as it was earlier in the run',
  'the clock, stack traces and timing are not compared',
];
