import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportAnswer, ExportRequest, RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeFolder, removeFolder } from '../clients/folders';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { installReaders, readWith } from './pythonReaders';

vi.setConfig({ testTimeout: 120_000 });
let ours: OurStore;
let python: string;
let folder: string;
beforeAll(async () => {
  [ours, python, folder] = await Promise.all([startOurs(), installReaders(), makeFolder()]);
}, 300_000);
afterAll(async () => {
  await ours?.stop();
  await removeFolder(folder);
});

async function call<T>(path: string, body: unknown, method = 'POST'): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${ours.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as T;
}

async function download(
  request: ExportRequest,
): Promise<{ path: string; bytes: Buffer; rows: number; type: string | null }> {
  const { path, rows } = await call<ExportAnswer>('/export', request);
  const answer = await fetch(`${ours.url}/api/v1${path}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const file = join(folder, 'rows.parquet');
  await writeFile(file, bytes);
  return { path: file, bytes, rows, type: answer.headers.get('content-type') };
}

const columns = ['response', 'reward', 'correct', 'extra', 'id', 'a.b "c"', '__proto__'];
const table = [
  ['=HYPERLINK("http://x")', 0.1, true, { a: [1, 'é'] }, '9007199254740993', 'x', 1],
  ['', -0.5, false, [1, 2], '9223372036854775807', '👍\u0000\n', 2],
  ['+1', 'NaN', null, 'text', '1', null, 3],
  [null, 'Infinity', null, 5, null, '', 4],
  ['-2', '-Infinity', true, null, '12345678901234567890123', 'y', 5],
  ['last', 5e-324, false, false, '0', 'z', Number.MAX_SAFE_INTEGER],
];

it('every cell is what it was, for pyarrow, pandas and DuckDB, of the type that its column has', async () => {
  await call('/runs/typed', { project: 'p' }, 'PUT');
  const entries = table.map((row, step) => ({
    step,
    time: 1_700_000_000_000 + step,
    tables: { t: { columns, rows: [row] } },
  }));
  await call('/runs/typed/log', { entries });
  const asked = { runs: ['typed'], table: 't', columns: ['run', 'step', 'time', ...columns] };
  const page = await call<RowsAnswer>('/query/rows', asked);
  const { path, rows, type, bytes } = await download({ ...asked, format: 'parquet' });
  expect([rows, type, bytes.toString('latin1', 0, 4)]).toEqual([6, 'application/vnd.apache.parquet', 'PAR1']);
  const read = await readWith(python, 'parquet.py', [path]);
  expect(read.types).toEqual(
    Object.fromEntries(
      page.columns.map(({ name, type }) => {
        const isWhole = name === 'step' || name === 'time';
        return [name, type === 'number' ? (isWhole ? 'int64' : 'double') : type === 'boolean' ? 'bool' : 'string'];
      }),
    ),
  );
  const kinds = Object.fromEntries(page.columns.map((column) => [column.name, column.type]));
  expect(kinds).toMatchObject({
    reward: 'number',
    correct: 'boolean',
    extra: 'json',
    response: 'string',
    id: 'string',
  });
  // JSON is its text; non-finite numbers are numbers there.
  const words: Record<string, string> = { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' };
  const wanted = page.rows.map((row) =>
    row.map((cell, i) => {
      const { type } = page.columns[i] ?? {};
      if (type === 'json') {
        return cell === null ? null : JSON.stringify(cell);
      }
      return type === 'number' && typeof cell === 'string' ? words[cell] : cell;
    }),
  );
  expect(read.rows).toEqual(wanted);
  expect(read.duckdb).toEqual({ names: asked.columns, rows: wanted });
  expect(read.pandas).toMatchObject({ rows: 6, columns: asked.columns });
});

it('an export without rows is a file that has its columns', async () => {
  const filter = [{ column: 'step', op: 'gt' as const, value: 100 }];
  const asked = { runs: ['typed'], table: 't', columns: ['step', 'response'], filter };
  const { path, rows } = await download({ ...asked, format: 'parquet' });
  expect(rows).toBe(0);
  expect(await readWith(python, 'parquet.py', [path])).toMatchObject({
    rows: [],
    duckdb: { names: ['step', 'response'], rows: [] },
  });
});

it('many rows come in groups, in the order asked for, as the JSON lines do', async () => {
  await call('/runs/many', { project: 'p' }, 'PUT');
  const rows = Array.from({ length: 12_000 }, (_, i) => [i, (i * 7_919) % 12_000, `${i} ${'word '.repeat(100)}`, null]);
  for (let from = 0; from < rows.length; from += 4_000) {
    const part = rows.slice(from, from + 4_000);
    await call('/runs/many/log', {
      entries: [{ step: from, tables: { t: { columns: ['i', 'n', 'text', 'none'], rows: part } } }],
    });
  }
  const orderBy = [{ column: 'n', direction: 'desc' as const }];
  const asked = { runs: ['many'], table: 't', columns: ['n', 'i', 'text', 'none'], orderBy };
  const { path, bytes } = await download({ ...asked, format: 'parquet' });
  const read = await readWith(python, 'parquet.py', [path]);
  expect(read.groups).toBeGreaterThan(2);
  const wanted = rows.toSorted((a, b) => Number(b[1]) - Number(a[1])).map(([i, n, text, none]) => [n, i, text, none]);
  expect(read.rows).toEqual(wanted);
  expect((read.duckdb as { rows: unknown }).rows).toEqual(wanted);
  expect(bytes.length).toBeLessThan(JSON.stringify(wanted).length / 4);
});
