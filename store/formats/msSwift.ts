import { COMPLETIONS, EVAL_COMPLETIONS } from './completionsTable';
import { byName, type Format, rowOf, stepOf } from './Format';
import {
  addedBy,
  afterCompletions,
  afterLogged,
  folderOf,
  generatedStep,
  isOfEval,
  isOfMegatron,
  leftOver,
  loggedStep,
} from './msSwiftLines';
import { scalars } from './scalars';
import { wholeStep } from './stepNames';

const CONFIG = [
  'model',
  'dataset',
  'learning_rate',
  'num_generations',
  'temperature',
  'beta',
  'max_completion_length',
  'rlhf_type',
  'reward_funcs',
  'reward_weights',
];

/**
 * ms-swift, which trains as TRL does: `completions.jsonl` has a line of column arrays a step, `logging.jsonl` the metrics
 * as they come, `args.json` how it was called (`swift/rlhf_trainers/grpo_trainer.py`). Megatron-SWIFT has `gen_step` for
 * the step of completions and `iteration` for that of metrics (`swift/megatron/trainers/rollout_mixin.py`), and over Ray a
 * line a rollout (`swift/ray/megatron/base_trainer.py`). What `trainer_state.json` has is in `logging.jsonl`, too.
 */
export const msSwift: Format = {
  name: 'ms-swift',
  title: 'ms-swift',
  isPrecise: true,
  files: [
    {
      label: 'completions.jsonl of column arrays',
      reads: 'lines',
      match: byName(/(?:^|\/)completions\.jsonl$/),
      accepts: (record) => Array.isArray(record.prompt) && Array.isArray(record.completion),
      // The end of the training writes the last step's once more.
      once: true,
      follows: afterCompletions,
      take: (record, { place, leave, ...context }) => {
        const columns = Object.keys(record).filter((name) => Array.isArray(record[name]));
        Object.keys(record)
          .filter((name) => !columns.includes(name))
          .forEach(leave);
        const cells = columns.map((name) => record[name] as unknown[]);
        const count = Math.max(...cells.map(({ length }) => length));
        const isEval = isOfEval(record, { place, ...context });
        const first = isEval ? leftOver(record, count, context.before) : 0;
        const generated = generatedStep(record, context.before);
        const own = wholeStep(Array.isArray(record.gen_step) ? record.gen_step[0] : undefined);
        if (generated !== undefined && own !== undefined && generated > own + 1) {
          context.remark('gen_step begins anew after a resume, and is taken to go on from its last: steps may be less');
        }
        return Array.from({ length: count - first }, (_, i) => {
          const row = Object.fromEntries(columns.map((name, c) => [name, cells[c]?.[first + i] ?? null]));
          const step = generated ?? wholeStep(row.step);
          return rowOf(row, isEval ? EVAL_COMPLETIONS : COMPLETIONS, stepOf({ step }, place), ['step', 'gen_step']);
        });
      },
    },
    {
      label: 'completions.jsonl of rows with gen_step',
      reads: 'lines',
      match: byName(/(?:^|\/)completions\.jsonl$/),
      accepts: ({ gen_step: generated, prompt, completion }) =>
        wholeStep(generated) !== undefined && typeof prompt === 'string' && typeof completion === 'string',
      take: (record, { place }) => {
        const generated = wholeStep(record.gen_step);
        const step = generated === undefined ? undefined : generated + 1;
        return [rowOf(record, COMPLETIONS, stepOf({ step }, place), ['gen_step'])];
      },
    },
    {
      label: 'logging.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)logging\.jsonl$/),
      accepts: (record) => 'global_step/max_steps' in record || isOfMegatron(record),
      runOf: folderOf,
      tells: (record) => ({ metrics: Object.keys(record) }),
      adds: addedBy,
      follows: afterLogged,
      take: (record, { place, leave }) => {
        const step = loggedStep(record);
        const { 'global_step/max_steps': _, iteration, step: own, ...data } = record;
        const { metrics, others } = scalars(isOfMegatron(record) ? data : { ...data, iteration });
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...stepOf({ step: step ?? own }, place), metrics }];
      },
    },
    {
      label: 'args.json',
      reads: 'json',
      match: byName(/(?:^|\/)args\.json$/),
      accepts: (record) => 'rlhf_type' in record || 'reward_funcs' in record,
      tells: (record) => ({ config: record }),
      once: true,
      take: (record) => {
        const config = Object.fromEntries(
          CONFIG.flatMap((name) => (record[name] == null ? [] : [[name, record[name]]])),
        );
        return [{ kind: 'run', put: { config } }];
      },
    },
  ],
};
