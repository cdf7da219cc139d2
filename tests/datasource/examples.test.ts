import { readFileSync } from 'node:fs';
import { dateTime } from '@grafana/data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHODS } from '../../src/datasource/code/methods';
import { writeCode } from '../../src/datasource/code/writeCode';
import { exampleQuery } from '../../src/datasource/exampleQuery';
import { EXAMPLES } from '../../src/datasource/examples';
import { StoreClient } from '../../src/datasource/http/StoreClient';
import { Known } from '../../src/datasource/known/Known';
import { LastGood } from '../../src/datasource/LastGood';
import type { RunChoice } from '../../src/datasource/query';
import { Targets } from '../../src/datasource/run/Targets';
import { type Server, startStore } from '../browser/harness';
import { throughFetch } from './throughFetch';

/** The examples of the query help, asked of a real store. */
let store: Server;
const ALL: RunChoice = { by: 'filter' };
const START = Date.now() - 3_600_000;

async function send(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}

beforeAll(async () => {
  store = await startStore();
  for (const [i, id] of ['a', 'b', 'c'].entries()) {
    const tags = i === 0 ? ['baseline'] : [];
    await send('PUT', `/runs/${id}`, { project: 'p', name: id, group: 'g', tags, config: { lr: 1e-6 * (i + 1) } });
    const entries = [10, 20, 30].map((step) => ({
      step,
      time: START + step * 1000,
      metrics: {
        'eval/accuracy/mean': step / 40,
        'val-core/gsm8k/acc/mean@4': step / 50,
        'critic/rewards/mean': step / 60 + i,
        'tokens/seen': step * 1000,
      },
      tables: {
        rollout_examples: {
          columns: ['prompt', 'response', 'reward'],
          rows: [
            ['q', 'Sorry, no.', 0],
            ['r', 'Yes.', 1],
          ],
        },
      },
    }));
    await send('POST', `/runs/${id}/log`, { entries });
  }
  await send('POST', '/runs/a/finish', {});
});

afterAll(() => store.stop());

describe('examples', () => {
  it.each(EXAMPLES)('$code', async (example) => {
    const query = exampleQuery(example, ALL, 'A');
    expect(query.queryType).toBe(example.queryType);
    // Written as the editor writes it, line breaks aside.
    expect(writeCode(query, ALL).replace(/\n\s*/g, '')).toBe(example.code);
    const client = new StoreClient(store.url, throughFetch);
    const context = {
      client,
      known: new Known(client),
      uid: 'u',
      range: { from: dateTime(START - 1), to: dateTime(Date.now() + 60_000), raw: { from: 'now-1h', to: 'now' } },
      maxDataPoints: 500,
    };
    const { data, errors } = await new Targets(
      [{ ...query, live: false } as typeof query],
      context,
      new LastGood(),
    ).begin();
    expect(errors).toBeUndefined();
    expect(data.length).toBeGreaterThan(0);
    expect(Math.max(...data.map(({ length }) => length))).toBeGreaterThan(0);
  });

  it('and every method stand in the guide as they are', () => {
    const guide = readFileSync(new URL('../../docs/queries.md', import.meta.url), 'utf8');
    const texts = [...EXAMPLES.map(({ code }) => code), ...METHODS.map(({ example }) => example)];
    expect(texts.filter((text) => !guide.includes(`\`${text}\``))).toEqual([]);
  });
});
