import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';
import { toolPath } from '../../.config/testTools';

/**
 * Against a running Grafana that has the plugin and this repository's provisioning, such as `docker compose up`:
 * `E2E_URL=http://localhost:3000 npm run e2e`. `GRAFANA_USER` and `GRAFANA_PASSWORD` default to admin, admin. The browser
 * is the machine's Chromium, as for all browser tests; `CHROMIUM_PATH` names another.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const { E2E_URL, GRAFANA_USER = 'admin', GRAFANA_PASSWORD = 'admin' } = process.env;
/** Where plugin-e2e keeps the session. */
const state = join(process.cwd(), 'playwright', '.auth', `${GRAFANA_USER}.json`);

export default defineConfig<PluginOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '.results',
  // A Grafana on a busy machine takes a minute for its first page.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // They share one Grafana and its dashboards.
  workers: 1,
  reporter: 'list',
  use: {
    baseURL: E2E_URL ?? 'http://localhost:3000',
    provisioningRootDir: `${root}provisioning`,
    user: { user: GRAFANA_USER, password: GRAFANA_PASSWORD },
    trace: 'retain-on-failure',
    actionTimeout: 60_000,
    navigationTimeout: 120_000,
    launchOptions: { executablePath: toolPath('chromium'), args: ['--no-sandbox', '--disable-gpu'] },
  },
  projects: [
    { name: 'sign in', testDir: `${root}node_modules/@grafana/plugin-e2e/dist/auth`, testMatch: /auth\.setup\.js/ },
    { name: 'plugin', use: { ...devices['Desktop Chrome'], storageState: state }, dependencies: ['sign in'] },
  ],
});
