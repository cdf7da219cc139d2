import type { TableColumn } from '../engine/TableColumn';

/** Columns that say why a rollout ended, as trainers and servers of models call them. */
const NAMES = new Set(['finish_reason', 'finish_reasons', 'stop_reason', 'stop_reasons', 'stop_condition']);

/** Reasons that are a limit, by OpenAI, Anthropic, Gemini, vLLM, SGLang and verifiers. */
const LIMITS = new Set([
  'length',
  'max_tokens',
  'max_length',
  'max_new_tokens',
  'max_output_tokens',
  'max_input_tokens',
  'max_total_tokens',
  'max_completion_tokens',
  'model_length',
  'model_context_window_exceeded',
  'context_length',
  'max_turns',
  'max_turns_reached',
  'compaction_failed',
  'truncated',
  'incomplete',
]);

/** The column that tells why rollouts ended; -1 where there is none. */
export const stopColumn = (columns: readonly TableColumn[]): number =>
  columns.findIndex(
    ({ name, type, origin }) =>
      origin === 'logged' && (type === 'string' || type === 'json') && NAMES.has(name.toLowerCase()),
  );

/** Whether a limit ended it; of a list, one a turn, the last counts. Null where nothing is said. */
export function wasCut(cell: unknown): boolean | null {
  if (Array.isArray(cell)) {
    return wasCut(cell.at(-1) ?? null);
  }
  if (typeof cell === 'object' && cell !== null) {
    return wasCut((cell as Record<string, unknown>).type ?? null);
  }
  return typeof cell === 'string' && cell !== '' ? LIMITS.has(cell.toLowerCase()) : null;
}
