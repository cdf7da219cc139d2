import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';

/** Scrapes of a store with many runs, many metrics and names that are long and hostile. */
const RUNS = 400;
const METRICS = 300;
const HOSTILE = `"\\\n{}=,\u2028\u{1f600}`.repeat(20);

let store: AttackedStore;

async function done(method: string, path: string, body: unknown): Promise<void> {
  const answer = await store.call(method, `/api/v1${path}`, body);
  expect(answer.status, answer.text).toBe(200);
}

beforeAll(async () => {
  store = await attackedStore();
  const metrics = Object.fromEntries(
    Array.from({ length: METRICS }, (_, i) => [`${i} ${HOSTILE}`.slice(0, 250), i % 7 ? i : 'NaN']),
  );
  for (let from = 0; from < RUNS; from += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const run = encodeURIComponent(`${from + i} ${HOSTILE}`.slice(0, 150));
        const resources = Array.from({ length: 20 }, (_, host) => ({ host: `${host} ${HOSTILE}`.slice(0, 200) }));
        await done('PUT', `/runs/${run}`, { project: HOSTILE.slice(0, 200), resources });
        await done('POST', `/runs/${run}/log`, { entries: [{ step: 1, metrics }] });
      }),
    );
  }
  const evals = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`eval/${i}/accuracy/mean`, 0.5]));
  await done('PUT', '/runs/evals', { project: 'p' });
  await done('POST', '/runs/evals/log', { entries: [{ step: 1, metrics: evals }] });
  await store.reset();
});
afterAll(() => store.stop());

const scrape = (query = '') => store.call('GET', `/metrics${query}`);
const told = (text: string, name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);

it('are cut at the cap, which says how much it left out', async () => {
  const { status, text } = await scrape();
  expect(status).toBe(200);
  const lines = text.split('\n').filter((line) => /^rolloscope_(run|eval|metric)_/.test(line));
  expect(lines.length).toBeLessThanOrEqual(told(text, 'rolloscope_exposition_series_limit'));
  expect(told(text, 'rolloscope_exposition_dropped_series')).toBeGreaterThan(0);
  expect(lines.every((line) => /^\w+\{([a-z_]+="([^"\\]|\\["\\n])*",?)+\} \S+$/u.test(line))).toBe(true);
  store.expectWell();
});

it('are answered, or told to come back, when many come at one time', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => scrape()));
  for (const { status, headers, text } of answers) {
    expect([200, 429], text.slice(0, 200)).toContain(status);
    expect(status === 200 || Number(headers.get('retry-after')) > 0).toBe(true);
  }
  store.expectWell();
});

it('hold bounded memory while nobody takes them', async () => {
  const unread = await Promise.all(Array.from({ length: 10 }, () => fetch(`${store.url}/metrics`)));
  expect(unread.every(({ status }) => status === 200 || status === 429)).toBe(true);
  expect(unread.some(({ status }) => status === 429)).toBe(true);
  await done('POST', '/runs/evals/log', { entries: [{ step: 2, metrics: { loss: 1 } }] });
  store.expectWell();
  await Promise.all(unread.map(({ body }) => body?.cancel()));
  await expect.poll(async () => (await scrape('?run=evals')).status).toBe(200);
});

it('with too many or too long patterns are refused before the work', async () => {
  const many = (count: number, glob: string) =>
    `?${Array.from({ length: count }, () => `metric=${encodeURIComponent(glob)}`).join('&')}`;
  const refusal = {
    status: 400,
    json: { error: { code: 'limit_exceeded', message: expect.stringContaining('limit') } },
  };
  expect(await scrape(many(100, '*a*b*c'))).toMatchObject(refusal);
  expect(await scrape(many(101, '*'))).toMatchObject(refusal);
  expect((await scrape(many(1, '*a'.repeat(10_000)))).status).toBe(400);
  expect((await scrape(many(3, '*a*a*a*a*a*a*a*a*z'))).status).toBe(200);
  store.expectWell();
});
