import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreClient } from './StoreClient';
import { DEFAULTS, Trainer, type TrainerOptions } from './Trainer';

export interface TrainingOptions extends Partial<TrainerOptions> {
  id: string;
  name: string;
  project: string;
  steps: number;
  /** Milliseconds that a step takes at least; 0 for full speed. */
  stepTime: number;
  tags?: string[];
  baseline?: string;
  /** Ends the run early, and cleanly. */
  signal?: AbortSignal;
}

/** Trains one run and logs it. Resolves when it is finished, or was asked to end. */
export async function runTraining(store: StoreClient, options: TrainingOptions): Promise<void> {
  const { id, name, project, steps, stepTime, tags = [], baseline, signal, ...given } = options;
  const settings: TrainerOptions = { ...DEFAULTS, ...given };
  const { lenient, learningRate, groupSize, prompts, seed, collapseAt, evalPrompts } = settings;
  await store.putRun(id, {
    project,
    name,
    tags,
    config: {
      model: 'toy-tanh-32',
      algorithm: 'grpo',
      lr: learningRate,
      seed,
      group_size: groupSize,
      prompts_per_step: prompts,
      verifier: lenient ? 'lenient' : 'strict',
      eval: { prompts: evalPrompts },
      ...(collapseAt !== undefined && { collapse_at: collapseAt }),
    },
    resources: [{ host: hostname() }],
    ...(baseline && { baseline }),
  });
  const trainer = new Trainer(settings);
  const process = randomUUID();
  for (let step = 1; step <= steps && !signal?.aborted; step++) {
    const started = performance.now();
    const time = Date.now();
    await store.log(id, [{ ...trainer.step(), time }], `${process}-${step}`);
    const rest = stepTime - (performance.now() - started);
    // Even at full speed others get their turn.
    await sleep(Math.max(0, rest), undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
  await store.finish(id);
}
