import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whyNoImage } from '../../.config/release/image';
import { runProcess } from '../processes/startProcess';
import { hadolintOf, installCheckers } from './checkers';
import { root } from './makeRelease';

it('hadolint finds nothing in the Dockerfile', async () => {
  const hadolint = hadolintOf(await installCheckers());
  const { code, stdout } = await runProcess(hadolint, ['--failure-threshold', 'info', 'store/Dockerfile'], {
    cwd: root,
  });
  expect([code, stdout]).toEqual([0, '']);
});

it('the Dockerfile copies what there is, and runs as a user that is a number', () => {
  const text = readFileSync(join(root, 'store/Dockerfile'), 'utf8');
  const workspaces = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces as string[];
  for (const workspace of workspaces) {
    expect(text.match(new RegExp(`^COPY ${workspace}/package\\.json ${workspace}/$`, 'gm')), workspace).toHaveLength(2);
  }
  expect(text).toMatch(/^USER \d+:\d+$/m);
});

it('says in a sentence why there is no image, where docker cannot build one', () => {
  const why = whyNoImage();
  expect(why ?? 'docker builds here').toMatch(/^docker \S/);
});
