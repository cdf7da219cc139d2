import assert from 'node:assert/strict';
import type { RowsAnswer } from '@rolloscope/contract/types';
import { type Check, NothingToCheck, reads, type Scene, tableOf } from '../Check';

const PAGE = 7;

async function allPages(scene: Scene, body: object): Promise<RowsAnswer> {
  const first = await scene.store.ask('queryRows', { body: { ...body, limit: PAGE } });
  const whole = { ...first, rows: [...first.rows], rowIds: [...first.rowIds] };
  while (whole.rows.length < Math.min(first.total, 10 * PAGE)) {
    const next = await scene.store.ask('queryRows', {
      body: { ...body, limit: PAGE, offset: whole.rows.length, asOf: first.asOf },
    });
    assert.equal(next.total, first.total, 'total is the same on every page');
    assert.ok(next.rows.length > 0, 'no page before the end is empty');
    whole.rows.push(...next.rows);
    whole.rowIds.push(...next.rowIds);
  }
  return whole;
}

function columnOf(answer: RowsAnswer, type: string): { name: string; index: number } {
  const index = answer.columns.findIndex((column) => column.type === type && column.origin === 'logged');
  const name = answer.columns[index]?.name;
  if (name === undefined) {
    throw new NothingToCheck(`no ${type} column in the sample's table`);
  }
  return { name, index };
}

/** Reading rows, on whatever the sample holds. */
export const rows: Check[] = [
  reads('pages through a table: every row once, as wide as its columns', async (scene) => {
    const body = tableOf(scene);
    const paged = await allPages(scene, body);
    assert.deepEqual(
      paged.columns.slice(0, 3).map(({ name }) => name),
      ['run', 'step', 'time'],
    );
    assert.equal(new Set(paged.columns.map(({ name }) => name)).size, paged.columns.length, 'column names are unique');
    assert.ok(paged.rows.every((row) => row.length === paged.columns.length));
    assert.equal(new Set(paged.rowIds).size, paged.rows.length, 'row ids are unique');
    assert.ok(
      paged.rowIds.every((id) => /^[\w.~-]+$/.test(id)),
      'row ids are URL-safe',
    );
    const whole = await scene.store.ask('queryRows', { body: { ...body, limit: paged.rows.length, asOf: paged.asOf } });
    assert.deepEqual(whole.rows, paged.rows, 'one page of all is all pages of one');
    assert.deepEqual(whole.rowIds, paged.rowIds);
  }),

  reads('sorts by a number column, nulls last in either direction', async (scene) => {
    const body = tableOf(scene);
    const { name, index } = columnOf(await scene.store.ask('queryRows', { body: { ...body, limit: 1 } }), 'number');
    for (const direction of ['asc', 'desc'] as const) {
      const sorted = await allPages(scene, { ...body, orderBy: [{ column: name, direction }] });
      const cells = sorted.rows.map((row) => row[index]);
      const firstNull = cells.indexOf(null);
      assert.ok(firstNull === -1 || cells.slice(firstNull).every((cell) => cell === null), 'nulls come last');
      const numbers = cells.filter((cell) => typeof cell === 'number');
      const sign = direction === 'asc' ? 1 : -1;
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => sign * (a - b)),
        `${name} ${direction}`,
      );
    }
  }),

  reads('filters: a condition, its opposite and null make the whole', async (scene) => {
    const body = tableOf(scene);
    const page = await scene.store.ask('queryRows', { body: { ...body, limit: 20 } });
    const { name, index } = columnOf(page, 'number');
    const value = page.rows.map((row) => row[index]).find((cell) => typeof cell === 'number');
    const total = async (...filter: object[]) =>
      (await scene.store.ask('queryRows', { body: { ...body, filter, limit: 0, asOf: page.asOf } })).total;
    const [ge, lt, isNull, notANumber] = [
      await total({ column: name, op: 'ge', value }),
      await total({ column: name, op: 'lt', value }),
      await total({ column: name, op: 'isNull' }),
      await total({ column: name, op: 'eq', value: 'NaN' }),
    ];
    // NaN is neither below nor above, or above everything: either way it is counted once.
    assert.ok(
      [page.total, page.total - notANumber].includes(ge + lt + isNull),
      `${ge} + ${lt} + ${isNull} of ${page.total}`,
    );
    assert.equal(await total({ column: name, op: 'isNull', value: false }), page.total - isNull);
    assert.equal(
      await total({ column: name, op: 'in', value: [value] }),
      await total({ column: name, op: 'eq', value }),
    );
    const either = {
      anyOf: [
        { column: name, op: 'isNull' },
        { column: name, op: 'ge', value },
      ],
    };
    assert.equal(await total(either), ge + isNull);
  }),

  reads('searches text: plain ignores case, regex is RE2, columns narrow it', async (scene) => {
    const body = tableOf(scene);
    const page = await scene.store.ask('queryRows', { body: { ...body, limit: 1 } });
    const { name, index } = columnOf(page, 'string');
    const word = /[A-Za-z]{3,}/.exec(String(page.rows[0]?.[index]))?.[0];
    if (!word) {
      throw new NothingToCheck('no word in the first row');
    }
    const total = async (search: unknown) =>
      (await scene.store.ask('queryRows', { body: { ...body, search, limit: 0, asOf: page.asOf } })).total;
    const plain = await total(word.toLowerCase());
    assert.ok(plain > 0);
    assert.equal(await total(word.toUpperCase()), plain);
    assert.ok((await total({ text: word, mode: 'plain', case: true, columns: [name] })) > 0);
    assert.equal(await total({ text: `(?:${word})`, mode: 'regex' }), plain);
    assert.equal(await total('\u{1F9EA}no such text'), 0);
  }),

  reads('cuts long text in a page and gives it whole by row id', async (scene) => {
    const body = { ...tableOf(scene), limit: 5 };
    const whole = await scene.store.ask('queryRows', { body });
    const cut = await scene.store.ask('queryRows', { body: { ...body, preview: 3, asOf: whole.asOf } });
    const { name, index } = columnOf(whole, 'string');
    for (const [row, cells] of whole.rows.entries()) {
      const text = String(cells[index]);
      const length = [...text].length;
      const told = cut.cut.find(([r, c]) => r === row && c === index);
      assert.equal(told?.[2], length > 3 ? length : undefined, 'cut gives the full length');
      assert.equal(cut.rows[row]?.[index], [...text].slice(0, 3).join(''));
      const one = await scene.store.ask('row', { id: whole.rowIds[row] ?? '' });
      assert.equal(one.cells[name], text);
      assert.deepEqual([one.run, one.step, one.time], cells.slice(0, 3));
    }
  }),

  reads('gives the columns that were asked for, in their order', async (scene) => {
    const body = tableOf(scene);
    const { name } = columnOf(await scene.store.ask('queryRows', { body: { ...body, limit: 1 } }), 'number');
    const answer = await scene.store.ask('queryRows', { body: { ...body, columns: [name, 'step'], limit: 2 } });
    assert.deepEqual(
      answer.columns.map((column) => column.name),
      [name, 'step'],
    );
    assert.ok(answer.rows.every((row) => row.length === 2));
  }),

  reads('gives the latest version as a part of all', async (scene) => {
    const body = tableOf(scene);
    const all = await scene.store.ask('queryRows', { body: { ...body, limit: 0 } });
    const latest = await scene.store.ask('queryRows', { body: { ...body, version: 'latest', limit: 1_000 } });
    assert.ok(latest.total > 0 && latest.total <= all.total);
  }),

  reads('says which runs are missing, and is a 404 only when all are', async (scene) => {
    const { runs, table } = tableOf(scene);
    const answer = await scene.store.ask('queryRows', { body: { runs: [...runs, 'no-such-run'], table, limit: 1 } });
    assert.deepEqual(answer.missing?.runs, ['no-such-run']);
    await scene.store.refuse('queryRows', 'run_not_found', { body: { runs: ['no-such-run'], table } });
    await scene.store.refuse('queryRows', 'table_not_found', { body: { runs, table: 'no such table' } });
  }),

  reads('answers the same to a client that asks how far it is', async (scene) => {
    const body = { ...tableOf(scene), search: 'a', limit: 5 };
    const plain = await scene.store.ask('queryRows', { body });
    const query = { progress: 'conformance-1' };
    const followed = await scene.store.ask('queryRows', { body: { ...body, asOf: plain.asOf }, query });
    assert.deepEqual([followed.rows, followed.total], [plain.rows, plain.total]);
    const { share } = await scene.store.ask('progress', { id: 'conformance-1' });
    assert.equal(share, null, 'what is over is not under way');
    await scene.store.refuse('queryRows', 'invalid_request', { body, query: { progress: 'a b' } });
  }),
];
