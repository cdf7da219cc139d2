import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Worker processes take over what is set here; tests that run a store within want its threads (see store/threads.ts).
process.env.UV_THREADPOOL_SIZE ??= '16';

// One runner for every part: units stand beside their sources, what crosses parts is in tests/.
export default defineConfig({
  // The package's ES modules import names from CommonJS packages, which Node refuses; its CommonJS build loads.
  resolve: {
    alias: {
      '@grafana/data': fileURLToPath(new URL('node_modules/@grafana/data/dist/cjs/index.cjs', import.meta.url)),
    },
  },
  test: {
    include: ['{contract,store,preview,examples,src,tests}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['tests/processes/endAll.ts', 'tests/drawnSeed.ts'],
    globalSetup: ['tests/processes/nothingLeft.ts'],
    maxWorkers: 2,
    // Time-outs end what hangs; how fast something is, they do not judge. A wait ends before its test, and says for what.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000, interval: 50 } },
    // A test that stands alone hides the others.
    allowOnly: false,
  },
});
