/** `xcs graph`: the graph of one class as Mermaid, DOT or JSON text. */
import type { Descriptor } from '../../runtime/descriptor.ts';
import { graphFromDescriptor } from '../../runtime/graph/from-descriptor.ts';
import type { XCSGraph } from '../../runtime/graph/graph.ts';
import { CliError } from './cli-error.ts';
import type { TargetOptions } from './explain-command.ts';
import type { Surroundings } from './output.ts';
import { findTarget } from './target.ts';

const FORMATS: Readonly<Record<Format, (graph: XCSGraph) => string>> = {
  mermaid: (graph) => graph.toMermaid(),
  dot: (graph) => graph.toDot(),
  json: (graph) => JSON.stringify(graph.toJSON(), undefined, 2),
};

export type Format = 'mermaid' | 'dot' | 'json';

export interface GraphOptions extends TargetOptions {
  /** The formats that were asked for. */
  readonly formats: readonly Format[];
}

export async function graphCommand(
  target: string,
  { project, formats }: GraphOptions,
  { cwd, out }: Surroundings,
): Promise<number> {
  if (formats.length > 1)
    throw new CliError(
      `expected one format, got ${formats.map((one) => `--${one}`).join(' and ')}`,
      'give one of --mermaid, --dot and --json',
    );
  const [format = 'mermaid'] = formats;
  const { descriptors } = await findTarget(target, project, cwd);
  const text = FORMATS[format](graphFromDescriptor(onlyOne(target, descriptors)));
  out.write(text.endsWith('\n') ? text : `${text}\n`);
  return 0;
}

function onlyOne(target: string, descriptors: readonly Descriptor[]): Descriptor {
  const [first, ...others] = descriptors;
  if (first === undefined || others.length > 0) {
    const names = descriptors.map(({ name, span }) => `#${name} (${span.line}:${span.column})`).join(', ');
    throw new CliError(`\`${target}\` stands for several: ${names}`, 'name one of them: FILE#Class');
  }
  const { asWritten, name } = first;
  if (asWritten === undefined) return first;
  throw new CliError(
    `\`${name}\` has no graph, for it runs as written: ${asWritten.code} ${asWritten.message}`,
    asWritten.hint,
  );
}
