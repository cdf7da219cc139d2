/** Reasons to end a rollout that are a limit, by OpenAI, Anthropic, Gemini, vLLM, SGLang and verifiers. */
export const LIMIT_WORDS: ReadonlySet<string> = new Set([
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

/**
 * Reasons and states that say that something around the policy gave way. `failed` is none of them: of a task it says that
 * the answer was wrong.
 */
export const FAILURE_WORDS: ReadonlySet<string> = new Set([
  'abort',
  'aborted',
  'cancelled',
  'canceled',
  'crashed',
  'error',
  'errored',
  'has_error',
  'infra_error',
  'internal_error',
  'internal_server_error',
  'interrupted',
  'killed',
  'preempted',
  'rollout_timeout',
  'sandbox_error',
  'time_limit',
  'timed_out',
  'timeout',
  'timeout_reached',
]);

/** Reasons and states that say that a rollout came to an end of its own, right or wrong. */
export const ENDED_WORDS: ReadonlySet<string> = new Set([
  ...LIMIT_WORDS,
  'complete',
  'completed',
  'done',
  'end_turn',
  'endofturn',
  'eos',
  'eos_token',
  'finished',
  'function_call',
  'no_tools_called',
  'stop',
  'stop_sequence',
  'stop_str',
  'stop_token',
  'success',
  'succeeded',
  'tool_calls',
  'tool_use',
]);
