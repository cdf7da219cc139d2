import { call } from './seedPicture';

const COLUMNS = ['reward', 'prompt', 'response'];
export const ROWS_A_STEP = 40;

export interface TrainingRun {
  project?: string;
  tags?: string[];
}

/** Creates a run under the names that verl users know. */
export const createRun = (storeUrl: string, id: string, { project = 'training', tags = [] }: TrainingRun = {}) =>
  call(storeUrl, 'PUT', `/runs/${id}`, { project, name: id, tags });

/** Logs steps `from` to `to`, each with its metrics and 40 rollouts, which tell their run and step. */
export async function logSteps(storeUrl: string, id: string, from: number, to: number): Promise<void> {
  const entries = Array.from({ length: to - from + 1 }, (_, i) => from + i).map((step) => ({
    step,
    metrics: {
      'eval/accuracy/mean': 0.5 + step / 1_000,
      'eval/n_prompts': 200,
      'critic/rewards/mean': step / 100,
      'response_length/mean': 100 - step,
      'response_length/clip_ratio': 0.05,
      frac_reward_zero_std: 0.25,
    },
    tables: { rollouts: { columns: COLUMNS, rows: rowsOf(id, step) } },
  }));
  await call(storeUrl, 'POST', `/runs/${id}/log`, { entries });
}

const rowsOf = (id: string, step: number) =>
  Array.from({ length: ROWS_A_STEP }, (_, i) => [i % 2 === 0 ? 1.1 : -0.1, `question ${i}`, `${id} ${step} ${i}`]);
