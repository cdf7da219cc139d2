import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { isLargeInteger } from '@rolloscope/contract';
import { csvRecord } from '@rolloscope/contract/csv';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toolPath } from '../../../.config/testTools';
import { wellFormed } from '../../json/wellFormed';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';
import { csvRecords } from './csvRecords';
import { csvValue } from './csvValue';

/*
 * Any table of any JSON, through every way in, comes back equal: by page, by export, and imported again.
 */

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-trips-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

/** Names that tell no role and no step; the table is named, so that every record is a row. */
const COLUMNS = ['c1', 'Ünï "c", 2', 'c;3'];
const cell = fc.oneof(
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 3 },
  fc.constantFrom<unknown>(
    '',
    'nan',
    'NaN',
    'True',
    '1',
    '007',
    '1,5',
    'a "b", c',
    '\r\n',
    '\u0000',
    null,
    true,
    0.1 + 0.2,
    -0,
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }).map(String),
  fc.string({ unit: 'binary' }),
);
const tables = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });

const same = (value: unknown): unknown => JSON.parse(JSON.stringify(wellFormed(value) ?? null));
let count = 0;

async function log(rows: unknown[][]): Promise<string> {
  const run = `native-${++count}`;
  await store.ask('PUT', `/runs/${run}`, { project: 'p' });
  await store.ask('POST', `/runs/${run}/log`, { entries: [{ tables: { t: { columns: COLUMNS, rows } } }] });
  return run;
}

async function importFile(name: string, content: string | Buffer): Promise<string> {
  const run = `import-${++count}`;
  mkdirSync(join(base, run));
  writeFileSync(join(base, run, name), content);
  const source = startImport(join(base, run), store.url, { plain: { table: 't' }, state: join(base, 'state') });
  await source.pass(true);
  source.close();
  expect(source.summary.refused).toBe(0);
  return run;
}

const pageOf = async (run: string) =>
  (await store.rows(run, 't')).map((row) => COLUMNS.map((column) => row[column] ?? null));

async function exported(run: string, format: 'csv' | 'jsonl'): Promise<string> {
  const { path } = await store.ask<{ path: string }>('POST', '/export', {
    runs: [run],
    table: 't',
    columns: COLUMNS,
    format,
  });
  return (await fetch(`${store.url}/api/v1${path}`)).text();
}

/** A column of numbers has booleans as such, and other ways to write what is not finite; nothing else may differ. */
function isKept(got: unknown, logged: unknown): boolean {
  const [a, b] = [JSON.stringify(got), JSON.stringify(same(logged))];
  const isWord = typeof logged === 'string' && /^[+-]?(nan|inf|infinity)$/i.test(logged);
  return (
    a === b ||
    a === logged ||
    (typeof logged === 'boolean' && got === Number(logged)) ||
    isWord ||
    // An integer beyond 2^53 is the text of its digits.
    (typeof logged === 'number' && got === String(logged) && isLargeInteger(String(logged))) ||
    Object.is(Number(a), Number(b))
  );
}

it('comes back equal from a log call, a file of JSON lines, a list of JSON, and an export of it', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (rows) => {
      const native = await log(rows);
      const page = await pageOf(native);
      expect(page).toHaveLength(rows.length);
      page.forEach((row, r) => {
        row.forEach((got, c) => {
          expect(isKept(got, rows[r]?.[c]), `${JSON.stringify(got)} for ${JSON.stringify(rows[r]?.[c])}`).toBe(true);
        });
      });
      const records = rows.map((row) => Object.fromEntries(COLUMNS.map((column, c) => [column, row[c]])));
      const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      expect(await pageOf(await importFile('x.jsonl', lines))).toEqual(page);
      expect(await pageOf(await importFile('x.jsonl', JSON.stringify(records, undefined, 1)))).toEqual(page);
      expect(await pageOf(await importFile('x.jsonl', await exported(native, 'jsonl')))).toEqual(page);
    }),
    { numRuns: 25, examples: [[[[[{ a: 1 }], {}, false]]], [[[[{}], {}, false]]]] },
  );
});

it('comes back from CSV as what its cells say, which is all that CSV has', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (rows) => {
      const page = await pageOf(await log(rows));
      const csv = await exported(await log(rows), 'csv');
      const written = page.map((row) => row.map((one) => plainCell(one)));
      const expected = await log(written.map((row) => row.map((text) => csvValue(text, { hasCommas: false }))));
      expect(await pageOf(await importFile('x.csv', csv))).toEqual(await pageOf(expected));
    }),
    { numRuns: 25 },
  );
});

/** A cell as the export writes it, without its quotes. */
function plainCell(one: unknown): string {
  const text = csvRecord([one]).slice(0, -2);
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

it('comes back equal from parquet', { timeout: 120_000 }, async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const row = fc.tuple(
    fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    fc.option(fc.double({ noDefaultInfinity: true, noNaN: true })),
    fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000'))),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
      const path = join(base, 'x.parquet');
      const text = (one: string | null) => (one === null ? 'NULL' : `'${one.replaceAll("'", "''")}'`);
      const values = rows.map(
        ([a, b, c]) => `(${a ?? 'NULL'}::BIGINT, ${b === null ? 'NULL' : `'${b}'`}::DOUBLE, ${text(c)}::VARCHAR)`,
      );
      await connection.run(
        `COPY (SELECT * FROM (VALUES ${values.join(',')}) t("c1", "Ünï ""c"", 2", "c;3")) TO '${path}' (FORMAT parquet)`,
      );
      const numberOf = (one: bigint) => (Number.isSafeInteger(Number(one)) ? Number(one) : String(one));
      const expected = await log(rows.map(([a, b, c]) => [a === null ? null : numberOf(a), b, c]));
      expect(await pageOf(await importFile('x.parquet', readFileSync(path)))).toEqual(await pageOf(expected));
    }),
    { numRuns: 25 },
  );
  connection.closeSync();
});

const python = (script: string, input: string): string => {
  const { stdout, stderr, status } = spawnSync(toolPath('python'), ['-c', script], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect(status, stderr).toBe(0);
  return stdout;
};
const IO =
  'import csv, json, sys, io\nsys.stdin.reconfigure(newline="", encoding="utf-8"); sys.stdout.reconfigure(newline="", encoding="utf-8")\n';

it("reads what Python's csv writes, and is read by it", { timeout: 60_000 }, async () => {
  const unit = fc.oneof(
    fc.constantFrom(',', '"', '\n', '\r', ';', '|', '\t', '\\', ' ', "'", 'é', '🙂', 'a'),
    fc.string(),
  );
  const texts = fc.string({ unit }).map((text) => text.toWellFormed().replaceAll('\u0000', ''));
  const all = fc.sample(fc.array(fc.tuple(texts, texts), { minLength: 1, maxLength: 8 }), { numRuns: 150, seed: 7 });
  const files = JSON.parse(
    python(
      `${IO}
data = json.load(sys.stdin)
out = []
for rows in data:
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        for delimiter in ",;\\t|":
            f = io.StringIO(newline="")
            csv.writer(f, delimiter=delimiter, quoting=quoting).writerows([["prompt", "response"]] + rows)
            out.append([rows, f.getvalue()])
json.dump(out, sys.stdout)`,
      JSON.stringify(all),
    ),
  ) as [string[][], string][];
  for (const [rows, text] of files) {
    const read: unknown[] = [];
    const bytes = Buffer.from(text);
    const source = {
      isPlain: true,
      end: bytes.length,
      fault: undefined,
      isCut: false,
      async *read(from: number) {
        yield bytes.subarray(from);
      },
    };
    for await (const { value, fault } of csvRecords(source, { offset: 0, number: 0, line: 0 }, true)) {
      expect(fault).toBeUndefined();
      read.push(
        ...(value
          ? [Object.values(value).map((one) => (one === null ? '' : typeof one === 'string' ? one : 'json'))]
          : []),
      );
    }
    const isBlank = (row: string[]) => row.every((one) => one === '');
    expect(
      read.filter((row) => !isBlank(row as string[])),
      JSON.stringify(text),
    ).toEqual(rows.filter((row) => !isBlank(row)));
  }
  const ours = all.map((rows) => rows.map((row) => csvRecord(row)).join(''));
  const theirs = JSON.parse(
    python(
      `${IO}json.dump([list(csv.reader(io.StringIO(text, newline=""))) for text in json.load(sys.stdin)], sys.stdout)`,
      JSON.stringify(ours),
    ),
  ) as string[][][];
  // What a spreadsheet would run has an apostrophe in front.
  const asWritten = (text: string) => {
    const field = csvRecord([text]).slice(0, -2).replace(/^"/, '');
    return field.startsWith("'") && !text.startsWith("'") ? `'${text}` : text;
  };
  expect(theirs).toEqual(all.map((rows) => rows.map((row) => row.map(asWritten))));
});
