import type { Turn } from '@rolloscope/contract/types';
import { isObject } from './readObject';
import { type Fields, inside } from './traceGraph';
import { errorText, inTime, secondsAt, soundTurns } from './turns';

const SPOKEN = new Set(['reasoning', 'message', 'function_call']);
const FAILED = new Set(['failed', 'timeout', 'cancelled']);

/**
 * Turns of items of OpenAI's Responses, of which nothing tells the time: what the model said in a row is one, and so is each
 * answer of a tool.
 *
 * @param from where what the model said begins: items before were asked
 */
export function responsesTurns(items: readonly Fields[], from = 0): Turn[] | undefined {
  const names = toolNames(items);
  const turns: Array<{ kind: string; message: number; tool?: unknown }> = [];
  for (const [message, item] of items.entries()) {
    const type = item.type ?? 'message';
    if (message < from) {
      continue;
    }
    if (type === 'function_call_output') {
      turns.push({ kind: 'tool', message, tool: names.get(item.call_id) });
    } else if (SPOKEN.has(String(type)) && item.role !== 'user' && turns.at(-1)?.kind !== 'generate') {
      turns.push({ kind: 'generate', message });
    } else if (item.role === 'user') {
      turns.push({ kind: 'environment', message });
    }
  }
  return soundTurns(turns);
}

const toolNames = (items: readonly Fields[]) =>
  new Map(items.flatMap(({ type, call_id, name }) => (type === 'function_call' ? [[call_id, name] as const] : [])));

const list = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);

/**
 * Turns of what NeMo Gym observed of a rollout (`nemo_gym/rollout_observability.py`): the calls of its trajectory record,
 * else those that were captured and what the agent's server tells of tools. Undefined where it observed none.
 */
export function observedTurns(record: Fields, items: readonly Fields[]): Turn[] | undefined {
  const trajectory = inside(record, 'ng_trajectory');
  const observed = list(inside(record, 'ng_agent_observations').records).filter(({ kind }) => kind === 'tool_call');
  const captured = list(inside(record, 'ng_model_call_capture').calls);
  const [calls, tools] = [list(trajectory.model_calls), list(trajectory.tool_calls)];
  const outputs = new Map(
    items.flatMap(({ type, call_id }, i) => (type === 'function_call_output' ? [[call_id, i] as const] : [])),
  );
  const names = toolNames(items);
  const turns = [
    ...(calls.length > 0 ? calls : captured).map(callOf),
    ...(tools.length > 0 ? tools : observed).map((tool) => ({
      kind: 'tool',
      tool: tool.tool_name ?? names.get(tool.tool_call_id),
      message: outputs.get(tool.tool_call_id),
      ...timeOf(tool, tool.duration_ms),
      error: FAILED.has(String(tool.status)) ? (errorText(tool.error_type) ?? tool.status) : undefined,
    })),
  ];
  return soundTurns(inTime(turns));
}

function callOf(call: Fields) {
  const [stats, metadata] = [inside(call, 'token_stats'), inside(call, 'response_metadata')];
  return {
    kind: 'generate',
    ...timeOf(call, call.duration_ms ?? call.latency_total_ms),
    tokensIn: stats.prompt_tokens ?? call.tokens_in,
    tokensOut: stats.completion_tokens ?? call.tokens_out,
    finishReason: metadata.finish_reason ?? call.finish_reason,
    error: errorText(metadata.error_category ?? call.error_category),
  };
}

const timeOf = ({ started_at, completed_at }: Fields, milliseconds: unknown) => ({
  start: secondsAt(started_at),
  end: secondsAt(completed_at),
  seconds: typeof milliseconds === 'number' ? milliseconds / 1_000 : undefined,
});
