import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toolPath } from '../../.config/testTools';
import { firstSteps } from '../../src/app/firstSteps';
import { startStore } from '../browser/harness';
import { runToSuccess } from '../processes/startProcess';

const root = fileURLToPath(new URL('../..', import.meta.url));

const linesOf = (id: string, url = 'http://store:8900') => firstSteps(url).find((way) => way.id === id)?.lines ?? '';

it.each([[[]], [['--read-token', 'of-grafana', '--write-token', 'local']]])(
  'the lines for HTTP log a run, with the store %j',
  async (args) => {
    const store = await startStore(args);
    toolPath('curl');
    await runToSuccess('bash', ['-euc', linesOf('http', store.url)]);
    const headers = args.length > 0 ? { authorization: 'Bearer of-grafana' } : undefined;
    const run = await (await fetch(`${store.url}/api/v1/runs/first-run`, headers && { headers })).json();
    expect(run).toMatchObject({ project: 'first-steps', state: 'finished', lastStep: 1 });
    await store.stop();
  },
  120_000,
);

describe('an address that somebody wrote into the settings', () => {
  it('does nothing in a shell but be an address', async () => {
    const url = "http://store/it's$(exit);`id`&";
    const [, line = ''] = linesOf('wandb', url).split('\n');
    expect(await runToSuccess('bash', ['-euc', `${line}; printf %s "$WANDB_BASE_URL"`])).toBe(url);
  });
});

it.each(['wandb', 'mlflow', 'trackio', 'files'])('the guide names what the lines for %s set', (id) => {
  const guide = readFileSync(`${root}docs/logging.md`, 'utf8');
  const names = [...linesOf(id).matchAll(/^export (\w+)=/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    expect(guide).toContain(name);
  }
  expect(guide).toContain('npx rolloscope-store import --follow ');
});
