/** A crash of ours is reported, and the code runs as written. */
import { describe, expect, it, vi } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';

vi.mock(import('../transformer/lower.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    lower: (context, body) => {
      if (body.getText().includes('make the pass fail')) throw new Error('the pass has failed');
      return original.lower(context, body);
    },
  };
});

vi.mock(import('../transformer/select.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    select: (context, file) => {
      if (file.text.includes('make the file fail')) throw new Error('the file has failed');
      return original.select(context, file);
    },
  };
});

const operators = `import { Operator, structuralJit } from 'xcs';
class Upper extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string): Promise<string> { return input.toUpperCase(); }
}
`;

const composite = (name: string, comment: string): string => `
@structuralJit
export class ${name} extends Operator<string, string> {
  readonly upper = new Upper();
  async forward(input: string): Promise<string> {
    // ${comment}
    const a = await this.upper.invoke(input);
    const b = await this.upper.invoke('b');
    return a + b;
  }
}
`;

interface Composite {
  readonly prototype: object;
  new (): { invoke(input: string): Promise<string> };
}

function load(source: string): {
  readonly diagnostics: readonly string[];
  readonly classes: Readonly<Record<string, Composite>>;
} {
  const compiled = compileModule(source);
  // The sources above export such classes and nothing else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const classes = compiled.load({ modules: { xcs } }) as Readonly<Record<string, Composite>>;
  return { diagnostics: compiled.diagnostics, classes };
}

describe('a pass that throws', () => {
  const source = `${operators}${composite('Broken', 'make the pass fail')}${composite('Sound', 'fine')}`;
  const { diagnostics, classes } = load(source);

  it('is reported once, as our bug, with what was thrown', () => {
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatch(
      /^XCS5011: the compiler failed here, so it runs as written: .*the pass has failed/,
    );
  });

  it('leaves the class as written, working, with the reason', async () => {
    const { Broken } = classes;
    if (Broken === undefined) throw new Error('Broken is not exported');
    expect(await new Broken().invoke('a')).toBe('AB');
    expect(xcs.explain(Broken)).toContain('XCS5011');
  });

  it('does not keep other classes of the file from being compiled', () => {
    const { Sound } = classes;
    if (Sound === undefined) throw new Error('Sound is not exported');
    expect(xcs.graphOf(Sound).order).toBe(2);
  });
});

describe('a crash before any class is found', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const source = `${operators}${composite('Untouched', 'make the file fail')}`;
  const compiled = compileModule(source, { compilerOptions: { experimentalDecorators: true } });

  it('leaves the file as it is, working', async () => {
    expect(compiled.diagnostics[0]).toMatch(/^XCS5011: .*the file has failed/);
    // The source exports this class and nothing else.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { Untouched } = compiled.load({ modules: { xcs } }) as Readonly<Record<string, Composite>>;
    if (Untouched === undefined) throw new Error('Untouched is not exported');
    expect(await new Untouched().invoke('a')).toBe('AB');
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
