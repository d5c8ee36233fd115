/** Sources compiled as users compile them, and loaded beside the built runtime. */
import { compileModule } from '../helpers/compile.ts';
import { runtime } from './built-runtime.ts';

export const { xcs } = runtime;

/** What the source exports. */
export function loadCompiled(source: string): Readonly<Record<string, unknown>> {
  return compileModule(source).load({ modules: { xcs } });
}
