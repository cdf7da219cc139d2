import assert from 'node:assert/strict';
import { type Check, writes } from '../Check';
import { parseCsv } from '../parseCsv';
import { newRun } from './logging';

/** Names that break what was not written for them. */
export const HOSTILE = [
  'a/b',
  'a%2Fb',
  '100%',
  'what?&x=1#y',
  'line\nbreak\ttab\r',
  'quote"\'`back\\slash',
  "'; DROP TABLE runs; --",
  '__proto__',
  'constructor',
  'toString',
  'critic/rewards/mean(1e-4)',
  ' leading and trailing ',
  '..foo',
  'emoji 😀🧪 and 中文 and עברית',
  'nul\u0000byte',
  '*',
  '😀'.repeat(256),
];

/** Everything that was logged comes back as it was. */
export const values: Check[] = [
  writes('keeps every number, the non-finite ones as strings', async (scene) => {
    const run = await newRun(scene, 'numbers');
    const numbers = [0, -1.5, 0.1 + 0.2, 1e308, -1e308, 5e-324, 2 ** 53, 1e21, 'NaN', 'Infinity', '-Infinity'];
    await run.log(numbers.map((value, step) => ({ step, metrics: { m: value } })));
    assert.deepEqual(await run.values('m'), [numbers.map((value, step) => [step, value])]);
    const list = await scene.store.ask('queryMetricList', { body: { runs: [run.id] } });
    assert.deepEqual([list.metrics[0]?.min, list.metrics[0]?.max, list.metrics[0]?.last], [-1e308, 1e308, '-Infinity']);
  }),

  writes('keeps cells of every kind, to the byte', async (scene) => {
    const run = await newRun(scene, 'cells');
    const texts = [
      '',
      ' ',
      'a\nb\r\nc',
      '=1+1',
      '\ufeffmark',
      '\u0000',
      '\u2028',
      '<im_start>\\n</think>',
      '😀'.repeat(1000),
    ];
    const columns = ['text', 'number', 'flag', 'json', 'mixed'];
    const rows = texts.map((text, i) => [text, i / 3, i % 2 === 0, { i, deep: [text, null] }, i % 2 ? text : i]);
    await run.log([{ step: 1, tables: { t: { columns, rows: [...rows, columns.map(() => null)] } } }]);
    const answer = await run.rows('t', { columns });
    assert.deepEqual(
      answer.columns.map(({ type }) => type),
      ['string', 'number', 'boolean', 'json', 'json'],
    );
    assert.deepEqual(answer.rows, [...rows, columns.map(() => null)]);
  }),

  writes('makes a lone surrogate U+FFFD, in names and in text', async (scene) => {
    const run = await newRun(scene, 'surrogates');
    const body =
      '{"entries":[{"step":1,"metrics":{"m\\ud800":1},"tables":{"t":{"columns":["a"],"rows":[["x\\udc00y"]]}}}]}';
    await scene.store.ask('log', { id: run.id, body });
    assert.deepEqual(await run.values('m\ufffd'), [[[1, 1]]]);
    assert.deepEqual((await run.rows('t', { columns: ['a'] })).rows, [['x\ufffdy']]);
  }),

  writes('makes a column that was logged with two types JSON', async (scene) => {
    const run = await newRun(scene, 'retyped');
    await run.log([{ step: 1, tables: { t: { columns: ['a'], rows: [[1]] } } }]);
    await run.log([{ step: 2, tables: { t: { columns: ['a', 'b'], rows: [['one', true]] } } }]);
    const answer = await run.rows('t', { columns: ['a', 'b'] });
    assert.deepEqual(
      answer.columns.map(({ type }) => type),
      ['json', 'boolean'],
    );
    assert.deepEqual(answer.rows, [
      [1, null],
      ['one', true],
    ]);
  }),

  writes('gives a table of several runs the columns of all', async (scene) => {
    const [one, two] = [await newRun(scene, 'union-1'), await newRun(scene, 'union-2')];
    await one.log([{ step: 1, tables: { t: { columns: ['a'], rows: [[1]] } } }]);
    await two.log([{ step: 1, tables: { t: { columns: ['b'], rows: [['x']] } } }]);
    const body = { runs: [one.id, two.id], table: 't', columns: ['run', 'a', 'b'] };
    const { rows } = await scene.store.ask('queryRows', { body });
    assert.deepEqual(rows, [
      [one.id, 1, null],
      [two.id, null, 'x'],
    ]);
  }),

  writes('takes runs, metrics, tables and columns of any name', async (scene) => {
    for (const name of HOSTILE) {
      const id = [...`${name}${scene.fresh('')}`].slice(-256).join('');
      await scene.store.ask('putRun', {
        id,
        body: { project: scene.project, name, tags: [name], config: { [name]: 1 } },
      });
      const table = { columns: [name], rows: [[name]] };
      const entries = [{ step: 1, metrics: JSON.parse(`{${JSON.stringify(name)}:1}`), tables: { [name]: table } }];
      await scene.store.ask('log', { id, body: `{"entries":${JSON.stringify(entries)}}` });
      const run = await scene.store.ask('run', { id });
      assert.deepEqual([run.id, run.name, run.tags], [id, name, [name]]);
      assert.ok(Object.hasOwn(run.summary ?? {}, name), `summary has ${JSON.stringify(name)}`);
      const { series } = await scene.store.ask('queryMetrics', { body: { runs: [id], metrics: [name] } });
      assert.deepEqual(
        series.map(({ run, metric, value }) => [run, metric, value]),
        [[id, name, [1]]],
      );
      const rows = await scene.store.ask('queryRows', { body: { runs: [id], table: name, columns: [name] } });
      assert.deepEqual(rows.rows, [[name]]);
      const row = await scene.store.ask('row', { id: rows.rowIds[0] ?? '' });
      assert.ok(Object.hasOwn(row.cells, name) && row.cells[name] === name, `the row's cell ${JSON.stringify(name)}`);
      const filter = [{ column: name, op: 'eq', value: name }];
      assert.equal((await scene.store.ask('queryRows', { body: { runs: [id], table: name, filter } })).total, 1);
      const ticket = await scene.store.ask('createExport', { body: { runs: [id], table: name, format: 'jsonl' } });
      const line = await (await scene.store.fetch(ticket.path)).text();
      assert.ok(line.includes(`${JSON.stringify(name)}:${JSON.stringify(name)}`), 'the export has the cell');
      await scene.store.ask('deleteRun', { id });
    }
  }),

  writes('disarms formulas in CSV, and nothing else', async (scene) => {
    const run = await newRun(scene, 'formulas');
    const cells = ['=1+1', '+x', '-x', '@x', '\tx', '-5', 'a,"b"\nc', 'plain'];
    await run.log([
      { step: 1, tables: { t: { columns: ['a', 'n'], rows: cells.map((cell, i) => [cell, -(i + 1) / 3]) } } },
    ]);
    const body = { runs: [run.id], table: 't', format: 'csv', columns: ['a', 'n'] };
    const ticket = await scene.store.ask('createExport', { body });
    const records = parseCsv(await (await scene.store.fetch(ticket.path)).text());
    const disarmed = ["'=1+1", "'+x", "'-x", "'@x", "'\tx", '-5', 'a,"b"\nc', 'plain'];
    assert.deepEqual(
      records.slice(1).map(([a]) => a),
      disarmed,
    );
    assert.deepEqual(
      records.slice(1).map(([, n]) => Number(n)),
      cells.map((_, i) => -(i + 1) / 3),
    );
  }),
];
