import { byName, type Format, isObject, rowOf } from './Format';

/** What a folder of dumps is for. */
const SPLIT = /(?:^|\/)(eval-)?rollout\/\d+\/[^/]+$/;

/**
 * AReaL: `rollout/<version>/<task>.jsonl` and `eval-rollout/…`, with `task_id, sample_idx, seqlen, prompt_len, reward,
 * prompt, completion, head_version, tail_version`, and `segments` of its text. A folder's version is the step. What
 * became of each session is in `sessions.jsonl`.
 */
export const areal: Format = {
  name: 'areal',
  title: 'AReaL',
  files: [
    {
      label: '{rollout,eval-rollout}/<version>/<task>.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)(\d+)\/[^/]+\.jsonl$/),
      accepts: (record) => 'task_id' in record && 'completion' in record,
      take: ({ task_id, head_version, segments, ...record }, { place }) => {
        const { step, path } = place;
        // The policy that began the answer; one that was interrupted was ended by that of `tail_version`.
        const version = head_version ?? step;
        const row = {
          groupId: task_id,
          ...record,
          ...(version !== undefined && { policyVersion: version }),
          ...(Array.isArray(segments) && { messages: segments.filter(isObject).map(messageOf) }),
        };
        const table = SPLIT.exec(path)?.[1] === undefined ? 'rollouts' : 'eval_rollouts';
        return [rowOf(row, table, step === undefined ? {} : { step })];
      },
    },
    {
      label: 'sessions.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)sessions\.jsonl$/),
      accepts: (record) => 'session_id' in record && 'status' in record,
      take: (record) => [rowOf(record, 'sessions')],
    },
  ],
};

/** A piece of a rollout's text, which one of the roles said. */
const messageOf = ({ role, text, len }: Record<string, unknown>) => ({ role, content: text, tokens: len });
