import type { Turn } from '@rolloscope/contract/types';
import { spokenText } from './conversation';
import { isObject } from './readObject';
import { type Fields, inside, messageOf, spokenNodes, type TraceGraph, wholeNumber } from './traceGraph';
import { errorText, inTime, secondsAt, soundTurns } from './turns';

/** Phases of a rollout before and after its agent (`Timing` of verifiers). */
const PHASES = ['boot', 'setup', 'finalize', 'scoring'];
/** Time between two phases that is worth a turn; in milliseconds. */
const LEAST = 10;
/** Messages between two of the model that are looked through for tools. */
const MOST_TOOLS = 1_000;

interface Span {
  start?: number | undefined;
  end?: number | undefined;
}

type Told = Omit<Partial<Turn>, 'start' | 'end'> & Span & { node?: number | undefined };

/**
 * The turns of verifiers' trace: its model calls, and the time around them. It measures no tool: what is between two calls
 * is the tools' where the model asked for some, else the harness's, so that all adds up to the trace's own time.
 */
export function traceTurns(trace: Fields, graph: TraceGraph, policyVersion: number | undefined): Turn[] | undefined {
  const calls = Array.isArray(trace.calls) ? trace.calls.filter(isObject) : [];
  const timing = inside(trace, 'timing');
  const agent = spanOf(timing.agent);
  const told = inTime(calls.map((call) => callOf(call, policyVersion)));
  const turns: Told[] = [...waitOf(trace, timing), ...PHASES.slice(0, 2).flatMap((name) => phaseOf(timing, name))];
  let until = agent?.start;
  for (const turn of told) {
    const tools = turn.node === undefined ? [] : toolsBefore(graph, turn.node);
    turns.push(...between({ start: until, end: turn.start }, tools, graph), turn);
    until = Math.max(until ?? 0, turn.end ?? 0) || undefined;
  }
  const last = told.at(-1);
  const asked = last?.node === undefined ? [] : toolNames(messageOf(graph.nodes[last.node] ?? {}));
  turns.push(...restOf({ start: until, end: agent?.end }, asked));
  turns.push(...PHASES.slice(2).flatMap((name) => phaseOf(timing, name)));
  return soundTurns(placed(turns, graph));
}

function spanOf(value: unknown): Span | undefined {
  const { start, end } = isObject(value) ? value : { start: undefined, end: undefined };
  const span = { start: secondsAt(start), end: secondsAt(end) };
  return span.start === undefined ? undefined : span;
}

function phaseOf(timing: Fields, name: string): Told[] {
  const span = spanOf(timing[name]);
  return span?.end === undefined ? [] : [{ kind: 'environment', tool: name, ...span }];
}

/** Gives the wait of a rollout from when it was given away to when it began; none where that is not known. */
function waitOf(trace: Fields, timing: Fields): Told[] {
  const given = secondsAt(inside(inside(trace, 'info'), 'dispatch').time) ?? secondsAt(timing.start);
  const begun = ['boot', 'setup', 'agent'].map((name) => spanOf(timing[name])?.start).find((at) => at !== undefined);
  return given !== undefined && begun !== undefined && begun - given > LEAST
    ? [{ kind: 'queue', start: given, end: begun }]
    : [];
}

function callOf(call: Fields, policyVersion: number | undefined): Told {
  const usage = inside(call, 'usage');
  const read = (name: string) => wholeNumber(usage[name]);
  const tokensIn = read('input_tokens') ?? sumOf(read('prompt_tokens'), read('cached_input_tokens'));
  return {
    kind: 'generate',
    ...spanOf(call.time),
    node: wholeNumber(call.node),
    ...(tokensIn !== undefined && { tokensIn }),
    ...present('tokensOut', read('completion_tokens') ?? read('output_tokens')),
    ...present('policyVersion', policyVersion),
    ...(typeof call.finish_reason === 'string' && { finishReason: call.finish_reason }),
    ...present('error', errorText(call.error)),
  };
}

const present = <K extends string, T>(name: K, value: T | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [N in K]?: T };
const sumOf = (a: number | undefined, b: number | undefined) => (a === undefined ? undefined : a + (b ?? 0));

/** Gives what happened before a call: its tools, else the harness. */
function between(span: Span, tools: readonly number[], graph: TraceGraph): Told[] {
  const isTimed = span.start !== undefined && span.end !== undefined;
  if (tools.length > 0) {
    const names = new Set(tools.map((node) => toolOf(graph, node)));
    const name = [...names].filter((one) => one !== undefined).join(', ');
    const known = name === '' ? {} : { tool: name };
    return [{ kind: 'tool', ...known, ...(isTimed && span), node: tools[0] }];
  }
  return restOf(span, []);
}

function restOf(span: Span, tools: readonly string[]): Told[] {
  const { start, end } = span;
  if (start === undefined || end === undefined || end <= start) {
    return [];
  }
  return tools.length > 0
    ? [{ kind: 'tool', tool: tools.join(', '), start, end }]
    : [{ kind: 'environment', tool: 'harness', start, end }];
}

/** Nodes of tools on the way from what the model said before, the first one first. */
function toolsBefore({ nodes, parentOf }: TraceGraph, node: number): number[] {
  const tools: number[] = [];
  let at = parentOf(node);
  for (let seen = 0; at >= 0 && at < node && nodes[at]?.sampled !== true && seen < MOST_TOOLS; seen++) {
    if (messageOf(nodes[at] ?? {}).role === 'tool') {
      tools.unshift(at);
    }
    at = parentOf(at);
  }
  return tools;
}

/** The name of the tool that answered: its message's own, else that of the call it answers. */
function toolOf({ nodes, parentOf }: TraceGraph, node: number): string | undefined {
  const { name, tool_call_id: id } = messageOf(nodes[node] ?? {});
  if (typeof name === 'string' && name !== '') {
    return name;
  }
  let at = parentOf(node);
  for (let seen = 0; at >= 0 && at < node && nodes[at]?.sampled !== true && seen < MOST_TOOLS; seen++) {
    at = parentOf(at);
  }
  const calls = messageOf(nodes[at] ?? {}).tool_calls;
  const call = Array.isArray(calls) ? calls.find((one) => isObject(one) && one.id === id) : undefined;
  return isObject(call) ? nameOf(call) : undefined;
}

const nameOf = (call: Fields): string | undefined =>
  [call.name, inside(call, 'function').name].find((name): name is string => typeof name === 'string');

const toolNames = ({ tool_calls: calls }: Fields): string[] =>
  Array.isArray(calls) ? [...new Set(calls.filter(isObject).flatMap((call) => nameOf(call) ?? []))] : [];

/** Nodes as places in the final conversation, or as what was said elsewhere; and, of a tree, what each goes on from. */
function placed(turns: readonly Told[], graph: TraceGraph) {
  const { nodes, parentOf, paths } = graph;
  const messageAt = new Map(spokenNodes(graph, paths.at(-1) ?? []).map((node, i) => [node, i]));
  const turnAt = new Map(turns.flatMap(({ node }, i) => (node === undefined ? [] : [[node, i] as const])));
  /** Turns by node: that of the nearest one before it that has one. */
  const before = new Map<number, number>();
  for (let node = 0; node < nodes.length && paths.length > 1; node++) {
    const parent = parentOf(node);
    const found = parent < node ? (turnAt.get(parent) ?? before.get(parent)) : undefined;
    if (found !== undefined) {
      before.set(node, found);
    }
  }
  return turns.map(({ node, ...turn }) => {
    const message = node === undefined ? undefined : messageAt.get(node);
    const said = node === undefined || message !== undefined ? {} : saidAt(nodes[node]);
    const parent = node === undefined ? undefined : before.get(node);
    return { ...turn, ...said, ...present('message', message), ...present('parent', parent) };
  });
}

function saidAt(node: Fields = {}) {
  const message = messageOf(node);
  return { role: message.role, content: spokenText([message]) };
}
