import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runProcess } from '../processes/startProcess';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('npm ci installs what this Node runs, and warns of nothing', async () => {
  const args = ['ci', '--dry-run', '--engine-strict', '--offline', '--ignore-scripts', '--loglevel', 'warn'];
  const { code, stderr } = await runProcess('npm', args, { cwd: root });
  expect([code, stderr]).toEqual([0, '']);
});
