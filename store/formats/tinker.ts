import { textOf } from './coerce';
import { byName, type Format, isObject, rowOf, stepOf } from './Format';
import { readLogtree } from './readLogtree';
import { scalars } from './scalars';
import { spanTurns } from './spanTurns';
import { AGENT_ROLES } from './turns';

/** Rows of an iteration that trained, or of an eval in it. */
const tableOf = (path: string, name: string) => (/\/train_[^/]+$/.test(path) ? name : `eval_${name}`);

/**
 * Tinker cookbook: flat `metrics.jsonl`, and in `iteration_<N>` for the training and each eval `*_logtree.json`, the report
 * of some groups with their conversations, and `*_rollout_summaries.jsonl`, a line a trajectory with its rewards and no
 * text. A group's number counts within its iteration.
 */
export const tinker: Format = {
  name: 'tinker',
  title: 'Tinker cookbook',
  files: [
    {
      label: 'iteration_<N>/*_rollout_summaries.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)iteration_(\d+)\/\w+_rollout_summaries\.jsonl$/),
      take: ({ iteration: _, group_idx, ...record }, { place }) => {
        const { step } = place;
        const row = { ...(group_idx !== undefined && { groupId: `${step}/${textOf(group_idx)}` }), ...record };
        return [rowOf(row, tableOf(place.path, 'rollout_summaries'), step === undefined ? {} : { step })];
      },
    },
    {
      label: 'iteration_<N>/*_logtree.json',
      reads: 'json',
      match: byName(/(?:^|\/)iteration_(\d+)\/\w+_logtree\.json$/),
      accepts: (record) => isObject(record.root),
      records: readLogtree,
      take: ({ groupId, ...record }, { place }) => {
        const row = { groupId: `${place.step}/${textOf(groupId)}`, ...record };
        return [rowOf(row, tableOf(place.path, 'rollouts'), place.step === undefined ? {} : { step: place.step })];
      },
    },
    {
      label: 'timing_spans.jsonl of {"step", "spans"}',
      reads: 'lines',
      match: byName(/(?:^|\/)timing_spans\.jsonl$/),
      runOf: (path) => path,
      accepts: (record) => Array.isArray(record.spans),
      take: (record, { place }) => {
        const turns = spanTurns(record.spans);
        return turns ? [rowOf({ turns }, 'timing_spans', { ...stepOf(record, place), roles: AGENT_ROLES })] : [];
      },
    },
    {
      label: 'metrics.jsonl with env/… or progress/…',
      reads: 'lines',
      match: byName(/(?:^|\/)metrics\.jsonl$/),
      runOf: (path) => path,
      accepts: (record) => Object.keys(record).some((name) => /^(env|progress)\//.test(name)),
      take: (record, { place, leave }) => {
        const { step: _, ...data } = record;
        const { metrics, others } = scalars(data);
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...stepOf(record, place), metrics }];
      },
    },
  ],
};
