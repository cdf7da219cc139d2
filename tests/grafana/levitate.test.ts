import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runProcess } from '../processes/startProcess';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What Grafana's own checker finds between the packages we build against and those of another release. */
async function findings(module: string, version: string): Promise<string[]> {
  const target = ['data', 'ui', 'runtime'].map((name) => `@grafana/${name}@${version}`).join(',');
  const args = ['@grafana/levitate', 'is-compatible', '--path', module, '--target', target];
  // It exits with 1 for every finding, type-only ones too.
  const { stdout } = await runProcess('npx', args, { cwd: root });
  expect(stdout, 'levitate compared the packages').toMatch(/appears to be compatible|is not fully compatible/);
  return stdout.split('\n').filter((line) => /^\d+\) /.test(line));
}

describe('levitate', () => {
  // 13.2.2 is what the types come from: `tsc` holds that end.
  it.each(['src/datasource/module.ts', 'src/panel/module.ts', 'src/metrics/module.ts'])(
    '%s uses nothing that Grafana 11.6.16 lacks',
    async (module) => {
      // "Changed" is the type of a parameter, which makes no difference at run time; "Removed" does.
      expect((await findings(module, '11.6.16')).filter((line) => !line.includes(') Changed'))).toEqual([]);
    },
    300_000,
  );
});
