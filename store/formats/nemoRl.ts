import { byName, type FileKind, type Format, rowOf } from './Format';
import { eventFile } from './tensorboard';
import { tokenCell } from './tokenCell';
import { AGENT_ROLES } from './turns';

/** Lists a token, of a batch of one, by our names. */
const LISTS = {
  id: 'token_ids',
  mask: 'token_loss_mask',
  engineLogprob: 'generation_logprobs',
  trainerLogprob: 'prev_logprobs',
  advantage: 'advantages',
} as const;
const TAKEN: ReadonlySet<string> = new Set(Object.values(LISTS));

/** Names of what is per token, and many times the size of the texts. */
const PER_TOKEN = /(token_ids|token_mask|token_loss_mask|logprobs|input_ids)$/;

/**
 * NeMo-RL: `train_data_step<N>.jsonl` and `val_data_step<N>.jsonl` in the log folder. A line is a batch of one, so every
 * value is a list of one (`nemo_rl/utils/logger.py`); `content` is the conversation, as text or as messages. Its
 * metrics are TensorBoard's event files there, where that logger is on.
 */
export const nemoRl: Format = {
  name: 'nemo-rl',
  title: 'NeMo-RL',
  files: [...(['train', 'val'] as const).map(dataFile), { ...eventFile }],
};

function dataFile(split: 'train' | 'val'): FileKind {
  return {
    label: `${split}_data_step<N>.jsonl`,
    reads: 'lines',
    match: byName(new RegExp(`(?:^|/)${split}_data_step(\\d+)\\.jsonl$`)),
    take: (record, { place, leave }) => {
      const row = new Map<string, unknown>();
      for (const [name, value] of Object.entries(record)) {
        if (PER_TOKEN.test(name)) {
          if (!TAKEN.has(name)) {
            leave(name);
          }
        } else {
          row.set(name, Array.isArray(value) && value.length === 1 ? value[0] : value);
        }
      }
      const tokens = tokensOf(record, leave);
      if (tokens) {
        row.set('tokens', tokens);
      }
      return [
        rowOf(Object.fromEntries(row), split === 'val' ? 'eval_rollouts' : 'rollouts', {
          ...(place.step !== undefined && { step: place.step }),
          roles: { ...AGENT_ROLES, content: 'messages' },
        }),
      ];
    },
  };
}

/** Gives a rollout's own tokens, without what fills a batch up behind them. */
function tokensOf(record: Record<string, unknown>, leave: (name: string) => void) {
  const first = (name: string) => (Array.isArray(record[name]) ? record[name][0] : undefined);
  const length: unknown = first('input_lengths');
  const lists = Object.entries(LISTS).map(([ours, theirs]) => {
    const list: unknown = first(theirs);
    return [ours, Array.isArray(list) && Number.isSafeInteger(length) ? list.slice(0, Number(length)) : list] as const;
  });
  return tokenCell(Object.fromEntries(lists), leave);
}
