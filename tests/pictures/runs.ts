import { setTimeout as sleep } from 'node:timers/promises';
import { beginAgent } from '../../examples/runAgent';
import { runTraining } from '../../examples/runTraining';
import { StoreClient } from '../../examples/StoreClient';
import { call } from '../browser/seedPicture';

/** What the pictures show of training: the demo's own runs, at full speed, from their own seeds. */
export async function trainDemo(storeUrl: string): Promise<void> {
  const store = new StoreClient(storeUrl);
  const common = { project: 'word-problems', stepTime: 0 };
  const baseline = { ...common, id: 'baseline', name: 'baseline', seed: 1, steps: 160, tags: ['baseline'] };
  await runTraining(store, baseline);
  const hack = {
    ...common,
    id: 'reward-hack',
    name: 'reward-hack',
    seed: 2,
    steps: 180,
    lenient: true,
    learningRate: 1,
  };
  await runTraining(store, { ...hack, baseline: 'baseline' });
  const agent = { ...common, id: 'agent', seed: 4, steps: 40, signal: new AbortController().signal };
  await (await beginAgent(store, agent))();
}

/** Numbers between -1 and 1 that are the same each time. */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  };
}

/** A sweep on GSM8K as a lab has it: each run to its own accuracy. A Monday morning, so that wall time is the same each time. */
export const SWEEP_START = Date.parse('2026-03-02T09:00:00Z');
export const SWEEP_STEPS = 200;
const STEP_MS = 30_000;
export const SWEEP_END = SWEEP_START + SWEEP_STEPS * STEP_MS;
interface SweepRun {
  id: string;
  lr: number;
  kl: number;
  /** The accuracy that it comes near to, and in about how many steps. */
  top: number;
  speed: number;
  seed: number;
}

export const SWEEP: readonly SweepRun[] = [
  { id: 'qwen2.5-7b-lr1e-6', lr: 1e-6, kl: 0.001, top: 0.9, speed: 55, seed: 11 },
  { id: 'qwen2.5-7b-lr3e-6', lr: 3e-6, kl: 0.001, top: 0.86, speed: 32, seed: 12 },
  { id: 'qwen2.5-7b-no-kl', lr: 1e-6, kl: 0, top: 0.8, speed: 45, seed: 13 },
  { id: 'llama3.1-8b-lr1e-6', lr: 1e-6, kl: 0.001, top: 0.74, speed: 70, seed: 14 },
];
export const HOSTS = ['gpu-node-1', 'gpu-node-2'];

/** Of one run of the sweep at a step, as verl names it. An eval is every tenth. */
export function sweepMetrics({ top, speed, seed }: SweepRun): (step: number) => Record<string, number> {
  const random = noise(seed);
  return (step) => {
    const risen = 1 - Math.exp(-step / speed);
    return {
      'critic/rewards/mean': 0.1 + (top + 0.05) * risen + 0.035 * random(),
      'actor/entropy': 0.25 + 0.9 * Math.exp(-step / (speed * 1.4)) + 0.02 * random(),
      'actor/pg_loss': 0.02 * random() + 0.03 * Math.exp(-step / speed),
      'actor/grad_norm': 0.4 + 0.8 * Math.exp(-step / 30) + 0.12 * random(),
      'actor/ppo_kl': 0.0004 + 0.0003 * risen + 0.0002 * Math.abs(random()),
      'response_length/mean': 190 + 120 * risen + 9 * random(),
      'response_length/clip_ratio': 0.03 + 0.02 * Math.abs(random()),
      frac_reward_zero_std: 0.15 + 0.25 * risen * risen + 0.04 * random(),
      'timing_s/step': 27 + 2 * random() + (step % 10 === 0 ? 9 : 0),
      'timing_s/gen': 15 + 1.5 * random(),
      ...(step % 10 === 0 && { 'eval/gsm8k/accuracy/mean': 0.12 + (top - 0.12) * risen + 0.012 * random() }),
    };
  };
}

/** What describes a run of the sweep. */
export const sweepRun = ({ id, lr, kl, seed }: SweepRun, project: string) => ({
  project,
  name: id,
  tags: ['grpo'],
  config: { model: id.split('-lr')[0]?.split('-no')[0], lr, kl, seed, eval: { prompts: 1_319 } },
  resources: HOSTS.map((host) => ({ host })),
});

/** Logs the sweep, which is over. */
export async function logSweep(storeUrl: string): Promise<void> {
  for (const run of SWEEP) {
    const path = `/runs/${run.id}`;
    const at = sweepMetrics(run);
    await call(storeUrl, 'PUT', path, { ...sweepRun(run, 'gsm8k'), startedAt: SWEEP_START });
    const entries = Array.from({ length: SWEEP_STEPS }, (_, i) => i + 1).map((step) => ({
      step,
      time: SWEEP_START + step * STEP_MS,
      metrics: at(step),
    }));
    await call(storeUrl, 'POST', `${path}/log`, { entries });
    const checkpoints = [80, 160].map((step) => ({
      type: 'checkpoint',
      time: SWEEP_START + step * STEP_MS,
      step,
      title: 'Checkpoint saved',
      text: `global_step_${step}`,
    }));
    await call(storeUrl, 'POST', `${path}/events`, { events: checkpoints });
    await call(storeUrl, 'POST', `${path}/finish`, {});
  }
}

const LIVE_STEPS = 120;
const LIVE_STEP_MS = 400;
/** The step after which the run without a KL penalty forgets. */
const FORGETS_AT = 70;
export const LIVE_MS = LIVE_STEPS * LIVE_STEP_MS;
export const LIVE_PROJECT = 'math';

/** The same runs while they train, a step each 0.4 s: what alerts look at. Resolves while they are still running. */
export async function trainLive(storeUrl: string): Promise<void> {
  const runs = SWEEP.map((run) => ({ ...run, path: `/runs/live-${run.id}`, at: sweepMetrics({ ...run, speed: 20 }) }));
  for (const run of runs) {
    await call(storeUrl, 'PUT', run.path, sweepRun(run, LIVE_PROJECT));
  }
  for (let step = 1; step <= LIVE_STEPS; step++) {
    for (const { path, at, kl } of runs) {
      const metrics = at(step);
      const accuracy = metrics['eval/gsm8k/accuracy/mean'];
      const forgot = kl === 0 && step > FORGETS_AT;
      const evals = forgot && accuracy !== undefined ? { 'eval/gsm8k/accuracy/mean': accuracy - 0.2 } : {};
      await call(storeUrl, 'POST', `${path}/log`, { entries: [{ step, metrics: { ...metrics, ...evals } }] });
    }
    await sleep(LIVE_STEP_MS);
  }
}
