import { splitConversation } from './conversation';
import { byName, type Format, isObject, rowOf } from './Format';
import { observedTurns, responsesTurns } from './responsesTurns';
import { AGENT_ROLES } from './turns';

/** Names of what is per token, and many times the size of the texts. */
const PER_TOKEN = /(token_ids|log_probs|logprobs)$/;
/** Fields with what was observed of calls: it repeats the conversation. */
const OBSERVED = new Set(['ng_trajectory', 'ng_agent_observations', 'ng_model_call_capture']);
/** Names under which environments keep what is right. */
const TRUTHS = ['expected_answer', 'ground_truth', 'answer', 'label', 'expected_result'];

/**
 * NeMo Gym: `rollouts.jsonl` has what was asked (`responses_create_params`) and answered (`response`) as items of OpenAI's
 * Responses, the reward, and what the environment adds.
 */
export const nemoGym: Format = {
  name: 'nemo-gym',
  title: 'NeMo Gym',
  files: [
    {
      label: '*.jsonl with responses_create_params and response',
      reads: 'lines',
      match: byName(/\.jsonl$/),
      accepts: (record) => isObject(record.responses_create_params) && isObject(record.response),
      take: ({ responses_create_params: asked, response: answered, ...whole }, { leave }) => {
        leave('token ids and log probabilities of items');
        const record = Object.fromEntries(Object.entries(whole).filter(([name]) => !OBSERVED.has(name)));
        if (Object.keys(record).length < Object.keys(whole).length) {
          leave('observations of calls beyond their times and counts');
        }
        const { input, ...params } = isObject(asked) ? asked : { input: undefined };
        const { output, incomplete_details: incomplete, usage } = isObject(answered) ? answered : {};
        const question = typeof input === 'string' ? [{ role: 'user', content: input }] : itemsOf(input);
        const messages = [...question, ...itemsOf(output).map((item) => ({ ...item, sampled: true }))];
        const turns = observedTurns(whole, messages) ?? responsesTurns(messages, question.length);
        const truth = TRUTHS.map(
          (name) => record[name] ?? (isObject(record.verifier_metadata) ? record.verifier_metadata[name] : undefined),
        );
        const groundTruth = truth.find((one) => one !== undefined && one !== null);
        const row = {
          messages,
          prompt: splitConversation(question)?.prompt ?? null,
          ...(groundTruth !== undefined && { groundTruth }),
          truncated: isObject(incomplete) && incomplete.reason === 'max_output_tokens',
          ...record,
          ...(typeof params.model === 'string' && { model: params.model }),
          ...(isObject(usage) && { output_tokens: usage.output_tokens ?? null }),
          ...(turns && { turns }),
        };
        return [rowOf(row, 'rollouts', { roles: AGENT_ROLES })];
      },
    },
  ],
};

/** Items without what is per token. */
function itemsOf(list: unknown): Record<string, unknown>[] {
  return (Array.isArray(list) ? list.filter(isObject) : []).map((item) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => !PER_TOKEN.test(name))),
  );
}
