import { byName, type Format, isObject, rowOf, stepOf } from './Format';
import { isValidation } from './isValidation';
import { scalars } from './scalars';

/**
 * verl. `trainer.logger=[file]` writes `{"step": N, "data": {…}}` a line to `$VERL_FILE_LOGGER_PATH`, and begins the file
 * anew when a job restarts (`verl/utils/tracking.py`). `trainer.rollout_data_dir` and `validation_data_dir` get one
 * `<step>.jsonl` a step: `input, output, gts, score, step` and what the reward function adds.
 */
export const verl: Format = {
  name: 'verl',
  title: 'verl',
  files: [
    {
      label: '<step>.jsonl with input and output',
      reads: 'lines',
      match: byName(/(?:^|\/)(\d+)\.jsonl$/),
      accepts: (record) => 'input' in record && 'output' in record,
      take: (record, { place }) => {
        const folder = place.path.split('/').at(-2) ?? '';
        return [rowOf(record, isValidation(folder) ? 'eval_rollouts' : 'rollouts', stepOf(record, place))];
      },
    },
    {
      label: '*.jsonl of {"step", "data"}',
      reads: 'lines',
      match: byName(/\.jsonl$/),
      accepts: (record) => typeof record.step === 'number' && isObject(record.data),
      runOf: (path) => path,
      take: (record, { place, leave }) => {
        const { metrics, others } = scalars(isObject(record.data) ? record.data : {});
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...stepOf(record, place), metrics }];
      },
    },
  ],
};
