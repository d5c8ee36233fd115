import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most of the time goes into compiling; one processor is not worth keeping free.
    maxWorkers: '100%',
    // No test waits on the clock; compiling programs takes as long as the machine takes.
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
