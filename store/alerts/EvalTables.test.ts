import { expect, it } from 'vitest';
import { openStore } from '../testing/openStore';
import { EvalTables } from './EvalTables';

it('takes a result that is NaN for neither right nor wrong: its prompt counts for nothing', async () => {
  const store = await openStore();
  try {
    const tables = new EvalTables(store.engine);
    store.writer.onCommit = (changes) => {
      for (const change of changes.filter(({ kind }) => kind === 'rows')) {
        tables.observe('a', 'eval', 'columns' in change ? change.columns : []);
      }
    };
    const rows = [1, 1, 0, 0, 'NaN', null].map((correct, i) => [`question ${i}`, 'answer', correct]);
    await store.log('a', [
      { step: 10, time: 1_000, tables: { eval: { columns: ['prompt', 'response', 'correct'], rows } } },
    ]);
    const results = await tables.results(
      { run: 'a', task: 'gsm8k', step: 10, value: 0.5 },
      await store.engine.position(),
    );
    expect([...(results ?? new Map()).values()].toSorted()).toEqual([0, 0, 1, 1]);
  } finally {
    await store.close();
  }
});
