import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';

/**
 * Against a running Grafana that has the plugin and this repository's provisioning, such as `docker compose up`:
 * `GRAFANA_URL=http://localhost:3000 npm run e2e`. `GRAFANA_USER` and `GRAFANA_PASSWORD` default to admin, admin.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const { GRAFANA_URL, GRAFANA_USER = 'admin', GRAFANA_PASSWORD = 'admin' } = process.env;
/** Where plugin-e2e keeps the session. */
const state = join(process.cwd(), 'playwright', '.auth', `${GRAFANA_USER}.json`);

export default defineConfig<PluginOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '.results',
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    baseURL: GRAFANA_URL ?? 'http://localhost:3000',
    provisioningRootDir: `${root}provisioning`,
    user: { user: GRAFANA_USER, password: GRAFANA_PASSWORD },
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'sign in', testDir: `${root}node_modules/@grafana/plugin-e2e/dist/auth`, testMatch: /auth\.setup\.js/ },
    { name: 'plugin', use: { ...devices['Desktop Chrome'], storageState: state }, dependencies: ['sign in'] },
  ],
});
