import { textOf } from './coerce';
import { byName, type FileKind, type Format, isObject, rowOf } from './Format';
import { scalars } from './scalars';

const TRAJECTORIES = /(?:^|\/)trajectories\/([^/]+)\/(\d+)\.(?:parquet|jsonl)$/;

const place: FileKind['match'] = (path) => {
  const [, split, number] = TRAJECTORIES.exec(path) ?? [];
  return split === undefined ? undefined : { path, step: Number(number) };
};

const tableOf = (path: string) => (TRAJECTORIES.exec(path)?.[1] === 'train' ? 'rollouts' : 'eval_rollouts');

/**
 * ART (openpipe-art): `trajectories/<split>/<step>.parquet` has a row a trajectory, older `.jsonl` a line a group of them
 * (`art/utils/trajectory_logging.py`), and `history.jsonl` the metrics.
 */
export const art: Format = {
  name: 'art',
  title: 'ART',
  files: [
    {
      label: 'trajectories/<split>/<step>.parquet',
      reads: 'parquet',
      match: (path) => (path.endsWith('.parquet') ? place(path) : undefined),
      take: (record, { place: { step, path } }) => [
        rowOf(trajectory(record, record.group_index, step), tableOf(path), { ...(step !== undefined && { step }) }),
      ],
    },
    {
      label: 'trajectories/<split>/<step>.jsonl',
      reads: 'lines',
      match: (path) => (path.endsWith('.jsonl') ? place(path) : undefined),
      accepts: (record) => Array.isArray(record.trajectories),
      take: ({ trajectories }, { place: { step, path }, order }) =>
        (Array.isArray(trajectories) ? trajectories.filter(isObject) : []).map((one) =>
          rowOf(trajectory(one, order - 1, step), tableOf(path), { ...(step !== undefined && { step }) }),
        ),
    },
    {
      label: 'history.jsonl with training_step or recorded_at',
      reads: 'lines',
      match: byName(/(?:^|\/)history\.jsonl$/),
      runOf: (path) => path,
      accepts: (record) => 'training_step' in record || 'recorded_at' in record,
      take: ({ step, training_step: training, recorded_at: at, ...data }, { leave }) => {
        const { metrics, others } = scalars(data);
        Object.keys(others).forEach(leave);
        const own = [training, step].find(Number.isSafeInteger) as number | undefined;
        const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
        return [{ kind: 'metrics', ...(own !== undefined && { step: own }), ...(time > 0 && { time }), metrics }];
      },
    },
  ],
};

/** One trajectory: its messages, in which an answer of the model is one of its choices, and its metrics by name. */
function trajectory(
  record: Record<string, unknown>,
  group: unknown,
  step: number | undefined,
): Record<string, unknown> {
  const { messages, messages_and_choices: choices, metrics, metadata, group_index: _, ...rest } = record;
  const said = [messages, choices].find(Array.isArray) ?? [];
  const named = (name: string, value: unknown) =>
    Object.entries(objectIn(value)).map(([key, one]) => [`${name}/${key}`, one] as const);
  return {
    messages: said.filter(isObject).map(messageOf),
    ...rest,
    groupId: `${step ?? 0}/${textOf(group)}`,
    ...Object.fromEntries([...named('metrics', metrics), ...named('metadata', metadata)]),
  };
}

function messageOf(message: Record<string, unknown>): Record<string, unknown> {
  const {
    trainable,
    tool_calls: calls,
    tool_call_id: id,
    ...rest
  } = isObject(message.message) ? message.message : message;
  const isSampled = trainable === true || 'finish_reason' in message;
  return {
    ...rest,
    ...(calls !== null && calls !== undefined && { tool_calls: typeof calls === 'string' ? parsed(calls) : calls }),
    ...(id !== null && id !== undefined && { tool_call_id: id }),
    ...(isSampled && { sampled: true }),
  };
}

const objectIn = (value: unknown): Record<string, unknown> => {
  const read = typeof value === 'string' ? parsed(value) : value;
  return isObject(read) ? read : {};
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
