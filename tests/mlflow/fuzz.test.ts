import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { experimentIdOf } from '../../store/mlflow/experimentId';
import { expectSound, oddities } from '../clients/oddities';
import { readRun } from '../clients/readRun';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { WireClient } from './WireClient';

vi.setConfig({ testTimeout: 120_000 });
let ours: OurStore;
let client: WireClient;
beforeAll(async () => {
  ours = await startOurs();
  client = new WireClient(ours.url);
});
afterAll(() => ours.stop());

const oddity = oddities('RUNNING', 'FINISHED', 'mlflow.runId');
const RUNS = { numRuns: 150, endOnFailure: true };

/** Answers in MLflow's shape, and no fault behind them. */
const expectAnswer = (answer: Response) =>
  expectSound(answer, ours, {
    error_code: expect.stringMatching(/^[A-Z_]+$/),
    message: expect.any(String),
  });

const fieldsOf = (names: string[]) => fc.dictionary(fc.constantFrom(...names), oddity, { maxKeys: names.length });
const pairs = fc.oneof(fc.array(fc.oneof(fieldsOf(['key', 'value']), oddity), { maxLength: 4 }), oddity);

it('any call with any body', async () => {
  const run = await client.begin('0', { run_name: 'fuzzed' });
  const path = fc.constantFrom(
    'experiments/create',
    'experiments/search',
    'runs/create',
    'runs/update',
    'runs/search',
    'runs/log-parameter',
    'runs/set-tag',
    'runs/delete-tag',
    'runs/log-inputs',
    'logged-models',
  );
  const body = fc.oneof(
    fc.record(
      {
        run_id: fc.oneof(fc.constant(run), oddity),
        experiment_id: fc.oneof(fc.constant(experimentIdOf('p')), oddity),
        experiment_ids: fc.oneof(fc.array(oddity), oddity),
        key: oddity,
        value: oddity,
        name: oddity,
        run_name: oddity,
        status: oddity,
        filter: oddity,
        max_results: oddity,
        page_token: oddity,
        start_time: oddity,
        user_id: oddity,
        tags: pairs,
      },
      { requiredKeys: [] },
    ),
    oddity,
  );
  await fc.assert(
    fc.asyncProperty(path, body, async (one, fields) =>
      expectAnswer(await client.send('POST', `mlflow/${one}`, JSON.stringify(fields))),
    ),
    { ...RUNS, numRuns: 400 },
  );
  const { run: after } = await client.get('runs/get', { run_id: run });
  expect(after).toMatchObject({ info: { run_id: run } });
});

it('a batch of any kind; one that is refused leaves nothing behind', async () => {
  const metric = fc.oneof(
    fieldsOf(['key', 'value', 'step', 'timestamp']),
    fc.record({ key: fc.constantFrom('a', 'b', '__proto__'), value: fc.double(), step: fc.integer() }),
    oddity,
  );
  const body = fc.record(
    { metrics: fc.oneof(fc.array(metric, { maxLength: 4 }), oddity), params: pairs, tags: pairs },
    { requiredKeys: [] },
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(body, async (fields) => {
      const name = `batch ${++number}`;
      const id = await client.begin(experimentIdOf('p'), { run_name: name });
      const before = await readRun(ours.url, name).run();
      const answer = await client.send('POST', 'mlflow/runs/log-batch', JSON.stringify({ ...fields, run_id: id }));
      const refused = answer.status !== 200;
      await expectAnswer(answer);
      if (refused) {
        expect({ ...(await readRun(ours.url, name).run()), updatedAt: 0 }).toEqual({ ...before, updatedAt: 0 });
      }
    }),
    RUNS,
  );
});

it('bytes that are no JSON, and compressed ones', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('identity', 'gzip', 'br', 'x'),
      async (bytes, encoding) => {
        const headers = { 'content-encoding': encoding };
        await expectAnswer(await client.send('POST', 'mlflow/runs/log-batch', Buffer.from(bytes), headers));
      },
    ),
    RUNS,
  );
  await expectAnswer(await client.send('POST', 'mlflow/runs/log-batch', Buffer.alloc(40 * 1024 * 1024, 32)));
  await expectAnswer(await client.send('POST', 'mlflow/runs/log-batch', '{"a":'.repeat(5_000)));
});

it('artifacts: any bytes under any name', async () => {
  const id = await client.begin(experimentIdOf('p'), { run_name: 'artifacts' });
  const name = fc.oneof(
    fc.constantFrom('t.json', 'val_step3.json', 'a/b.json', 'model.pt', '.json', 'x'),
    fc.string({ unit: 'grapheme', minLength: 1 }).map((one) => `${one}.json`),
  );
  const table = fc.record({
    columns: fc.oneof(fc.array(oddity, { maxLength: 3 }), oddity),
    data: fc.oneof(fc.array(fc.array(oddity, { maxLength: 3 })), oddity),
  });
  const file = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    table.map((one) => Buffer.from(JSON.stringify(one))),
    fc
      .array(fc.oneof(fieldsOf(['step', 'input', 'output', 'score', 'run', '']), oddity))
      .map((one) => Buffer.from(JSON.stringify(one))),
  );
  await fc.assert(
    fc.asyncProperty(name, file, async (one, bytes) => {
      const path = `mlflow-artifacts/artifacts/${id}/${encodeURIComponent(one)}`;
      await expectAnswer(await client.send('PUT', path, bytes));
      await expectAnswer(
        await client.send('GET', `mlflow-artifacts/artifacts?path=${encodeURIComponent(`${id}/${one}`)}`),
      );
    }),
    RUNS,
  );
});
