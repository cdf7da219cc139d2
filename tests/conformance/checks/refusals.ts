import assert from 'node:assert/strict';
import type { ErrorCode } from '@rolloscope/contract/types';
import { type Check, metricOf, reads, tableOf } from '../Check';
import { expectError, StoreUnderTest } from '../StoreUnderTest';

/** What a store refuses when it is read, and how it says so. */
export const refusals: Check[] = [
  reads('tells a run, a metric, a row and an export that do not exist apart', async ({ store, sample }) => {
    await store.refuse('run', 'run_not_found', { id: 'no such run' });
    await store.refuse('row', 'row_not_found', { id: 'no-such-row' });
    await store.refuse('export', 'export_not_found', { id: 'no-such-ticket' });
    await store.refuse('queryMetrics', 'metric_not_found', {
      body: { runs: sample.runs, metrics: ['no such metric'] },
    });
    await store.refuse('queryMetrics', 'run_not_found', { body: { runs: ['no such run'], metrics: ['*'] } });
  }),

  reads('answers unknown paths and methods in the shape of its errors', async ({ store }) => {
    await expectError(await store.fetch('/nothing-here'), 'route_not_found', 'GET /nothing-here');
    await expectError(await store.fetch('/query/rows'), 'method_not_allowed', 'GET /query/rows');
    await expectError(await store.fetch('/health', { method: 'DELETE' }), 'method_not_allowed', 'DELETE /health');
  }),

  reads('refuses unknown fields and wrong types, and says where', async (scene) => {
    const body = tableOf(scene);
    const cases: [object, RegExp][] = [
      [{ ...body, limits: 5 }, /limits/],
      [{ ...body, limit: '5' }, /limit.*"5"/],
      [{ ...body, limit: null }, /limit/],
      [{ ...body, offset: 1.5 }, /offset/],
      [{ ...body, offset: -1 }, /offset/],
      [{ ...body, orderBy: [{ column: 'step', direction: 'up' }] }, /orderBy\[0\]\.direction/],
      [{ ...body, filter: [{ column: 'step', op: 'like', value: 1 }] }, /filter\[0\]\.op/],
      [{ ...body, steps: { from: '1' } }, /steps\.from/],
      [{ table: body.table }, /runs/],
    ];
    for (const [wrong, where] of cases) {
      const message = await scene.store.refuse('queryRows', 'invalid_request', { body: wrong });
      assert.match(message, where);
    }
  }),

  reads('refuses bodies that are not JSON, and says where they stop being it', async ({ store }) => {
    const message = await store.refuse('queryRows', 'invalid_json', { body: '{"runs": ["a"],\n "table": }' });
    assert.match(message, /line 2/i);
    await store.refuse('queryRows', ['invalid_json', 'invalid_request'], { body: '' });
    await store.refuse('queryRows', 'invalid_json', { body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) });
    await store.refuse('queryRows', 'invalid_request', { body: '[]' });
    await store.refuse('queryRows', ['limit_exceeded', 'invalid_json'], { body: '['.repeat(200_000) });
  }),

  reads('refuses columns, patterns, cursors and moments that it does not know', async (scene) => {
    const body = tableOf(scene);
    const cases: [ErrorCode, object][] = [
      ['unknown_column', { filter: [{ column: 'no such column', op: 'eq', value: 1 }] }],
      ['unknown_column', { orderBy: [{ column: 'no such column', direction: 'asc' }] }],
      ['invalid_pattern', { search: { text: '(', mode: 'regex' } }],
      ['invalid_pattern', { search: { text: '(?=a)b', mode: 'regex' } }],
      ['invalid_as_of', { asOf: 'not a moment' }],
      ['invalid_as_of', { since: 'not a moment' }],
    ];
    for (const [code, wrong] of cases) {
      await scene.store.refuse('queryRows', code, { body: { ...body, ...wrong } });
    }
    await scene.store.refuse('runs', 'invalid_cursor', { query: { cursor: 'not a cursor' } });
    const column = { column: 'no such column' };
    await scene.store.refuse('queryDistribution', 'unknown_column', { body: { ...body, ...column } });
  }),

  reads('names the limit that a request is beyond', async (scene) => {
    const { store } = scene;
    const body = tableOf(scene);
    const cases: object[] = [{ limit: 1_001 }, { search: 'x'.repeat(1_001) }, { runs: Array(1_001).fill('r') }];
    for (const beyond of cases) {
      assert.match(await store.refuse('queryRows', 'limit_exceeded', { body: { ...body, ...beyond } }), /limit/);
    }
    await store.refuse('run', 'limit_exceeded', { id: 'x'.repeat(257) });
    await store.refuse('queryMetrics', 'limit_exceeded', {
      body: { runs: metricOf(scene).runs, metrics: ['*'], maxPoints: 1_000_000 },
    });
  }),

  reads('takes filter values of the wrong type as no match or says so, and never fails', async (scene) => {
    const body = tableOf(scene);
    const values = ['text', 5, true, null, [], {}, [1, 'a'], -0, 1e308, 'NaN', '\u0000', "'; DROP TABLE runs; --"];
    for (const op of ['eq', 'ne', 'lt', 'ge', 'in', 'contains', 'matches', 'isNull']) {
      for (const value of values) {
        const filter = [{ column: 'step', op, value }];
        const response = await scene.store.send('queryRows', { body: { ...body, filter, limit: 1 } });
        if (response.status !== 200) {
          await expectError(response, ['invalid_request', 'invalid_pattern'], `step ${op} ${JSON.stringify(value)}`);
        }
      }
    }
  }),

  reads('wants its token, and tells a missing one from a wrong one', async ({ store, sample }) => {
    if (store.token === undefined) {
      return;
    }
    const id = sample.runs[0] ?? '';
    await new StoreUnderTest(store.base).refuse('run', 'token_missing', { id });
    await new StoreUnderTest(store.base, 'not the token').refuse('run', 'token_wrong', { id });
    await new StoreUnderTest(store.base).ask('health');
    const basic = { authorization: `Basic ${Buffer.from(`grafana:${store.token}`).toString('base64')}` };
    await new StoreUnderTest(store.base).ask('run', { id, headers: basic });
  }),
];
