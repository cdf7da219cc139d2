import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FORMATS } from '../../formats/formats';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';

let store: ServedStore;
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-hostile-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

/** Names that some adapter takes. */
const PATHS = [
  '1.jsonl',
  'metrics.jsonl',
  'trainer_state.json',
  'completions/completions_00001.parquet',
  'rollouts/step_1/train/all/traces.jsonl',
  'dumped_evals/global_step_1_evals/x.jsonl',
  'train_data_step1.jsonl',
  'rollout/1/t.jsonl',
  'rollout_dump_data.step_1.jsonl',
  'iteration_1/train_rollout_summaries.jsonl',
  'completions.jsonl',
  'logging.jsonl',
  'args.json',
  'results.jsonl',
  'traces/stream/1.jsonl',
  'traces/annotations/trainer/1.jsonl',
  'iteration_1/train_logtree.json',
  'trajectory/1.jsonl',
  'dashboard/metrics.jsonl',
  'trajectories/train/0001.jsonl',
  'history.jsonl',
  'sessions.jsonl',
  'x.csv',
  'x/events.out.tfevents.1764547200.host.1.0',
];
/** Fields that adapters look at, with anything in them. */
const FIELDS =
  'step data input output metrics tables log_history time nodes traces rewards task info run score content task_id completion global_step steps prompt env/x'.split(
    ' ',
  );
const hostile = fc.oneof(
  fc.anything({ maxDepth: 2 }),
  fc.constantFrom('__proto__', '../../etc', '\ud800', -0, 1e308, 2 ** 60),
);
const record = fc.dictionary(fc.constantFrom(...FIELDS, '__proto__', ''), hostile, { maxKeys: 6 });
const line = fc.oneof(
  record.map((one) => JSON.stringify(one, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? ''),
  fc.string(),
  fc.constantFrom('{"step": NaN}', '[]', '{', '\u0000', '{"step":1,"data":{"a":1}}', '{"input":"p","output":"r"}'),
);

it.each(FORMATS)(
  '$name: takes or refuses whatever a file holds, and says why',
  { timeout: 120_000 },
  async (format) => {
    let n = 0;
    const paths = PATHS.filter((path) => format.files.some((kind) => kind.match(`/${path}`)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.array(line, { maxLength: 6 }), async (path, lines) => {
        const run = `${format.name}-${n++}`;
        const file = join(folder, run, path);
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(file, lines.join('\n'));
        const told: string[] = [];
        const source = startImport(join(folder, run), store.url, {
          format,
          state: join(folder, 'state'),
          tell: (text) => told.push(text),
        });
        await source.pass(true);
        source.close();
        expect(told.length).toBe(source.summary.refused + source.summary.remarks.size);
        expect(told.join()).not.toMatch(/TypeError|undefined|is not a function|Cannot read/);
        rmSync(join(folder, run), { recursive: true });
      }),
      { numRuns: 25 },
    );
    expect(store.faults).toEqual([]);
  },
);
