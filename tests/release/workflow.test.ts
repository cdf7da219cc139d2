import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runProcess } from '../processes/startProcess';
import { root } from './makeRelease';

interface Workflow {
  on: { push: Record<string, string[]> };
  jobs: Record<string, { needs?: string | string[]; steps: { run?: string }[] }>;
}

describe('the workflow of a release', () => {
  const text = readFileSync(join(root, '.github/workflows/release.yaml'), 'utf8');
  const workflow = parse(text) as Workflow;

  it('begins with a tag alone, tests before it makes, and publishes what it made', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v*'] } });
    const { make, containers, publish } = workflow.jobs;
    const runs = make?.steps.flatMap(({ run }) => run ?? []) ?? [];
    expect(runs.slice(0, 2)).toEqual(['bash .ci/run', 'npm run release -- --tag "$GITHUB_REF_NAME"']);
    expect([containers?.needs, publish?.needs]).toEqual(['make', ['make', 'containers']]);
  });

  it('runs scripts that exist, that bash takes, and that stop at the first fault', async () => {
    const named = [...text.matchAll(/bash (\S+)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const script of named) {
      expect(existsSync(join(root, script)), script).toBe(true);
      const { code, stderr } = await runProcess('bash', ['-n', script], { cwd: root });
      expect([code, stderr]).toEqual([0, '']);
      expect(readFileSync(join(root, script), 'utf8')).toContain('set -euo pipefail');
    }
    const own = readdirSync(join(root, '.github/scripts')).map((file) => `.github/scripts/${file}`);
    expect(own.filter((script) => !named.includes(script))).toEqual([]);
  });

  it('takes no text of others into a shell', () => {
    for (const { steps } of Object.values(workflow.jobs)) {
      expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
    }
  });
});
