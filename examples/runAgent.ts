import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentTrainer } from './AgentTrainer';
import type { StoreClient } from './StoreClient';

export interface AgentOptions {
  id: string;
  project: string;
  seed: number;
  steps: number;
  /** Milliseconds that a step takes at least. */
  stepTime: number;
  /** Ends the run early, and cleanly. */
  signal: AbortSignal;
}

/** Describes the run of an agent; gives what trains and logs it, until it is finished or was asked to end. */
export async function beginAgent(store: StoreClient, options: AgentOptions): Promise<() => Promise<void>> {
  const { id, project, seed, steps, stepTime, signal } = options;
  const config = { model: 'toy-tanh-16', algorithm: 'grpo, asynchronous', seed, tools: ['price', 'calculate'] };
  await store.putRun(id, { project, name: 'agent', tags: ['agent'], config, resources: [{ host: hostname() }] });
  return async () => {
    const trainer = new AgentTrainer(seed);
    const process = randomUUID();
    for (let step = 1; step <= steps && !signal.aborted; step++) {
      await store.log(id, [trainer.step()], `${process}-${step}`);
      await sleep(stepTime, undefined, { signal }).catch(() => undefined);
    }
    await store.finish(id);
  };
}
