/** `xcs explain`: what a class does and why, or what a code means. */
import { explainDescriptor } from '../../runtime/explain-descriptor.ts';
import { isKnownCode, knownCodes, printCode } from '../codes.ts';
import { CliError } from './cli-error.ts';
import { coloursOf, paint, type Surroundings } from './output.ts';
import { findTarget } from './target.ts';

export interface TargetOptions {
  readonly project: string | undefined;
}

export async function explainCommand(
  target: string,
  { project }: TargetOptions,
  { cwd, env, out }: Surroundings,
): Promise<number> {
  const colours = coloursOf(out, env);
  if (/^xcs\d+$/i.test(target)) {
    out.write(paint(explainCode(target.toUpperCase()), colours));
    return 0;
  }
  const { descriptors } = await findTarget(target, project, cwd);
  out.write(paint(descriptors.map(explainDescriptor).join('\n'), colours));
  return 0;
}

function explainCode(code: string): string {
  if (isKnownCode(code)) return printCode(code);
  const near = knownCodes.filter((known) => known.startsWith(code.slice(0, 4)));
  throw new CliError(
    `there is no code ${code}`,
    `there are ${(near.length > 0 ? near : knownCodes).join(', ')}`,
  );
}
