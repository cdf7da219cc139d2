import { RECOVERY_EVENT } from '@rolloscope/contract';
import type { LogEntry, RunEvent } from '@rolloscope/contract/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';
import { DEFAULT_ALERTS } from './AlertSettings';
import { AlertWatch } from './AlertWatch';

let store: OpenStore;
let watch: AlertWatch;
let now = 1_700_000_000_000;

function openWatch(): void {
  const { writer } = store;
  watch = new AlertWatch(store.engine, store.runIndex, {
    settings: DEFAULT_ALERTS,
    write: (events, key) => writer.appendEvents(events, key),
    onError: (error) => {
      throw error;
    },
    clock: store.clock,
  });
  writer.onCommit = (changes, position) => watch.observe(changes, position);
}

beforeEach(async () => {
  store = await openStore({ now: () => now, crashedAfter: 3_600_000 });
  openWatch();
});
afterEach(async () => {
  await watch.close();
  await store.close();
});

/** Stops at once, as far as the alerts can tell, and opens the same data again. */
async function restart(): Promise<void> {
  const { directory } = store;
  await watch.close();
  await store.stop();
  store = await openStore({ directory, now: () => now, crashedAfter: 3_600_000 });
  openWatch();
  watch.start();
  await watch.settled();
}

const METRIC = 'eval/gsm8k/accuracy/mean';
const PROMPTS = 100;

/** An eval with its table: the first prompts are right. */
const evalEntry = (step: number, accuracy: number): LogEntry => ({
  step,
  time: now + step,
  metrics: { [METRIC]: accuracy },
  tables: {
    eval: {
      columns: ['prompt', 'response', 'correct'],
      rows: Array.from({ length: PROMPTS }, (_, i) => [`question ${i}`, 'answer', i < accuracy * PROMPTS]),
    },
  },
});

const evals = (...accuracies: number[]) => accuracies.map((accuracy, i) => evalEntry((i + 1) * 10, accuracy));

async function log(entries: LogEntry[], run = 'a'): Promise<void> {
  for (const entry of entries) {
    await store.log(run, [entry]);
  }
  await watch.settled();
}

async function alertEvents(run = 'a'): Promise<RunEvent[]> {
  const events = await store.engine.events({ runs: [run], limit: 1_000 });
  return events.filter(({ type }) => !['start', 'finish', 'crash', 'attempt', 'reopen'].includes(type));
}
const ids = async (run?: string) => (await alertEvents(run)).map(({ id }) => id);

describe('a regression', () => {
  const HEALTHY = [0.6, 0.6, 0.6, 0.6];

  it('is an event with step and values, told from the prompts of the eval table, paired', async () => {
    await log(evals(...HEALTHY, 0.4, 0.4));
    const [event, ...others] = await alertEvents();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ id: `regression:${METRIC}:60`, type: 'regression', step: 60, time: now + 60 });
    expect(event?.values).toMatchObject({
      task: 'gsm8k',
      value: 0.4,
      reference: 0.6,
      prompts: PROMPTS,
      source: 'paired',
    });
    // Twenty prompts went from right to wrong, none the other way: McNemar's √20 / 100.
    expect(event?.values?.dropStandardError).toBeCloseTo(Math.sqrt(20) / 100);
    expect(event?.title).toMatch(/regressed: 0\.4 ± 0\.\d+ against 0\.6 ± 0\.\d+/);
  });

  it('is closed by a recovery', async () => {
    await log(evals(...HEALTHY, 0.4, 0.4, 0.6, 0.6, 0.6));
    const [opened, closed] = await alertEvents();
    expect(closed).toMatchObject({
      type: RECOVERY_EVENT,
      step: 90,
      values: { kind: 'regression', closes: opened?.id },
    });
  });

  it('survives restarts, and nothing is told twice', async () => {
    await log(evals(...HEALTHY, 0.4, 0.4));
    const before = await alertEvents();
    await restart();
    await restart();
    expect(await alertEvents()).toEqual(before);
    await log([evalEntry(70, 0.6), evalEntry(80, 0.6), evalEntry(90, 0.6)]);
    expect(await ids()).toEqual([`regression:${METRIC}:60`, `recovery:regression:${METRIC}:90`]);
    expect(watch.runs.get('a')?.tasks.get('gsm8k')?.judgements).toHaveLength(9);
  });

  it('that was not told before a crash is told after it, once, and the same', async () => {
    await log(evals(...HEALTHY));
    store.writer.onCommit = undefined;
    await log([evalEntry(50, 0.4), evalEntry(60, 0.4)]);
    expect(await ids()).toEqual([]);
    await restart();
    expect(await ids()).toEqual([`regression:${METRIC}:60`]);
  });

  it('is not rewritten by data that comes late or again, also after a restart', async () => {
    await log(evals(...HEALTHY, 0.4, 0.4));
    const before = await alertEvents();
    await log([evalEntry(45, 0.9), evalEntry(60, 0.9)]);
    expect(await alertEvents()).toEqual(before);
    await restart();
    expect(await alertEvents()).toEqual(before);
  });

  it('takes the number of prompts from the config where no table tells, and says where nothing does', async () => {
    const accuracies = [0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.2, 0.2];
    const entries = accuracies.map((accuracy, i) => ({ step: i, metrics: { [METRIC]: accuracy + (i % 2) / 12 } }));
    await store.writer.putRun('told', { project: 'p', config: { eval: { prompts: 128 } } }, FULL_ACCESS);
    await log(entries, 'told');
    await log(entries, 'untold');
    const [told] = await alertEvents('told');
    expect(told?.values).toMatchObject({ prompts: 128, source: 'prompts' });
    const [untold] = await alertEvents('untold');
    expect(untold?.text).toMatch(/number of prompts unknown/);
  });

  it('does not trust a table that is a sample of the eval', async () => {
    const sampled = evals(...HEALTHY, 0.4, 0.4).map((entry) => ({
      ...entry,
      metrics: { [METRIC]: Number(entry.metrics?.[METRIC]) + 0.05 },
    }));
    await log(sampled);
    expect(watch.runs.get('a')?.tasks.get('gsm8k')?.judgements.at(-1)?.eval.prompts).toBeUndefined();
  });

  it('is judged by task, by the metric that stands first in the list', async () => {
    const entry = (step: number, value: number): LogEntry => ({
      step,
      metrics: {
        'val-core/openai/gsm8k/acc/mean@8': value,
        'val-core/openai/gsm8k/acc/mean@1': value,
        // As verl writes it for MLflow.
        'val-core/aime/acc/mean_at_4': value,
        'eval/accuracy/mean': 0.5,
      },
    });
    await log([entry(1, 0.5), entry(2, 0.5)]);
    const tasks = [...(watch.runs.get('a')?.tasks.values() ?? [])].map(({ task, metric }) => [task, metric]);
    expect(tasks.sort()).toEqual([
      ['aime', 'val-core/aime/acc/mean_at_4'],
      ['all', 'eval/accuracy/mean'],
      ['openai/gsm8k', 'val-core/openai/gsm8k/acc/mean@8'],
    ]);
  });
});

describe('against a baseline', () => {
  it.each(['named', 'tagged'])('that is %s, at equal step', async (how) => {
    await store.writer.putRun('base', { project: 'p', ...(how === 'tagged' && { tags: ['baseline'] }) }, FULL_ACCESS);
    await log(evals(0.4, 0.5, 0.6, 0.7, 0.7), 'base');
    await store.writer.putRun('a', { project: 'p', ...(how === 'named' && { baseline: 'base' }) }, FULL_ACCESS);
    await log(evals(0.4, 0.3, 0.3, 0.4, 0.4, 0.4));
    const [event, ...others] = await alertEvents();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      id: `below_baseline:${METRIC}:50`,
      values: { reference: 0.7, referenceSteps: [50] },
    });
    expect(await ids('base')).toEqual([]);
  });
});

describe('a run that is alive', () => {
  const step = (n: number, metrics: Record<string, number | 'NaN'> = { reward: 1 }): LogEntry => ({
    step: n,
    time: now,
    metrics,
  });
  async function train(from: number, to: number, every = 30_000): Promise<void> {
    for (let n = from; n <= to; n++) {
      now += every;
      await store.log('a', [step(n)]);
    }
    await watch.settled();
  }
  async function tickAfter(milliseconds: number): Promise<void> {
    now += milliseconds;
    watch.tick();
    await store.log('other', []);
    await watch.settled();
  }

  it('stalls when a step takes three times the usual, and goes on', async () => {
    await train(1, 10);
    await tickAfter(89_000);
    expect(await ids()).toEqual([]);
    await tickAfter(2_000);
    expect(await ids()).toEqual(['stalled:10']);
    await tickAfter(600_000);
    await train(11, 11);
    expect(await ids()).toEqual(['stalled:10', 'recovery:stalled:11']);
  });

  it('of a client that tells no end stalls only while it gives other signs of life', async () => {
    await store.writer.putRun('a', { project: 'p' }, FULL_ACCESS, { endsSilently: true });
    await train(1, 10);
    await tickAfter(600_000);
    expect(await ids()).toEqual([]);
    await store.log('a', []);
    await tickAfter(1_000);
    expect(await ids()).toEqual(['stalled:10']);
  });

  it('that steps every second has not stalled after a few', async () => {
    await train(1, 10, 1_000);
    await tickAfter(50_000);
    expect(await ids()).toEqual([]);
  });

  it('and stalls while the store is away is told afterwards', async () => {
    await train(1, 10);
    await restart();
    await tickAfter(91_000);
    expect(await ids()).toEqual(['stalled:10']);
    await restart();
    await train(11, 11);
    expect(await ids()).toEqual(['stalled:10', 'recovery:stalled:11']);
  });

  it('tells a value that is not finite, once, and when it is again', async () => {
    await log([
      step(1, { 'actor/pg_loss': 0.1 }),
      step(2, { 'actor/pg_loss': 'NaN' }),
      step(3, { 'actor/pg_loss': 'NaN' }),
    ]);
    expect(watch.runs.get('a')?.isOpen('nan')).toBe(true);
    await restart();
    expect(watch.runs.get('a')?.isOpen('nan')).toBe(true);
    await log([step(4, { 'actor/pg_loss': 0.1 })]);
    expect(await ids()).toEqual(['nan:actor/pg_loss:2', 'recovery:nan:actor/pg_loss:4']);
  });

  it.each([
    ['zero_spread', 'frac_reward_zero_std', 0.49, 0.5],
    ['truncated', 'response_length/clip_ratio', 0.24, 0.25],
    ['stale', 'rollouts/policyAge/p99', 7.9, 8],
  ])('tells %s from the mean of the newest twenty', async (kind, metric, below, limit) => {
    await log(Array.from({ length: 30 }, (_, i) => step(i, { [metric]: below })));
    expect(await ids()).toEqual([]);
    await log(Array.from({ length: 20 }, (_, i) => step(30 + i, { [metric]: limit })));
    expect(await ids()).toEqual([`${kind}:${metric}:49`]);
    await restart();
    expect(watch.runs.get('a')?.isOpen(kind as 'truncated')).toBe(true);
    // It hovers at the limit, and that is told once.
    await log(Array.from({ length: 20 }, (_, i) => step(50 + i, { [metric]: below })));
    expect(await ids()).toEqual([`${kind}:${metric}:49`]);
    await log(Array.from({ length: 20 }, (_, i) => step(70 + i, { [metric]: below / 2 })));
    expect((await ids()).at(-1)).toMatch(`recovery:${kind}:${metric}`);
  });

  it('tells a flag that flickers a hundred times at the most', async () => {
    await log([{ step: 0, metrics: { loss: 1 } }]);
    await store.log(
      'a',
      Array.from({ length: 500 }, (_, i) => step(i + 1, { loss: i % 2 === 0 ? 'NaN' : 1 })),
    );
    await watch.settled();
    expect((await alertEvents()).length).toBe(200);
  });
});
