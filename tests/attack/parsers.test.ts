import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WireClient } from '../wandb/WireClient';
import { type Answer, type AttackedStore, attackedStore } from './attackedStore';

let store: AttackedStore;
let wandb: WireClient;
let mlflowRun: string;
beforeAll(async () => {
  store = await attackedStore();
  await store.call('PUT', '/api/v1/runs/r', { project: 'p' });
  wandb = new WireClient(store.url, 'p', 'w');
  await wandb.begin();
  const made = await store.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  mlflowRun = (made.json as { run: { info: { run_id: string } } }).run.info.run_id;
});
afterAll(() => store.stop());
beforeEach(() => store.reset());
afterEach(() => store.expectWell());

const KINDS = /"(code|error_code|error)":/;
const stream = (content: string[], file = 'wandb-history.jsonl') => ({ files: { [file]: { offset: 0, content } } });
let writers = 0;
const FILE_STREAM = '/files/rolloscope/p/w/file_stream';

/** Every place where JSON comes in: how a text is sent there as it is, or within another. */
const PLACES: Array<[place: string, send: (json: string) => Promise<Answer>]> = [
  ['a log call', (json) => store.call('POST', '/api/v1/runs/r/log', json)],
  [
    'a log call by lines',
    (json) => store.call('POST', '/api/v1/runs/r/log', json, { 'content-type': 'application/x-ndjson' }),
  ],
  [
    'a cell',
    (json) =>
      store.call('POST', '/api/v1/runs/r/log', `{"entries":[{"tables":{"t":{"columns":["a"],"rows":[[${json}]]}}}]}`),
  ],
  [
    'events',
    (json) =>
      store.call('POST', '/api/v1/runs/r/events', `{"events":[{"type":"x","title":"t","values":{"v":${json}}}]}`),
  ],
  ['a run', (json) => store.call('PUT', '/api/v1/runs/r', `{"project":"p","config":{"c":${json}}}`)],
  ['a query', (json) => store.call('POST', '/api/v1/query/rows', `{"runs":["r"],"table":"t","filter":${json}}`)],
  [
    'a value of a filter',
    (json) => store.call('POST', '/api/v1/query/runs', `{"where":[{"column":"name","op":"eq","value":${json}}]}`),
  ],
  ['OpenTSDB', (json) => store.call('POST', '/opentsdb/api/query', `{"start":0,"queries":${json}}`)],
  [
    'a time of OpenTSDB',
    (json) => store.call('POST', '/opentsdb/api/query', `{"start":${json},"queries":[{"metric":"m"}]}`),
  ],
  [
    'W&B GraphQL',
    (json) => store.call('POST', '/graphql', `{"query":"query Viewer { viewer }","variables":{"v":${json}}}`),
  ],
  [
    'a W&B config',
    (json) =>
      store.call('POST', '/graphql', {
        query: 'mutation UpsertBucket { a }',
        variables: { name: 'w', project: 'p', config: json },
      }),
  ],
  ['a W&B file stream', (json) => store.call('POST', FILE_STREAM, `{"files":${json}}`)],
  [
    'a W&B history line',
    (json) => store.call('POST', FILE_STREAM, stream([json]), { 'x-wandb-async-client-id': `${writers++}` }),
  ],
  ['a W&B summary', (json) => store.call('POST', FILE_STREAM, stream([json], 'wandb-summary.json'))],
  ['a W&B machine', async (json) => upload(json)],
  ['MLflow', (json) => store.call('POST', '/api/2.0/mlflow/runs/log-batch', json)],
  [
    'an MLflow filter',
    (json) => store.call('POST', '/api/2.0/mlflow/runs/search', `{"experiment_ids":["0"],"filter":${json}}`),
  ],
  [
    'an MLflow tag',
    (json) => store.call('POST', '/api/2.0/mlflow/runs/set-tag', `{"run_id":"${mlflowRun}","key":"k","value":${json}}`),
  ],
  ['trackio', (json) => store.call('POST', '/api/bulk_log', `{"args":[],"kwargs":{"logs":${json}}}`)],
  [
    'a trackio value',
    (json) =>
      store.call(
        'POST',
        '/api/bulk_log',
        `{"args":[],"kwargs":{"logs":[{"project":"p","run":"t","metrics":{"m":${json}}}]}}`,
      ),
  ],
];

async function upload(json: string): Promise<Answer> {
  const answer = await wandb.upload('wandb-metadata.json', json);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: undefined };
}

/** Answered as data, or refused by name. */
function expectNamed({ status, text }: Answer): void {
  expect(status, text.slice(0, 300)).toBeLessThan(500);
  if (status >= 400) {
    expect(text).toMatch(KINDS);
  }
}

describe('deep JSON is refused by name, whatever it comes in', () => {
  it.each(PLACES)('%s', async (_place, send) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"toString":', '}]'],
    ] as const) {
      for (const depth of [101, 10_000, 50_000]) {
        const answer = await send(`${open.repeat(depth)}1${close.repeat(depth)}`);
        // A query of OpenTSDB is small: what is deeper still is beyond its size before it is looked at.
        const isTooLong = answer.status === 413 && answer.text.includes('beyond the limit of 262144 bytes');
        expect(isTooLong || [answer.status, answer.text]).toEqual(
          isTooLong || [400, expect.stringMatching(/nested deeper than the limit of 100/)],
        );
      }
      // The deepest that is taken is taken, or refused for what it is: nothing runs out of stack.
      expectNamed(await send(`${open.repeat(40)}1${close.repeat(40)}`));
    }
  });
});
