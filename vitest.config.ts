import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // No test waits on the clock; compiling programs takes as long as the machine takes.
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
