import assert from 'node:assert/strict';
import { LENSES } from '@rolloscope/contract';
import { type Check, reads, tableOf } from '../Check';

/** What a selection can be narrowed by: each count is what the page then has. */
export const narrowing: Check[] = [
  reads('counts the values of a column as a filter finds them', async (scene) => {
    const body = tableOf(scene);
    const { columns } = await scene.store.ask('queryRows', { body: { ...body, limit: 1 } });
    const named = columns.filter(({ type }) => type !== 'json').slice(0, 5);
    const facets = await scene.store.ask('queryFacets', {
      body: { ...body, columns: named.map(({ name }) => name), values: 5 },
    });
    assert.deepEqual(
      facets.columns.map(({ name }) => name),
      named.map(({ name }) => name),
      'the columns that were asked for, in their order',
    );
    const total = async (condition: object) =>
      (await scene.store.ask('queryRows', { body: { ...body, filter: [condition], limit: 0, asOf: facets.asOf } }))
        .total;
    for (const { name, nulls, distinct, values } of facets.columns) {
      assert.ok(values.length <= Math.min(5, distinct), `${name}: no more values than there are, or were asked for`);
      assert.ok(
        values.every(({ rows }, i) => i === 0 || rows <= (values[i - 1]?.rows ?? 0)),
        `${name}: the most frequent first`,
      );
      assert.equal(await total({ column: name, op: 'isNull' }), nulls, `${name}: nulls`);
      for (const { value, rows } of values) {
        assert.equal(await total({ column: name, op: 'eq', value }), rows, `${name} = ${JSON.stringify(value)}`);
      }
    }
    await scene.store.refuse('queryFacets', 'unknown_column', { body: { ...body, columns: ['no such column'] } });
  }),

  reads(
    'counts every lens as its page, and refuses one that the table does not have what it needs for',
    async (scene) => {
      const body = tableOf(scene);
      const { lenses = [], total, asOf } = await scene.store.ask('queryFacets', { body: { ...body, lenses: true } });
      assert.deepEqual(lenses.map(({ lens }) => lens).toSorted(), [...LENSES].toSorted(), 'every lens is told of');
      for (const { lens, rows, needs } of lenses) {
        assert.ok((rows === undefined) !== (needs === undefined), `${lens}: a count, or what it would need`);
        if (rows === undefined && (lens === 'labelled' || lens === 'disputed')) {
          // Somebody may label a rollout at any time: who asks for that is told that there are none yet.
          const page = await scene.store.ask('queryRows', { body: { ...body, lens } });
          assert.equal(page.total, 0, lens);
          continue;
        }
        if (rows === undefined) {
          await scene.store.refuse('queryRows', 'unknown_column', { body: { ...body, lens } });
          continue;
        }
        const page = await scene.store.ask('queryRows', { body: { ...body, lens, limit: 1_000, asOf } });
        assert.equal(page.total, rows, lens);
        assert.ok(rows <= total && (lens !== 'newest' || rows === total), `${lens}: a part of the whole`);
        const reward = page.columns.findIndex(({ role }) => role === 'reward');
        const rewards = page.rows.map((row) => row[reward]).filter((cell) => typeof cell === 'number');
        if (lens === 'worst' || lens === 'best') {
          const sign = lens === 'worst' ? 1 : -1;
          assert.deepEqual(
            rewards,
            rewards.toSorted((a, b) => sign * (a - b)),
            `${lens}: its order`,
          );
        }
      }
    },
  ),
];
