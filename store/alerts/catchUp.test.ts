import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';
import { DEFAULT_ALERTS } from './AlertSettings';
import { AlertWatch } from './AlertWatch';

/* What is taken up after a start, of runs that were running. */

const RUNS = 60;
const EVAL = 'eval/gsm8k/accuracy/mean';
const HEALTHY = [0.6, 0.6, 0.6, 0.6, 0.6];

let store: OpenStore;
let watch: AlertWatch;
/** Statements and their runs. */
let read: number[];

beforeEach(async () => {
  store = await openStore({ crashedAfter: 3_600_000 });
  await Promise.all(
    Array.from({ length: RUNS }, (_, run) =>
      store.log(
        `r${run}`,
        [...HEALTHY, ...(run % 2 === 0 ? [0.2, 0.2] : [])].map((value, step) => ({
          step,
          metrics: { [EVAL]: value, loss: 1 },
        })),
      ),
    ),
  );
  read = [];
  watch = new AlertWatch(store.engine, store.runIndex, {
    settings: DEFAULT_ALERTS,
    write: (events, key) => store.writer.appendEvents(events, key),
    onError: (error) => expect.unreachable(String(error)),
  });
  store.writer.onCommit = (changes, position) => watch.observe(changes, position);
  const { newestPoints } = store.engine;
  store.engine.newestPoints = async (...args) => {
    read.push(new Set(args[0].map(({ run }) => run)).size);
    return newestPoints.apply(store.engine, args);
  };
});
afterEach(async () => {
  await watch.close();
  await store.close();
});

const regressions = async () => {
  const events = await store.engine.events({ types: ['regression'], limit: 1_000 });
  return events.map(({ run }) => run).sort();
};
const EVERY_SECOND = Array.from({ length: RUNS / 2 }, (_, i) => `r${2 * i}`).sort();

it('runs are read together: statements do not grow with them', async () => {
  watch.start();
  await watch.settled();
  expect(read).toEqual([RUNS]);
  expect(watch.runs.size).toBe(RUNS);
  expect(await regressions()).toEqual(EVERY_SECOND);
});

it('what is too much to be held together is read in parts, and told the same', async () => {
  const { newestPoints } = store.engine;
  store.engine.newestPoints = async (asked, position, most) =>
    most !== undefined && asked.length > RUNS / 3 ? undefined : newestPoints.call(store.engine, asked, position, most);
  watch.start();
  await watch.settled();
  expect(read.reduce((sum, runs) => sum + runs, 0)).toBe(RUNS);
  expect(read.length).toBeGreaterThan(2);
  expect(read.length).toBeLessThan(6);
  expect(await regressions()).toEqual(EVERY_SECOND);
});

it('what arrives goes before, is judged once, and what was deleted meanwhile is not taken up', async () => {
  const { eventMarks } = store.engine;
  const asked: string[][] = [];
  store.engine.eventMarks = (query) => {
    asked.push(query.runs);
    return eventMarks.call(store.engine, query);
  };
  watch.start();
  await store.log('r1', [{ step: 10, metrics: { [EVAL]: 0.2 } }]);
  await store.log('r1', [{ step: 11, metrics: { [EVAL]: 0.2 } }]);
  await store.writer.deleteRun('r2', FULL_ACCESS);
  await watch.settled();
  expect(watch.waiting).toBe(0);
  expect(watch.runs.has('r2')).toBe(false);
  expect(watch.runs.get('r1')?.tasks.get('gsm8k')?.judgements).toHaveLength(HEALTHY.length + 2);
  expect(await regressions()).toEqual([...EVERY_SECOND.filter((run) => run !== 'r2'), 'r1'].sort());
  expect(asked.length).toBeLessThan(4);
});
