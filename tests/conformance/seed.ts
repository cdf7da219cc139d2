import type { Sample } from './Check';
import type { StoreUnderTest } from './StoreUnderTest';

const METRIC = 'eval/accuracy/mean';
const TABLE = 'rollout_examples';
const PROMPTS = ['What is 2 + 3?', 'Half of 10, "quoted"?', 'Line one\nline two: 7 - 4?', '=SUM(1,2) or 3?'];

/** Logs two small finished runs that have what the reading checks look for. Times are long past, so nothing moves. */
export async function seed(store: StoreUnderTest, project: string, ids: string[]): Promise<Sample> {
  for (const [index, id] of ids.entries()) {
    await store.ask('putRun', {
      id,
      body: { project, name: `${id} by name`, tags: ['conformance'], config: { index } },
    });
    await store.ask('log', { id, body: { batchId: 'points', entries: metricEntries(index) } });
    await store.ask('log', { id, body: { batchId: 'rows', entries: tableEntries(index) } });
    await store.ask('finish', { id });
  }
  return { runs: ids, metric: METRIC, table: TABLE };
}

const BEGIN = 1_760_000_000_000;

/** 300 steps with one dip, one peak and one NaN. */
function metricEntries(seedNumber: number) {
  return Array.from({ length: 300 }, (_, i) => {
    const wave = 0.5 + 0.2 * Math.sin((i + seedNumber) / 20);
    const value = i === 77 ? -3.25 : i === 181 ? 4.125 : i === 200 ? 'NaN' : wave;
    return { step: i + 1, time: BEGIN + i * 1_000, metrics: { [METRIC]: value, 'eval/accuracy/std': wave / 10 } };
  });
}

/** Five steps, each with every prompt three times. */
function tableEntries(seedNumber: number) {
  return Array.from({ length: 5 }, (_, i) => ({
    step: i * 10,
    time: BEGIN + i * 10_000,
    tables: {
      [TABLE]: {
        columns: ['prompt', 'response', 'reward', { name: 'note', role: 'groundTruth' }],
        rows: PROMPTS.flatMap((prompt, p) =>
          [0, 1, 2].map((n) => [
            prompt,
            `<think>Sample ${n} of step ${i}</think> The answer is ${p + n + seedNumber}.`,
            n === 2 && p === 3 ? null : Math.round((p - n + i / 7) * 1e6) / 1e6,
            n === 1 ? null : String(p),
          ]),
        ),
      },
    },
  }));
}
