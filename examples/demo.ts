import { parseArgs } from 'node:util';
import { beginAgent } from './runAgent';
import { runTraining } from './runTraining';
import { StoreClient } from './StoreClient';

/**
 * The project that `npm start` shows: a baseline and a reward hack, trained at full speed, beside a run that goes on at
 * a step a second, again and again with a new seed, until a signal; and an agent that learns to use tools.
 */
const PROJECT = 'word-problems';
const BASELINE = 'baseline';

const { values } = parseArgs({
  options: { url: { type: 'string', default: 'http://127.0.0.1:8900' }, token: { type: 'string' } },
});
const token = values.token ?? process.env.STORE_TOKEN;
const store = new StoreClient(values.url, token);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stop.abort());
}
const common = { project: PROJECT, signal: stop.signal };

async function trainLive(): Promise<void> {
  for (let seed = 11; !stop.signal.aborted; seed++) {
    const id = `live-${Date.now().toString(36)}`;
    await runTraining(store, { ...common, id, name: 'live', seed, steps: 200, stepTime: 1_000, baseline: BASELINE });
  }
}

async function trainFinished(): Promise<void> {
  await runTraining(store, {
    ...common,
    id: BASELINE,
    name: 'baseline',
    seed: 1,
    steps: 160,
    stepTime: 0,
    tags: ['baseline'],
  });
  const hack = {
    id: 'reward-hack',
    name: 'reward-hack',
    seed: 2,
    steps: 180,
    stepTime: 0,
    lenient: true,
    learningRate: 1,
  };
  await runTraining(store, { ...common, ...hack, baseline: BASELINE });
}

// It is there before the others: the newest run is what a dashboard opens with.
const agent = { ...common, id: `agent-${Date.now().toString(36)}`, seed: 4, steps: 300, stepTime: 1_000 };
const trainAgent = await beginAgent(store, agent);
await Promise.all([trainFinished(), trainLive(), trainAgent()]);
