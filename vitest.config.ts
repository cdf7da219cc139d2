import { defineConfig } from 'vitest/config';

// One runner for every part: units stand beside their sources, what crosses parts is in tests/.
export default defineConfig({
  test: {
    include: ['{contract,store,preview,examples,src,tests}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
