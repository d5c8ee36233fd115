import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that put other modules in place of ours, or load ours twice: no other test may meet what they leave. */
const ISOLATED = ['test/options.test.ts', 'test/plugin-crash.test.ts', 'test/rules.test.ts'];

export default defineConfig({
  test: {
    // Most of the time goes into compiling; one processor is not worth keeping free.
    maxWorkers: '100%',
    // No test waits on the clock; compiling programs takes as long as the machine takes.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    projects: [
      {
        extends: true,
        // The compiler is loaded once per process, not once per file.
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ISOLATED],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'isolated', include: ISOLATED } },
    ],
  },
});
