/** What a command sees of the world, and how it paints what it writes: in colours on a terminal, plainly elsewhere. */
import pc from 'picocolors';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
}

export type Colours = ReturnType<typeof pc.createColors>;

/** The colours of `output`: none unless it is a terminal, and none under `NO_COLOR`. */
export function coloursOf({ isTTY }: Output, env: Surroundings['env']): Colours {
  const refused = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  return pc.createColors(isTTY === true && !refused);
}

/** Titles bold, codes by whose move they are, reasons dim. */
export function paint(text: string, colours: Colours): string {
  if (!colours.isColorSupported) return text;
  return text
    .replaceAll(/^[a-z]+$/gm, (title) => colours.bold(title))
    .replaceAll(/^ {7}waits for .*$/gm, (line) => colours.dim(line))
    .replaceAll(/\bXCS[015]\d{3}\b/g, (code) => colours.red(code))
    .replaceAll(/\bXCS[239]\d{3}\b/g, (code) => colours.yellow(code))
    .replaceAll(/\bXCS4\d{3}\b/g, (code) => colours.cyan(code));
}
