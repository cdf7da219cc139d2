import { byName, type Format, rowOf } from './Format';

/** AReaL: `rollout/<version>/<task>.jsonl`, with `task_id, sample_idx, seqlen, reward, prompt, completion`. */
export const areal: Format = {
  name: 'areal',
  title: 'AReaL',
  files: [
    {
      label: 'rollout/<version>/<task>.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)(\d+)\/[^/]+\.jsonl$/),
      accepts: (record) => 'task_id' in record && 'completion' in record,
      take: ({ task_id, ...record }, { place }) => {
        const { step } = place;
        const row = { groupId: task_id, ...record, ...(step !== undefined && { policyVersion: step }) };
        return [rowOf(row, 'rollouts', step === undefined ? {} : { step })];
      },
    },
  ],
};
