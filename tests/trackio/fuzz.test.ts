import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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

const oddity = oddities('2026-11-24T10:00:00', '2026-11-24T10:00:00+00:00', '+275760-09-13');
const media = fc.record({
  _type: fc.constantFrom<unknown>('trackio.table', 'trackio.trace', 'trackio.markdown', 'trackio.image', '', 7),
  _value: fc.oneof(
    oddity,
    fc.array(fc.dictionary(fc.constantFrom('step', 'run', 'time', 'a', '__proto__', ''), oddity)),
  ),
  messages: oddity,
  metadata: oddity,
  spans: oddity,
});
const values = fc.dictionary(
  fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom('train/global_step', '__proto__')),
  fc.oneof(oddity, media, fc.array(fc.oneof(media, oddity))),
);
const RUNS = { numRuns: 200, endOnFailure: true };

/** Answers in one of its two shapes, and no fault behind them. */
async function expectAnswer(answer: Response): Promise<void> {
  const body = await answer.clone().json();
  await expectSound(answer, ours, {
    error: { code: expect.any(String), message: expect.stringMatching(/\.$/) },
  });
  expect(Object.keys(body as object).filter((key) => key !== 'data' && key !== 'error')).toEqual([]);
}

const NAMES = [
  'bulk_log',
  'bulk_log_system',
  'bulk_alert',
  'bulk_upload_media',
  'get_runs_for_project',
  'get_run_summary',
  'check_artifact_blobs',
  'artifact_log',
  'get_artifact_manifest',
  'anything',
];

it('any call with any arguments is answered', async () => {
  const entry = fc.dictionary(
    fc.constantFrom('project', 'run', 'run_id', 'metrics', 'step', 'config', 'log_id', 'timestamp', 'title', 'text'),
    oddity,
  );
  const kwargs = fc.dictionary(
    fc.constantFrom('logs', 'alerts', 'uploads', 'project', 'run', 'run_id', 'run_name', 'manifest', 'digests', 'name'),
    fc.oneof(oddity, fc.array(fc.oneof(entry, oddity), { maxLength: 3 })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...NAMES),
      fc.oneof(kwargs, oddity),
      fc.oneof(fc.array(oddity), oddity),
      (name, ...call) => client.call(name, ...call).then(expectAnswer),
    ),
    RUNS,
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...NAMES), fc.oneof(fc.string(), fc.json()), (name, body) =>
      client.send(name, body).then(expectAnswer),
    ),
    RUNS,
  );
});

it('whatever is logged, what comes beside it is stored', async () => {
  let step = 0;
  await fc.assert(
    fc.asyncProperty(values, oddity, oddity, oddity, async (odd, time, config, id) => {
      const own = { project: 'p', run: 'fuzzed', run_id: 'id' };
      const entry = { ...own, metrics: odd, step: id, config, timestamp: time };
      await expectAnswer(await client.call('bulk_log', { logs: [entry, { ...own, metrics: { sure: step }, step }] }));
      await expectAnswer(await client.call('bulk_log_system', { logs: [entry] }));
      const alert = { ...own, title: id, text: time, level: config, step: id, alert_id: time, timestamp: time };
      await expectAnswer(await client.call('bulk_alert', { alerts: [alert] }));
      expect((await readRun(ours.url, 'fuzzed').points('sure')).at(-1)).toEqual([step, step]);
      step++;
    }),
    RUNS,
  );
});
