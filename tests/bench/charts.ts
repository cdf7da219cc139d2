import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * What the data source makes of 50 million points. It is bundled first, as for a browser: Node alone cannot load
 * `@grafana/data`, which imports names from CommonJS packages.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));
const bundle = `${folder}charts.bundle.mjs`;
try {
  await build({
    entryPoints: [`${folder}measureCharts.ts`],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@duckdb/*'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  process.exitCode = spawnSync(process.execPath, [bundle], { stdio: 'inherit' }).status ?? 1;
} finally {
  await rm(bundle, { force: true });
}
