import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { Clocks } from '../testing/Clocks';
import { type OpenStore, openStore } from '../testing/openStore';
import { DEFAULT_ALERTS } from './AlertSettings';
import { AlertWatch } from './AlertWatch';

/* What is committed, deleted or set while the alerts read. */

let store: OpenStore;
let watch: AlertWatch;
let clocks: Clocks;

beforeEach(async () => {
  clocks = new Clocks(1_700_000_000_000);
  store = await openStore({ ...clocks, crashedAfter: 36_000_000 });
  watch = new AlertWatch(store.engine, store.runIndex, {
    settings: DEFAULT_ALERTS,
    write: (events, key) => store.writer.appendEvents(events, key),
    onError: (error) => expect.unreachable(String(error)),
    clock: store.clock,
  });
  store.writer.onCommit = (changes, position) => watch.observe(changes, position);
});
afterEach(async () => {
  await watch.close();
  await store.close();
});

/** Holds the alerts still when they begin to read a run; resolves when they do, with what lets them go on. */
function holdReading(): Promise<() => void> {
  const { eventMarks } = store.engine;
  return new Promise((resolve) => {
    store.engine.eventMarks = async (...args) => {
      store.engine.eventMarks = eventMarks;
      await new Promise<void>((release) => resolve(release));
      return eventMarks.apply(store.engine, args);
    };
  });
}

/** Makes a run that is to be read when something of it arrives, as one that was there at the start. */
async function putUnseen(id: string): Promise<void> {
  store.writer.onCommit = undefined;
  await store.writer.putRun(id, { project: 'p' }, FULL_ACCESS);
  store.writer.onCommit = (changes, position) => watch.observe(changes, position);
}

const RATIO = 'response_length/clip_ratio';
const EVAL = 'eval/gsm8k/accuracy/mean';
const ratio = (step: number, value: number) => ({ step, metrics: { [RATIO]: value } });

it('a point that comes while its run is read counts once', async () => {
  const half = DEFAULT_ALERTS.ratioSteps / 2;
  const steps = Array.from({ length: half }, (_, i) => i);
  store.writer.onCommit = undefined;
  await store.log(
    'a',
    steps.map((step) => ratio(step, 0)),
  );
  store.writer.onCommit = (changes, position) => watch.observe(changes, position);
  const reading = holdReading();
  await store.log('a', [ratio(half, 0.2)]);
  const release = await reading;
  for (const step of steps) {
    await store.log('a', [ratio(half + 1 + step, 0.2)]);
  }
  release();
  await watch.settled();
  const newest = [...Array(half - 1).fill(0), ...Array(half + 1).fill(0.2)];
  expect(watch.runs.get('a')?.level('truncated')).toBeCloseTo(
    newest.reduce((sum: number, value: number) => sum + value, 0) / newest.length,
  );
});

it('a run that is deleted while it is read, or while what came of it waits, leaves nothing to the next of its id', async () => {
  await putUnseen('a');
  const reading = holdReading();
  await store.log('a', [{ step: 10, metrics: { [EVAL]: 0.5, loss: 'NaN' } }]);
  const release = await reading;
  await store.log('a', [{ step: 20, metrics: { [EVAL]: 0.5, reward: 'NaN' } }]);
  await store.writer.deleteRun('a', FULL_ACCESS);
  await store.log('a', [{ step: 1, metrics: { [EVAL]: 0.7 } }]);
  release();
  await watch.settled();
  expect(
    watch.runs
      .get('a')
      ?.tasks.get('gsm8k')
      ?.judgements.map(({ eval: one }) => one.value),
  ).toEqual([0.7]);
  expect(watch.runs.get('a')?.isOpen('nan')).toBe(false);
  const events = await store.engine.events({ runs: ['a'], limit: 100 });
  expect(events.map(({ type }) => type)).toEqual(['start']);
});

it('a run that begins is watched from its first points on, without a statement, as one that is read', async () => {
  const { eventMarks, newestPoints } = store.engine;
  const isRead = () => Promise.reject(new Error('It was read.'));
  Object.assign(store.engine, { eventMarks: isRead, newestPoints: isRead });
  const values = [0.2, 0.4, 0.41, 0.4, 0.42, 0.1, 0.4];
  for (const [step, value] of values.entries()) {
    await store.log('a', [{ step, metrics: { [EVAL]: value, [RATIO]: value, loss: step === 5 ? 'NaN' : 1 } }]);
  }
  await watch.settled();
  Object.assign(store.engine, { eventMarks, newestPoints });
  const begun = watch.runs.get('a');
  const entry = store.runIndex.get('a');
  const later = new AlertWatch(store.engine, store.runIndex, {
    settings: DEFAULT_ALERTS,
    write: async () => undefined,
    onError: (error) => expect.unreachable(String(error)),
    clock: store.clock,
  });
  const read = entry && (await later.history(entry));
  expect(begun?.tasks.get('gsm8k')?.judgements).toHaveLength(values.length);
  expect(begun?.tasks.get('gsm8k')?.judgements).toEqual(read?.tasks.get('gsm8k')?.judgements);
  expect(begun?.level('truncated')).toBe(read?.level('truncated'));
  const events = await store.engine.events({ runs: ['a'], types: ['nan', 'recovery'], limit: 9 });
  expect(events.length).toBeGreaterThan(0);
  await later.close();
});

it('the history of a run that is deleted while it is read is not remembered', async () => {
  await store.log('a', [{ step: 10, metrics: { [EVAL]: 0.5 } }]);
  await store.writer.finish('a', {}, FULL_ACCESS);
  await watch.settled();
  clocks.wait(3_600_000);
  watch.tick();
  const entry = store.runIndex.get('a');
  const reading = holdReading();
  const history = entry && watch.history(entry);
  const release = await reading;
  await store.writer.deleteRun('a', FULL_ACCESS);
  release();
  await history;
  await store.log('a', [{ step: 1, metrics: { [EVAL]: 0.7 } }]);
  await watch.settled();
  const again = store.runIndex.get('a');
  const { tasks } = (again && (await watch.history(again))) ?? { tasks: new Map() };
  expect(tasks.get('gsm8k')?.judgements).toHaveLength(1);
  expect(tasks.get('gsm8k')?.judgements[0]?.eval.value).toBe(0.7);
});

it.each([36_000_000, -36_000_000])(
  'a clock that is set by %d ms stalls no run, and one that stalls is told',
  async (jump) => {
    for (let step = 1; step <= 10; step++) {
      clocks.wait(30_000);
      await store.log('a', [{ step, metrics: { reward: 1 } }]);
    }
    await watch.settled();
    const stalls = async () => {
      watch.tick();
      await store.log('other', []);
      return (await store.engine.events({ runs: ['a'], types: ['stalled'], limit: 9 })).length;
    };
    clocks.wall += jump;
    expect(await stalls()).toBe(0);
    clocks.wait(80_000);
    expect(await stalls()).toBe(0);
    clocks.wait(20_000);
    expect(await stalls()).toBe(1);
  },
);
