/** The commands of `xcs`: reads the command line, runs one, and says what went wrong in one sentence. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cac } from 'cac';
import { checkCommand } from './check-command.ts';
import { CliError } from './cli-error.ts';
import { explainCommand } from './explain-command.ts';
import { type Format, graphCommand } from './graph-command.ts';
import { coloursOf, type Surroundings } from './output.ts';

/** Options as they were written; one that was given twice is a list. */
type Given = Readonly<Record<string, unknown>>;

const PROJECT = [
  '-p, --project <tsconfig>',
  'The tsconfig of the project (default: the nearest tsconfig.json)',
] as const;
const EXIT_CODES =
  'Exit code: 0 fine, 1 check found something, 2 wrong use or a project that does not compile';

/** Answers the exit code. `args` are those after the name of the program. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: Promise<number> | undefined;
  const cli = makeCli(surroundings, (command) => void (exitCode = command));
  try {
    cli.parse(['node', 'xcs', ...args], { run: false });
    const { matchedCommand, options } = cli;
    if (matchedCommand === undefined && options['help'] !== true && options['version'] !== true) {
      if (args.length > 0)
        throw new CliError(`there is no command \`${args[0]}\``, 'there are explain, check, graph');
      cli.outputHelp();
      return 2;
    }
    cli.runMatchedCommand();
    return (await exitCode) ?? 0;
  } catch (error) {
    return sayWhatWentWrong(error, surroundings);
  }
}

function makeCli(
  surroundings: Surroundings,
  run: (exitCode: Promise<number>) => void,
): ReturnType<typeof cac> {
  const cli = cac('xcs');
  cli
    .command('explain <target>', 'What FILE[#Class] does and why, or what a code such as XCS3004 means')
    .option(...PROJECT)
    .example('  $ xcs explain src/answer.ts#Answer\n  $ xcs explain XCS3004')
    .action((target: string, given: Given) =>
      run(explainCommand(target, { project: textOption(given, 'project') }, surroundings)),
    );
  cli
    .command('check', 'All that the transformer has to say about a project, also under noEmit')
    .option(...PROJECT)
    .option('--baseline <file>', 'Fail if something is more sequential than this file records')
    .option('--write-baseline <file>', 'Record in this file how parallel everything is')
    .example('  $ xcs check --write-baseline xcs-baseline.json\n  $ xcs check --baseline xcs-baseline.json')
    .action((given: Given) => {
      const [project, baseline] = [textOption(given, 'project'), textOption(given, 'baseline')];
      run(
        checkCommand({ project, baseline, writeBaseline: textOption(given, 'writeBaseline') }, surroundings),
      );
    });
  cli
    .command('graph <target>', 'The graph of FILE#Class as text')
    .option(...PROJECT)
    .option('--mermaid', 'As Mermaid (default)')
    .option('--dot', 'As DOT, for Graphviz')
    .option('--json', 'As JSON, for XCSGraph.fromJSON')
    .example('  $ xcs graph src/answer.ts#Answer --dot | dot -Tsvg > answer.svg')
    .action((target: string, given: Given) => {
      const formats = (['mermaid', 'dot', 'json'] satisfies Format[]).filter((one) => given[one] === true);
      run(graphCommand(target, { project: textOption(given, 'project'), formats }, surroundings));
    });
  cli.version(ownVersion());
  cli.help((sections) => [...sections, { body: EXIT_CODES }]);
  return cli;
}

function textOption(given: Given, name: string): string | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return `${value}`;
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError(`expected --${flag} once, with a value`, 'give it once');
}

function sayWhatWentWrong(error: unknown, { err, env }: Surroundings): number {
  const colours = coloursOf(err, env);
  const isMisuse = error instanceof Error && error.name === 'CACError';
  if (!(error instanceof CliError) && !isMisuse) throw error;
  const hint =
    error instanceof CliError ? error.hint : 'xcs --help, or xcs COMMAND --help, lists what there is';
  err.write(`${colours.red('error:')} ${error.message}\n  to change that: ${hint}\n`);
  return 2;
}

function ownVersion(): string {
  const file = createRequire(import.meta.url).resolve('xcs/package.json');
  // Our own file.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
