import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRows, createRun } from '../../store/engine/conformance/changes';
import { EngineUnderTest } from '../../store/engine/conformance/EngineUnderTest';
import { openScaled } from './openScaled';

const store = new EngineUnderTest(openScaled());
beforeEach(() => store.begin());
afterEach(() => store.end());

/** The server refuses a value of more than 128 KB, so a larger one is sent in parts. */
it('finds rows by texts and lists that are larger than a value may be', async () => {
  const long = `${"👍'\\\n".repeat(60_000)}z`;
  const many = Array.from({ length: 30_000 }, (_, i) => `${i}`);
  await store.commit([
    { kind: 'run', run: createRun('a') },
    createRows('a', [long, 'x', `${long}y`]),
    createRows('a', many, { table: 'many' }),
  ]);
  const query = await store.query('a');
  const count = (narrowed: Partial<typeof query>) => store.engine.countRows({ ...query, ...narrowed });
  expect(await count({ filter: [{ column: 'text', op: 'eq', value: long }] })).toBe(1);
  expect(await count({ filter: [{ column: 'text', op: 'ne', value: long }] })).toBe(2);
  expect(await count({ filter: [{ column: 'text', op: 'in', value: [long, 'x'] }] })).toBe(2);
  expect(await count({ search: { text: long.slice(3, 70_000), mode: 'plain', case: true } })).toBe(2);
  const { rows } = await store.engine.rowNumbers({ ...query, table: 'many' }, []);
  const page = await store.engine.rowsByNumber('many', query.scopes, rows, ['text']);
  expect(page.rows.flat()).toEqual(many);
  const hashes = new Set(Array.from({ length: 5_000 }, (_, i) => `${'p'.repeat(64)} ${String(i).padStart(64, '0')}`));
  expect(await store.engine.firstRows('t', new Map([['a', hashes]]))).toEqual(new Map());
});
