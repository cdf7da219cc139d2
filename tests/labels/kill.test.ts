import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabelsAnswer, RowsAnswer } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { freePort } from '../processes/freePort';
import { startProcess } from '../processes/startProcess';

const BIN = new URL('../../store/bin/rolloscope-store.js', import.meta.url).pathname;

async function started(data: string) {
  const port = await freePort();
  const args = [BIN, 'serve', '--port', String(port), '--data', data];
  const store = startProcess(process.execPath, args);
  const url = `http://127.0.0.1:${port}/api/v1`;
  await expect
    .poll(async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok, { timeout: 60_000 })
    .toBe(true);
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url + path, {
      method,
      ...(body !== undefined && { headers, body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}`).toBe(true);
    return (await answer.json()) as T;
  };
  return { ...store, ask };
}

it('keeps every label that it said it has, though it is killed, and in a backup', async () => {
  const data = mkdtempSync(join(tmpdir(), 'rolloscope-labels-'));
  const copy = join(data, 'copy');
  const folder = join(data, 'store');
  try {
    let store = await started(folder);
    await store.ask('PUT', '/runs/r', { project: 'p' });
    const rows = Array.from({ length: 20 }, (_, i) => ['q', `a${i}`]);
    const entries = [{ step: 1, tables: { t: { columns: ['prompt', 'response'], rows } } }];
    await store.ask('POST', '/runs/r/log', { entries });
    const page = () => store.ask<RowsAnswer>('POST', '/query/rows', { runs: ['r'], table: 't' });
    const { rowIds } = await page();
    const said: string[] = [];
    const dying = Promise.all(
      rowIds.flatMap((id) =>
        ['ada', 'bob', 'cy'].map((person) =>
          store.ask('PUT', `/labels/${id}`, { person, star: true, comment: `${person} of ${id}` }).then(
            () => said.push(`${person} of ${id}`),
            () => undefined,
          ),
        ),
      ),
    );
    await expect.poll(() => said.length, { timeout: 60_000, interval: 1 }).toBeGreaterThan(0);
    await store.kill();
    await dying;
    store = await started(folder);
    for (const id of rowIds) {
      const { labels } = await store.ask<LabelsAnswer>('GET', `/labels/${id}`);
      const kept = labels.map(({ comment }) => comment);
      expect(kept).toEqual(expect.arrayContaining(said.filter((one) => one.endsWith(id))));
    }
    const backup = startProcess(process.execPath, [BIN, 'backup', copy, '--data', folder], { cwd: data });
    await expect.poll(() => backup.process.exitCode, { timeout: 60_000 }).toBe(0);
    const before = (await page()).rows;
    await store.stop();
    store = await started(copy);
    expect((await page()).rows).toEqual(before);
    await store.stop();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}, 240_000);
