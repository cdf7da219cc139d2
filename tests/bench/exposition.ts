import assert from 'node:assert/strict';
import { machine } from './machine';
import { median as medianOf } from './median';
import { type StartedStore, startStore } from './startStore';

/**
 * `/metrics` and `/opentsdb` against their goals: a scrape of 500 runs of 50 metrics within 200 ms, while ingest does
 * not feel it; an OpenTSDB query over 100 runs of 10,000 points within 200 ms.
 */
const RUNS = 500;
const METRICS = 50;
const SERIES_RUNS = 100;
const POINTS = 10_000;
const REPEATS = 9;
const GOAL = 200;

async function send(store: StartedStore, method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}

const median = (what: () => Promise<unknown>) => medianOf(what, REPEATS);

const report = (name: string, time: number, goal: number, beside: string) =>
  console.log(
    `${name}: ${time.toFixed(0)} ms, ${time <= goal ? 'within' : 'beyond'} the goal of ${goal} ms; ${beside}`,
  );

async function seedLive(store: StartedStore): Promise<void> {
  for (let run = 0; run < RUNS; run++) {
    await send(store, 'PUT', `/runs/live-${run}`, {
      project: 'bench',
      group: `job-${run >> 1}`,
      config: { eval: { prompts: 200 } },
    });
  }
  await logEverywhere(store, 1);
}

/** One step of every run, many at a time: what 500 trainers do. */
async function logEverywhere(store: StartedStore, step: number): Promise<number> {
  const entry = (run: number) => ({
    step,
    metrics: Object.fromEntries(
      Array.from({ length: METRICS }, (_, i) => [
        i === 0 ? 'eval/math/accuracy/mean' : `critic/rewards/part-${i}`,
        ((run * i) % 7) / 7,
      ]),
    ),
  });
  const begin = performance.now();
  for (let run = 0; run < RUNS; run += 50) {
    const batch = Array.from({ length: 50 }, (_, i) => run + i);
    await Promise.all(batch.map((one) => send(store, 'POST', `/runs/live-${one}/log`, { entries: [entry(one)] })));
  }
  return performance.now() - begin;
}

async function seedSeries(store: StartedStore): Promise<number> {
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  for (let run = 0; run < SERIES_RUNS; run++) {
    await send(store, 'PUT', `/runs/long-${run}`, { project: 'series' });
    const entries = Array.from({ length: POINTS }, (_, step) => ({
      step,
      time: now - (POINTS - step) * 1_000,
      metrics: { reward: ((step * 31 + run) % 97) / 97 },
    }));
    await send(store, 'POST', `/runs/long-${run}/log`, { entries });
  }
  return now / 1_000;
}

async function measureOpenTsdb(store: StartedStore): Promise<void> {
  const end = await seedSeries(store);
  let points = 0;
  const ask = async (query: object) => {
    const body = JSON.stringify({
      start: end - POINTS,
      end,
      queries: [{ metric: 'reward', tags: { run: '*' }, ...query }],
    });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${store.url}/opentsdb/api/query`, { method: 'POST', headers, body });
    const series = (await answer.json()) as Array<{ dps: object }>;
    assert.equal(series.length, SERIES_RUNS);
    points = series.reduce((sum, { dps }) => sum + Object.keys(dps).length, 0);
  };
  const brought = await median(() => ask({ aggregator: 'avg', downsample: '1m-avg' }));
  const counted = points;
  const whole = await median(() => ask({ aggregator: 'none' }));
  assert.equal(points, SERIES_RUNS * POINTS);
  report(
    `/opentsdb over ${SERIES_RUNS} runs × ${POINTS} points, a minute each`,
    brought,
    GOAL,
    `${counted} points; ${(whole / brought).toFixed(1)} times faster than reading all ${SERIES_RUNS * POINTS}`,
  );
}

export async function benchExposition(): Promise<void> {
  const store = await startStore();
  try {
    console.log(`Exposition, medians of ${REPEATS}, on ${machine()}`);
    await seedLive(store);
    const scrape = async () => (await fetch(`${store.url}/metrics`)).text();
    // Decompressing is Prometheus' work, but in this measure.
    const scraped = await median(scrape);
    const text = await scrape();
    const bytes = text.length;
    const lines = text.split('\n').filter((line) => line.startsWith('rolloscope_metric_')).length;
    assert.equal(lines, RUNS * METRICS * 3);
    report(
      `/metrics with ${RUNS} runs × ${METRICS} metrics`,
      scraped,
      GOAL,
      `${lines} series, ${(bytes / 2 ** 20).toFixed(1)} MB`,
    );

    let step = 2;
    const alone = await median(() => logEverywhere(store, step++));
    let isScraping = true;
    let scrapes = 0;
    const scraping = (async () => {
      while (isScraping) {
        await scrape();
        scrapes++;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    })();
    const beside = await median(() => logEverywhere(store, step++));
    isScraping = false;
    await scraping;
    console.log(
      `ingest of a step of ${RUNS} runs: ${alone.toFixed(0)} ms alone, ${beside.toFixed(0)} ms with a scrape a second ` +
        `(${scrapes} scrapes), ${(beside / alone).toFixed(2)} times as long`,
    );
    await measureOpenTsdb(store);
  } finally {
    await store.stop();
  }
}

if (process.argv[1]?.endsWith('exposition.ts')) {
  await benchExposition();
}
