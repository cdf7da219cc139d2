import { byName, type Format, isObject, rowOf } from './Format';
import { spanTurns, withRest } from './spanTurns';
import { AGENT_ROLES, soundTurns } from './turns';

/** The path of a dump: its folder tells whether it is of an eval. */
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
      take: ({ task_id, head_version, tail_version, segments, ...record }, { place }) => {
        const { step, path } = place;
        // The oldest and newest policy of the answer (`workflow_executor.py`): it was done when that was trained.
        const version = head_version ?? step;
        const parts = Array.isArray(segments) ? segments.filter(isObject) : [];
        const turns = soundTurns(parts.map(turnOf));
        const row = {
          groupId: task_id,
          ...record,
          ...(version !== undefined && { policyVersion: version }),
          ...(tail_version !== undefined && { policyVersionEnd: tail_version, trainingVersion: tail_version }),
          ...(Array.isArray(segments) && { messages: parts.map(messageOf) }),
          ...(turns && { turns }),
        };
        const table = SPLIT.exec(path)?.[1] === undefined ? 'rollouts' : 'eval_rollouts';
        return [rowOf(row, table, { ...(step !== undefined && { step }), roles: AGENT_ROLES })];
      },
    },
    {
      label: 'sessions.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)sessions\.jsonl$/),
      accepts: (record) => 'session_id' in record && 'status' in record,
      take: ({ phases, ...record }) => {
        const turns = sessionTurns(phases, record);
        const rest = turns ? { turns } : phases === undefined ? {} : { phases };
        // A session that failed did so before it had an answer to judge (`perf_tracer.py`).
        const error = record.status === 'failed' ? { error: record.reason ?? record.status } : {};
        return [rowOf({ ...record, ...rest, ...error }, 'sessions', { roles: AGENT_ROLES })];
      },
    },
  ],
};

/** A piece of a rollout's text, which one of the roles said. */
const messageOf = ({ role, text, len }: Record<string, unknown>) => ({ role, content: text, tokens: len });

/** Nothing tells the time of the rollout's text. */
const turnOf = ({ role, len }: Record<string, unknown>, message: number) =>
  role === 'assistant' ? { kind: 'generate', message, tokensOut: len } : { role, message };

const NAMES = { generate: 'generate', toolcall: 'tool', reward: 'reward' } as const;

/** Makes turns of what a session did when (`SessionRecord` of `perf_tracer.py`), from its submission to its end. */
function sessionTurns(phases: unknown, { submit_ts, finalized_ts }: Record<string, unknown>) {
  const spans = Object.entries(NAMES).flatMap(([phase, name]) => {
    const list = isObject(phases) ? phases[phase] : undefined;
    return Array.isArray(list) ? list.filter(isObject).map((span) => ({ ...span, kind: name, name: phase })) : [];
  });
  const turns = spanTurns(spans);
  return turns && withRest(turns, submit_ts, finalized_ts, 'workflow');
}
