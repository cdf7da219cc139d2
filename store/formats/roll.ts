import { byName, type Format, rowOf, stepOf } from './Format';
import { eventFile } from './tensorboard';

/**
 * ROLL: `rollout_dump_data.step_<N>.jsonl`. The pipeline with verifiable rewards writes one line of column arrays
 * (`roll/pipeline/rlvr/utils.py`), the agentic one a line a trajectory. Its metrics are
 * TensorBoard's event files, where these are below the same folder.
 */
export const roll: Format = {
  name: 'roll',
  title: 'ROLL',
  files: [
    {
      label: 'rollout_dump_data.step_<N>.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)rollout_dump_data\.step_(\d+)\.jsonl$/),
      take: (record, { place }) => {
        const { global_step: _, ...data } = record;
        const columns = Object.keys(data);
        const arrays = columns.map((name) => data[name]).filter(Array.isArray);
        const count = arrays[0]?.length ?? 0;
        if (arrays.length < columns.length || arrays.some(({ length }) => length !== count)) {
          return [rowOf(data, 'rollouts', stepOf(record, place, 'global_step'))];
        }
        const rows = Array.from({ length: count }, (_, i) => arrays.map((cells) => cells[i] ?? null));
        return [{ kind: 'rows', table: 'rollouts', ...stepOf({}, place), columns, rows }];
      },
    },
    { ...eventFile },
  ],
};
