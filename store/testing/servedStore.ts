import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MetricsAnswer, RowsAnswer, Run } from '@rolloscope/contract/types';
import { createApp } from '../app';
import { Tokens } from '../http/Tokens';

/** A store that listens on a free port of loopback, with what tests read of it. */
export async function servedStore(port = 0, directory?: string) {
  const data = directory ?? (await mkdtemp(join(tmpdir(), 'rolloscope-served-')));
  const faults: unknown[] = [];
  const app = await createApp({ data, tokens: new Tokens([]), log: (line) => faults.push(line) });
  const url = await app.fastify.listen({ port, host: '127.0.0.1' });
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api/v1${path}`, init);
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  };
  return {
    url,
    data,
    faults,
    ask,
    run: (id: string) => ask<Run>('GET', `/runs/${encodeURIComponent(id)}`),
    /** Every point, as `step: value` by metric. */
    async points(run: string, attempts?: 'all'): Promise<Record<string, [number | null, number | string][]>> {
      const body = { runs: [run], metrics: ['*'], reduce: 'none', ...(attempts && { attempts }) };
      const { series } = await ask<MetricsAnswer>('POST', '/query/metrics', body);
      return Object.fromEntries(
        series.map(({ metric, step, value }) => [metric, value.map((one, i) => [step[i] ?? null, one] as const)]),
      ) as Record<string, [number | null, number | string][]>;
    },
    /** Every row, by its logged columns and its step. */
    async rows(run: string, table: string): Promise<Record<string, unknown>[]> {
      const all: Record<string, unknown>[] = [];
      for (let offset = 0, total = 1; offset < total; offset += 1_000) {
        const body = { runs: [run], table, offset, limit: 1_000 };
        const page = await ask<RowsAnswer>('POST', '/query/rows', body);
        total = page.total;
        const names = page.columns.map(({ name, origin }) =>
          origin === 'logged' || name === 'step' ? name : undefined,
        );
        for (const row of page.rows) {
          const cells = row.flatMap((cell, i) => (names[i] === undefined ? [] : [[names[i], cell] as const]));
          all.push(Object.fromEntries(cells));
        }
      }
      return all;
    },
    /** Roles by column. */
    async roles(run: string, table: string): Promise<Record<string, string>> {
      const { columns } = await ask<RowsAnswer>('POST', '/query/rows', { runs: [run], table, limit: 1 });
      return Object.fromEntries(columns.flatMap(({ name, role }) => (role ? [[name, role]] : [])));
    },
    /** Ends; the data stays if its folder was given. */
    async stop(): Promise<void> {
      await app.close();
      if (directory === undefined) {
        await rm(data, { recursive: true, force: true });
      }
    },
  };
}

export type ServedStore = Awaited<ReturnType<typeof servedStore>>;
