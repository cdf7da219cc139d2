import { isObject } from './Format';

/** A field of a record, where it is an object; else none of its fields. */
const inside = (record: Record<string, unknown>, name: string): Record<string, unknown> => {
  const value = record[name];
  return isObject(value) ? value : {};
};

const firstText = (...values: unknown[]) => values.find((value) => typeof value === 'string' && value !== '');

/** The step of the run that a record of verifiers belongs to: `run.step`, later `run.work.step`. */
export function traceStep(record: Record<string, unknown>): number | undefined {
  const run = inside(record, 'run');
  const step = [inside(run, 'work').step, run.step].find((one) => typeof one === 'number');
  return Number.isSafeInteger(step) ? (step as number) : undefined;
}

/**
 * The rollouts of one line of verifiers' traces. A line is a trace, or, since verifiers 0.3, an episode whose `traces`
 * are those of its agents; one that failed has none, and is a row with its error. The reward is the sum of the weighted
 * scores, and null where nothing was scored.
 */
export function readTrace(record: Record<string, unknown>): Record<string, unknown>[] {
  if (!Array.isArray(record.traces)) {
    return [rolloutOf(record, record)];
  }
  const traces = record.traces.filter(isObject);
  return traces.length > 0 ? traces.map((trace) => rolloutOf(trace, record)) : [rolloutOf({}, record)];
}

function rolloutOf(trace: Record<string, unknown>, episode: Record<string, unknown>): Record<string, unknown> {
  const nodes = Array.isArray(trace.nodes) ? trace.nodes.filter(isObject) : [];
  const messages = nodes.map((node) => (isObject(node.message) ? node.message : node)).filter((one) => 'role' in one);
  const question = messages.find(({ role }) => role === 'user')?.content;
  const rewards = inside(trace, 'rewards');
  const parts = Object.entries(rewards).map(([name, part]) => {
    const { score, weight } = isObject(part) ? part : { score: part, weight: 1 };
    return { name, score: typeof score === 'number' ? score : null, weight: typeof weight === 'number' ? weight : 1 };
  });
  const scored = parts.filter(({ score }) => score !== null);
  const total = scored.reduce((sum, { score, weight }) => sum + (score ?? 0) * weight, 0);
  const task = { ...inside(episode, 'task'), ...inside(trace, 'task') };
  const info = inside(trace, 'info');
  const errors = Array.isArray(episode.errors) && episode.errors.length > 0 ? episode.errors : undefined;
  const row = {
    messages: messages.length > 0 ? messages : null,
    prompt: typeof question === 'string' ? question : (task.prompt ?? task.question ?? null),
    reward: scored.length > 0 ? total : typeof trace.reward === 'number' ? trace.reward : null,
    ...Object.fromEntries(parts.map(({ name, score }) => [`rewards/${name}`, score])),
    groundTruth: firstText(task.answer, info.answer),
    advantage: typeof trace.advantage === 'number' ? trace.advantage : info.advantage,
    groupId: firstText(inside(episode, 'group').id, task.key, task.hash, task.id),
    environment: firstText(inside(episode, 'env').id, info.env_name),
    truncated: typeof trace.is_truncated === 'boolean' ? trace.is_truncated : undefined,
    error: errors ?? trace.error,
    ...Object.fromEntries(Object.entries(inside(trace, 'metrics')).map(([name, value]) => [`metrics/${name}`, value])),
    traceId: firstText(trace.id, episode.id),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
