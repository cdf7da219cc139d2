import assert from 'node:assert/strict';
import { LIMITS } from '@rolloscope/contract';
import { type Check, writes } from '../Check';
import { expectError } from '../StoreUnderTest';
import { newRun } from './logging';

/** What every store promises to take. Its own limits may be higher. */
const PROMISED = { entries: 10_000, bodyBytes: 16 * 1024 * 1024, cellBytes: 1024 * 1024, pageRows: 1_000, series: 500 };

/** Limits, at their promised sizes and just beyond. */
export const limits: Check[] = [
  writes(`takes ${PROMISED.entries} entries in one call and gives them all back`, async (scene) => {
    const run = await newRun(scene, 'entries');
    const entries = Array.from({ length: PROMISED.entries }, (_, step) => ({ step, metrics: { m: step / 7 } }));
    assert.deepEqual(await run.log(entries), { accepted: PROMISED.entries });
    const [values] = await run.values('m', { maxPoints: PROMISED.entries });
    assert.equal(values?.length, PROMISED.entries);
    const beyond = Array(LIMITS.entries + 1).fill({});
    await scene.store.refuse('log', 'limit_exceeded', { id: run.id, body: { entries: beyond } });
  }),

  writes('takes cells of a megabyte, in a body of 16 megabytes', async (scene) => {
    const run = await newRun(scene, 'cells');
    const cell = 'é'.repeat(PROMISED.cellBytes / 2);
    const rows = Array.from({ length: 15 }, (_, i) => [i, cell]);
    await run.log([{ step: 1, tables: { t: { columns: ['i', 'text'], rows } } }]);
    const page = await run.rows('t', { preview: 10, columns: ['text'] });
    assert.equal(page.total, 15);
    const row = await scene.store.ask('row', { id: page.rowIds[14] ?? '' });
    assert.ok(row.cells.text === cell, 'the megabyte came back');
  }),

  writes(`gives pages of ${PROMISED.pageRows} rows`, async (scene) => {
    const run = await newRun(scene, 'page');
    const rows = Array.from({ length: PROMISED.pageRows + 5 }, (_, i) => [i]);
    await run.log([{ step: 1, tables: { t: { columns: ['i'], rows } } }]);
    const page = await run.rows('t', { limit: PROMISED.pageRows, columns: ['i'] });
    assert.deepEqual(page.rows, rows.slice(0, PROMISED.pageRows));
    assert.deepEqual((await run.rows('t', { offset: PROMISED.pageRows, columns: ['i'] })).rows.length, 5);
  }),

  writes(`gives ${PROMISED.series} series, and says when there are more`, async (scene) => {
    const run = await newRun(scene, 'series');
    const names = Array.from({ length: LIMITS.series + 10 }, (_, i) => `m/${i}`);
    await run.log([{ step: 1, metrics: Object.fromEntries(names.map((name, i) => [name, i])) }]);
    const ask = (metrics: string[]) => scene.store.ask('queryMetrics', { body: { runs: [run.id], metrics } });
    const all = await ask(names.slice(0, PROMISED.series));
    assert.deepEqual([all.series.length, all.truncated ?? false], [PROMISED.series, false]);
    const capped = await ask(['m/*']);
    assert.ok(capped.series.length >= PROMISED.series);
    assert.equal(capped.truncated ?? false, capped.series.length < names.length);
  }),

  writes(
    'answers a body that is too large with its limit, also when it comes in chunks or compressed',
    async (scene) => {
      const run = await newRun(scene, 'too-large');
      const spaces = new Uint8Array(LIMITS.bodyBytes + 1).fill(0x20);
      const send = (body: BodyInit, headers: Record<string, string> = {}) =>
        fetch(`${scene.store.base}/runs/${encodeURIComponent(run.id)}/log`, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            ...(scene.store.token !== undefined && { authorization: `Bearer ${scene.store.token}` }),
            ...headers,
          },
          ...(body instanceof ReadableStream && { duplex: 'half' }),
        } as RequestInit);
      const squeezed = new Blob([spaces]).stream().pipeThrough(new CompressionStream('gzip'));
      const compressed = new Uint8Array(await new Response(squeezed).arrayBuffer());
      for (const [what, response] of [
        ['whole', await send(spaces)],
        ['in chunks', await send(new Blob([spaces]).stream())],
        ['compressed', await send(compressed, { 'content-encoding': 'gzip' })],
      ] as const) {
        assert.match(await expectError(response, 'body_too_large', what), new RegExp(String(LIMITS.bodyBytes)));
      }
      const small = await new Response(
        new Blob(['{"entries":[{"step":1,"metrics":{"m":1}}]}']).stream().pipeThrough(new CompressionStream('gzip')),
      ).arrayBuffer();
      assert.equal((await send(small, { 'content-encoding': 'gzip' })).status, 200, 'a compressed body is taken');
      assert.deepEqual(await run.values('m'), [[[1, 1]]]);
    },
  ),

  writes('refuses what is beyond a limit inside a table, and names it', async (scene) => {
    const run = await newRun(scene, 'beyond');
    const log = (columns: unknown[], rows: unknown[][]) =>
      scene.store.refuse('log', ['limit_exceeded', 'body_too_large'], {
        id: run.id,
        body: { entries: [{ step: 1, tables: { t: { columns, rows } } }] },
      });
    assert.match(await log(['a'], [['x'.repeat(LIMITS.cellBytes + 1)]]), /limit/);
    const columns = Array.from({ length: LIMITS.columns + 1 }, (_, i) => `c${i}`);
    assert.match(await log(columns, []), /limit/);
    assert.match(await log(['x'.repeat(LIMITS.nameChars + 1)], []), /limit/);
  }),
];
