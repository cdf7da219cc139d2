import { byName, type Format, isObject, rowOf, stepOf } from './Format';
import { scalars } from './scalars';

const CONFIG = ['max_steps', 'num_train_epochs', 'train_batch_size', 'logging_steps', 'eval_steps', 'save_steps'];

/**
 * TRL. `trainer_state.json` is written with every checkpoint and has the whole history again each time; resumed jobs add
 * to it. With `log_completions`, `completions/completions_<step>.parquet` has prompts, completions, one column a reward
 * function, those of `log_extra`, and the advantage (`trl/trainer/grpo_trainer.py`). Which are reward functions the
 * metrics of the state tell.
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
        return [rowOf(kept, 'completions', stepOf(kept, place))];
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
      tells: ({ log_history: history }) => {
        const entries = (Array.isArray(history) ? history : []).filter(isObject);
        const evals = entries.filter((entry) => Object.keys(entry).some((name) => /^eval_.*reward/.test(name)));
        return {
          metrics: [...new Set(entries.flatMap((entry) => Object.keys(entry)))],
          evalSteps: evals.flatMap(({ step }) => (Number.isSafeInteger(step) ? [step as number] : [])),
        };
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
