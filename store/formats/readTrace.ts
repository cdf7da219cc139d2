import { splitConversation } from './conversation';
import { isObject } from './Format';
import { functionsOf, sumOf } from './rewardCells';

type Fields = Record<string, unknown>;

/** A field of a record, where it is an object; else none of its fields. */
const inside = (record: Fields, name: string): Fields => {
  const value = record[name];
  return isObject(value) ? value : {};
};

const firstText = (...values: unknown[]) => values.find((value) => typeof value === 'string' && value !== '');
const wholeNumber = (...values: unknown[]) => values.find(Number.isSafeInteger) as number | undefined;

/** Limits of verifiers that end a rollout (`Trace.is_truncated`). */
const CUT = /^(max_(turns|tokens|input_tokens|output_tokens|total_tokens)|context_length|compaction_failed)$/;

/** Whether a line is a trace, or an episode that has some. */
export const isTrace = (record: Fields): boolean => Array.isArray(record.nodes) || Array.isArray(record.traces);

/** What the record was made for: of a run that trains, which step, and whether it is an eval. */
export function traceWork(record: Fields): { step?: number; isEval: boolean } {
  const run = inside(record, 'run');
  const work = inside(run, 'work');
  const step = wholeNumber(work.step, run.step);
  return { ...(step !== undefined && { step }), isEval: (work.type ?? run.type) === 'eval' };
}

/**
 * The rollouts of one line of verifiers' traces. A line is a trace, or, since verifiers 0.3, an episode whose `traces`
 * are those of its agents; one that failed has none, and is a row with its error. The reward is the sum of the weighted
 * scores, and null where nothing was scored.
 */
export function readTrace(record: Fields): Fields[] {
  if (!Array.isArray(record.traces)) {
    return [rolloutOf(record, record)];
  }
  const traces = record.traces.filter(isObject);
  return traces.length > 0 ? traces.map((trace) => rolloutOf(trace, record)) : [rolloutOf({}, record)];
}

function rolloutOf(trace: Fields, episode: Fields): Fields {
  const branches = branchesOf(Array.isArray(trace.nodes) ? trace.nodes.filter(isObject) : []);
  const messages = branches.at(-1) ?? [];
  const rewards = functionsOf(trace.rewards) ?? new Map();
  const task = { ...inside(episode, 'task'), ...inside(trace, 'task') };
  const data = { ...task, ...inside(task, 'data') };
  const info = inside(trace, 'info');
  const policy = inside(inside(inside(episode, 'run'), 'work'), 'policy');
  const errors = [episode.errors, trace.errors].find((list) => Array.isArray(list) && list.length > 0);
  const agents = Array.isArray(episode.traces) ? episode.traces.length : 1;
  const row = {
    messages: messages.length > 0 ? messages : null,
    prompt: splitConversation(messages)?.prompt ?? data.prompt ?? data.question ?? null,
    reward: sumOf(rewards) ?? (typeof trace.reward === 'number' ? trace.reward : null),
    ...Object.fromEntries([...rewards].map(([name, { score }]) => [`rewards/${name}`, score])),
    groundTruth: firstText(data.answer, info.answer),
    advantage: typeof trace.advantage === 'number' ? trace.advantage : info.advantage,
    groupId: firstText(inside(episode, 'group').id, task.key, task.hash, task.id),
    environment: firstText(inside(episode, 'env').id, info.env_name),
    policyVersion: wholeNumber(policy.start, policy.version),
    truncated: wasCut(trace),
    stop: firstText(trace.stop_condition),
    error: errors ?? trace.error,
    ...Object.fromEntries(Object.entries(inside(trace, 'metrics')).map(([name, value]) => [`metrics/${name}`, value])),
    ...(agents > 1 && { agent: firstText(inside(trace, 'agent').name) }),
    ...(branches.length > 1 && { otherBranches: branches.slice(0, -1) }),
    traceId: firstText(trace.id, episode.id),
    time: endOf(inside(trace, 'timing')),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** When it was over, in seconds: phases that it never came to end at 0. Undefined where nothing tells. */
function endOf(timing: Fields): number | undefined {
  const ends = Object.values(timing).map((phase) => (isObject(phase) ? phase.end : undefined));
  const known = [timing.start, ...ends].filter((at) => typeof at === 'number' && at > 0) as number[];
  return known.length > 0 ? Math.max(...known) : undefined;
}

/**
 * The conversations of a trace, the final one last. Its messages are a tree, in which each is stored once: a history that
 * was rewritten, or a helper, is a path of its own from the root to a leaf. Nodes that name no parent are one after the
 * other.
 */
function branchesOf(nodes: readonly Fields[]): Fields[][] {
  const isTree = nodes.some(({ parent }) => Number.isSafeInteger(parent));
  const parentOf = (i: number) => (isTree ? wholeNumber(nodes[i]?.parent) : i - 1) ?? -1;
  const parents = new Set(nodes.map((_, i) => parentOf(i)));
  const leaves = nodes.map((_, i) => i).filter((i) => !parents.has(i));
  return leaves.map((leaf) => {
    const path: Fields[] = [];
    let below = nodes.length;
    // A parent stands before its children, so a path ends.
    for (let i = leaf; i >= 0 && i < below; i = parentOf(i)) {
      path.push(messageOf(nodes[i] ?? {}));
      below = i;
    }
    return path.reverse().filter((message) => 'role' in message);
  });
}

function messageOf(node: Fields): Fields {
  const message = isObject(node.message) ? node.message : node;
  return node.sampled === true ? { ...message, sampled: true } : message;
}

function wasCut(trace: Fields): boolean | undefined {
  if (typeof trace.is_truncated === 'boolean') {
    return trace.is_truncated;
  }
  const calls = Array.isArray(trace.calls) ? trace.calls.filter(isObject) : undefined;
  const last = calls?.findLast(({ error }) => error === null || error === undefined);
  if (typeof trace.stop_condition === 'string' && CUT.test(trace.stop_condition)) {
    return true;
  }
  return calls === undefined && trace.stop_condition === undefined ? undefined : last?.finish_reason === 'length';
}
