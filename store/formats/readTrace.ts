import { splitConversation } from './conversation';
import { isObject } from './readObject';
import { functionsOf, sumOf } from './rewardCells';
import { type Fields, inside, messageOf, spokenNodes, type TraceGraph, traceGraph, wholeNumber } from './traceGraph';
import { traceTurns } from './traceTurns';

const firstText = (...values: unknown[]) => values.find((value) => typeof value === 'string' && value !== '');

/** Limits of verifiers that end a rollout (`Trace.is_truncated`). */
const CUT = /^(max_(turns|tokens|input_tokens|output_tokens|total_tokens)|context_length|compaction_failed)$/;

/** Says whether a line is a trace, or an episode that has some. */
export const isTrace = (record: Fields): boolean => Array.isArray(record.nodes) || Array.isArray(record.traces);

/** Tells what the record was made for: of a run that trains, which step, and whether it is an eval. */
export function traceWork(record: Fields): { step?: number; isEval: boolean } {
  const run = inside(record, 'run');
  const work = inside(run, 'work');
  const step = wholeNumber(work.step, run.step);
  return { ...(step !== undefined && { step }), isEval: (work.type ?? run.type) === 'eval' };
}

/** A rollout, and the messages that it is of. */
interface ReadTrace {
  row: Fields;
  graph: TraceGraph;
}

/**
 * The rollouts of one line of verifiers' traces. A line is a trace, or, since verifiers 0.3, an episode whose `traces`
 * are those of its agents; one that failed has none, and is a row with its error. The reward is the sum of the weighted
 * scores, and null where nothing was scored.
 */
export function readTrace(record: Fields): ReadTrace[] {
  const traces = Array.isArray(record.traces) ? record.traces.filter(isObject) : [record];
  return (traces.length > 0 ? traces : [{}]).map((trace) => {
    const graph = traceGraph(trace);
    return { graph, row: rolloutOf(trace, record, graph) };
  });
}

function rolloutOf(trace: Fields, episode: Fields, graph: TraceGraph): Fields {
  const branches = graph.paths.map((path) =>
    spokenNodes(graph, path).map((node) => messageOf(graph.nodes[node] ?? {})),
  );
  const messages = branches.at(-1) ?? [];
  const rewards = functionsOf(trace.rewards) ?? new Map();
  const task = { ...inside(episode, 'task'), ...inside(trace, 'task') };
  const data = { ...task, ...inside(task, 'data') };
  const info = inside(trace, 'info');
  const policy = inside(inside(inside(episode, 'run'), 'work'), 'policy');
  const errors = [episode.errors, trace.errors].find((list) => Array.isArray(list) && list.length > 0);
  // An empty list says that there was none.
  const isTold = Array.isArray(episode.errors) || Array.isArray(trace.errors);
  const [first, last] = [wholeNumber(policy.start, policy.version), wholeNumber(policy.end)];
  // Where it changed meanwhile, nothing tells which call was whose.
  const turns = traceTurns(trace, graph, last === undefined || first === last ? first : undefined);
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
    policyVersion: first,
    policyVersionEnd: last,
    truncated: wasCut(trace),
    stop: firstText(trace.stop_condition),
    error: errors ?? trace.error ?? (isTold ? null : undefined),
    ...Object.fromEntries(Object.entries(inside(trace, 'metrics')).map(([name, value]) => [`metrics/${name}`, value])),
    ...(agents > 1 && { agent: firstText(inside(trace, 'agent').name) }),
    ...(branches.length > 1 && { otherBranches: branches.slice(0, -1) }),
    turns,
    traceId: firstText(trace.id, episode.id),
    time: endOf(inside(trace, 'timing')),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** Gives the end of a trace in seconds: phases that it never came to end at 0. Undefined where nothing tells. */
function endOf(timing: Fields): number | undefined {
  const ends = Object.values(timing).map((phase) => (isObject(phase) ? phase.end : undefined));
  const known = [timing.start, ...ends].filter((at) => typeof at === 'number' && at > 0) as number[];
  return known.length > 0 ? Math.max(...known) : undefined;
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
