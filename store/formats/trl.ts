import type { Role } from '@rolloscope/contract/types';
import { byName, type Format, isObject, rowOf, stepOf } from './Format';
import { scalars } from './scalars';

/** Columns of the completions that are no reward function. */
const KNOWN = new Set(['step', 'mode', 'prompt', 'completion', 'advantage', 'image', 'images']);

const CONFIG = ['max_steps', 'num_train_epochs', 'train_batch_size', 'logging_steps', 'eval_steps', 'save_steps'];

/**
 * TRL. `trainer_state.json` is written with every checkpoint and has the whole history again each time; resumed jobs add
 * to it. With `log_completions`, `completions/completions_<step>.parquet` has prompts, completions, one column a reward
 * function, and the advantage (`trl/trainer/grpo_trainer.py`). The total is not in it: `reward_sum` is the plain sum of
 * the functions, which is the reward where `reward_weights` is not set.
 */
export const trl: Format = {
  name: 'trl',
  title: 'TRL',
  files: [
    {
      label: 'completions_<step>.parquet',
      reads: 'parquet',
      match: byName(/(?:^|\/)completions_(\d+)\.parquet$/),
      take: (record, { place, leave }) => {
        const { images: _, image: __, ...kept } = record;
        if ('image' in record || 'images' in record) {
          leave('images');
        }
        const parts = Object.keys(kept).filter((name) => !KNOWN.has(name) && isScore(kept[name]));
        const roles = Object.fromEntries(parts.map((name) => [name, 'rewardPart' satisfies Role]));
        const [only] = parts;
        if (only !== undefined && parts.length === 1) {
          return [rowOf(kept, 'completions', { ...stepOf(kept, place), roles: { [only]: 'reward' } })];
        }
        const sum = parts.reduce((total, name) => total + (finite(kept[name]) ?? 0), 0);
        const withSum = parts.length > 1 ? { ...kept, reward_sum: sum } : kept;
        return [rowOf(withSum, 'completions', { ...stepOf(kept, place), roles: { ...roles, reward_sum: 'reward' } })];
      },
    },
    {
      label: 'trainer_state.json',
      reads: 'json',
      match: byName(/(?:^|\/)trainer_state\.json$/),
      accepts: (record) => Array.isArray(record.log_history),
      runOf: (path) => path.replace(/(?:(?:^|\/)checkpoint-\d+)?(?:^|\/)[^/]+$/, ''),
      records: (state) => {
        const config = Object.fromEntries(CONFIG.flatMap((name) => (name in state ? [[name, state[name]]] : [])));
        return [{ config }, ...(Array.isArray(state.log_history) ? state.log_history : [])];
      },
      once: true,
      take: (record, { place, leave }) => {
        if (isObject(record.config)) {
          return [{ kind: 'run', put: { config: record.config } }];
        }
        const { step: _, ...data } = record;
        const { metrics, others } = scalars(data);
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...stepOf(record, place), metrics }];
      },
    },
  ],
};

/** Reward functions give numbers, and nothing where they do not apply. */
const isScore = (cell: unknown) => typeof cell === 'number' || cell === null || cell === undefined || cell === 'NaN';

const finite = (cell: unknown) => (typeof cell === 'number' && Number.isFinite(cell) ? cell : undefined);
