import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MetricsAnswer, RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, expect, it } from 'vitest';
import { startStore } from '../bench/startStore';
import { type Started, startProcess } from '../processes/startProcess';

const ROUNDS = 12;
const bin = fileURLToPath(new URL('../../store/bin/rolloscope-store.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-follow-'));
const run = join(folder, 'job');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function importer(url: string, ...args: string[]): Started {
  const all = [bin, 'import', run, '--project', 'p', '--url', url, '--state', join(folder, 'state'), ...args];
  return startProcess(process.execPath, all);
}

async function post<T>(url: string, path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as T;
}

/** A trainer: writes a piece now and then, cut anywhere. */
class Trainer {
  private left = Buffer.alloc(0);
  step = 0;

  write(): void {
    this.step++;
    const { step } = this;
    mkdirSync(join(run, 'rollouts'), { recursive: true });
    const rows = Array.from({ length: 8 }, (_, i) => {
      const output = `${step}.${i} ${'long '.repeat(200)}`;
      return `${JSON.stringify({ input: `p${step}`, output, score: i, step })}\n`;
    });
    appendFileSync(join(run, 'rollouts', `${step}.jsonl`), rows.join(''));
    const line = Buffer.concat([this.left, Buffer.from(`${JSON.stringify({ step, data: { m: step / 3 } })}\n`)]);
    const cut = Math.max(0, line.length - ((step * 7) % 30));
    appendFileSync(join(run, 'metrics.jsonl'), line.subarray(0, cut));
    this.left = line.subarray(cut);
  }

  end(): void {
    appendFileSync(join(run, 'metrics.jsonl'), this.left);
  }
}

it(`takes everything once while it is killed ${ROUNDS} times, and the store with it`, {
  timeout: 180_000,
}, async () => {
  const data = join(folder, 'data');
  let store = await startStore({ data });
  const port = Number(new URL(store.url).port);
  const trainer = new Trainer();
  trainer.write();
  let writing = true;
  const training = (async () => {
    while (writing) {
      trainer.write();
      await pause(15);
    }
  })();
  for (let round = 0; round < ROUNDS; round++) {
    const child = importer(store.url, '--follow');
    await pause(450 + ((round * 137) % 700));
    if (round % 4 === 2) {
      await store.kill();
      await pause(300);
      store = await startStore({ data, port });
      await pause(400);
    }
    await child.kill();
  }
  writing = false;
  await training;
  trainer.end();
  const last = importer(store.url);
  expect(await last.ended, last.output()).toBe(0);

  const steps = Array.from({ length: trainer.step }, (_, i) => i + 1);
  const { series } = await post<MetricsAnswer>(store.url, '/query/metrics', {
    runs: ['job'],
    metrics: ['*'],
    reduce: 'none',
    attempts: 'all',
  });
  expect(series.map(({ metric, step, value }) => [metric, step, value])).toEqual([
    ['m', steps, steps.map((step) => step / 3)],
  ]);
  const seen: string[] = [];
  for (let offset = 0, total = 1; offset < total; offset += 1_000) {
    const page = await post<RowsAnswer>(store.url, '/query/rows', {
      runs: ['job'],
      table: 'rollouts',
      columns: ['response'],
      preview: 12,
      offset,
      limit: 1_000,
    });
    total = page.total;
    seen.push(...page.rows.map(([response]) => String(response).split(' ')[0] ?? ''));
  }
  expect(seen.toSorted()).toEqual(
    steps.flatMap((step) => Array.from({ length: 8 }, (_, i) => `${step}.${i}`)).toSorted(),
  );
  process.stdout.write(`${ROUNDS} importers killed over ${trainer.step} steps, each taken once\n`);
  await store.stop();
});
