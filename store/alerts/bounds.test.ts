import { RECOVERY_EVENT } from '@rolloscope/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import type { TableColumn } from '../engine/TableColumn';
import { type OpenStore, openStore } from '../testing/openStore';
import { DEFAULT_ALERTS } from './AlertSettings';
import { AlertWatch } from './AlertWatch';
import { EvalTables } from './EvalTables';
import { RunWatch } from './RunWatch';

let store: OpenStore;
let watch: AlertWatch;
beforeEach(async () => {
  store = await openStore();
  watch = new AlertWatch(store.engine, store.runIndex, {
    settings: DEFAULT_ALERTS,
    write: (events, key) => store.writer.appendEvents(events, key),
    onError: (error) => expect.unreachable(String(error)),
    mostWaiting: 50,
  });
  store.writer.onCommit = (changes, position) => watch.observe(changes, position);
});
afterEach(async () => {
  await watch.close();
  await store.close();
});

const EVAL = 'eval/gsm8k/accuracy/mean';
const alerts = async (run: string) => {
  const types = ['nan', RECOVERY_EVENT].join();
  const { events } = await store.reader.events({ run, types }, FULL_ACCESS);
  return events.map(({ type, step }) => `${type} ${step}`);
};

/** Commits while the alerts are held still by the reading of another run. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  const { eventMarks } = store.engine;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    store.engine.eventMarks = async (...args) => {
      store.engine.eventMarks = eventMarks;
      resolve();
      await new Promise<void>((go) => {
        release = go;
      });
      return eventMarks.apply(store.engine, args);
    };
  });
  // A run of before the watch began has to be read.
  const { onCommit } = store.writer;
  store.writer.onCommit = undefined;
  await store.log('holding', []);
  store.writer.onCommit = onCommit;
  await store.log('holding', [{ step: 1, metrics: { loss: 1 } }]);
  await held;
  await work();
  release();
  await watch.settled();
}

it('lets go of what waits beyond its bound, and judges the runs from their data all the same', async () => {
  await store.log('a', [{ step: 1, metrics: { loss: 1, [EVAL]: 0.9 } }]);
  await watch.settled();
  const waiting: number[] = [];
  await whileHeld(async () => {
    for (let step = 2; step < 40; step++) {
      await store.log('a', [{ step, metrics: { loss: step === 30 ? 'NaN' : 1, kl: 1, entropy: 1 } }]);
      await store.log('b', [{ step, metrics: { loss: 1 } }]);
      waiting.push(watch.waiting);
    }
    await store.log('a', [{ step: 40, metrics: { loss: 'NaN' } }]);
  });
  expect(Math.max(...waiting)).toBeLessThan(40);
  expect(watch.waiting).toBe(0);
  // As after a restart: what the newest points tell.
  expect(await alerts('a')).toEqual(['nan 40']);
  await store.log('a', [{ step: 41, metrics: { loss: 1 } }]);
  await watch.settled();
  expect(await alerts('a')).toEqual(['nan 40', `${RECOVERY_EVENT} 41`]);
});

it('tells nothing of a run to another one that was made under its id', async () => {
  const key = store.runIndex.get('a')?.record.key;
  await store.log('a', [{ step: 1, metrics: { loss: 1 } }]);
  const own = store.runIndex.get('a')?.record.key;
  const event = { id: 'nan:x', run: 'a', type: 'nan', time: 5, title: 'x' };
  await store.writer.appendEvents([event], key);
  expect(await alerts('a')).toEqual([]);
  const late = Promise.all([
    store.writer.deleteRun('a', FULL_ACCESS),
    store.writer.putRun('a', { project: 'p' }, FULL_ACCESS),
    store.writer.appendEvents([event], own),
  ]);
  await late;
  expect(await alerts('a')).toEqual([]);
  await store.writer.appendEvents([event], store.runIndex.get('a')?.record.key);
  expect(await alerts('a')).toEqual(['nan undefined']);
});

it('forgets the older judgements of a run that has too many, and the oldest tables and results of evals', async () => {
  const run = new RunWatch('r', DEFAULT_ALERTS);
  const watched = { metric: EVAL, better: 'higher' as const };
  for (const task of ['a', 'b']) {
    const known = run.taskOf(`${task}/${EVAL}`, { task, rank: 0, watched });
    for (let step = 0; known && step < 400; step++) {
      run.takeEval(known, { attempt: 1, step, time: step, value: 0.5 }, {});
    }
  }
  expect(run.size).toBe(800);
  run.keep(500);
  expect([...run.tasks.values()].map(({ judgements }) => [judgements.length, judgements.at(-1)?.eval.step])).toEqual([
    [250, 399],
    [250, 399],
  ]);
  const columns: TableColumn[] = [
    { name: 'promptHash', type: 'string', origin: 'derived' },
    { name: 'correct', type: 'boolean', origin: 'logged', role: 'correct' },
  ];
  const tables = new EvalTables(store.engine, 3);
  for (const id of ['a', 'b', 'c', 'd', 'd']) {
    tables.observe(id, 'eval', columns);
  }
  expect(tables.size.tables).toBe(3);
  tables.forget('d');
  tables.forget('a');
  expect(tables.size.tables).toBe(2);
});
