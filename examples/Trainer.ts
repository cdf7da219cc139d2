import type { LogEntry, LoggedTable } from '@rolloscope/contract/types';
import { advantages, type Sample, update } from './grpo';
import type { Policy } from './policy';
import { pretrain } from './pretrain';
import { makeProblem, type Problem } from './problems';
import { Random } from './random';
import { promptOf, type Rollout, sample } from './rollout';
import { type Verdict, verify } from './verifier';

export interface TrainerOptions {
  seed: number;
  /** Accepts the right number anywhere in a response. */
  lenient: boolean;
  /** From this step on the learning rate is far too high. */
  collapseAt?: number;
  learningRate: number;
  prompts: number;
  groupSize: number;
  maxTokens: number;
  evalEvery: number;
  evalPrompts: number;
}

export const DEFAULTS: TrainerOptions = {
  seed: 1,
  lenient: false,
  learningRate: 0.6,
  prompts: 12,
  groupSize: 8,
  maxTokens: 170,
  evalEvery: 5,
  evalPrompts: 200,
};

const COLLAPSE_FACTOR = 400;
/** Held-out problems are the same for every run, whatever its seed. */
const EVAL_SEED = 987_654;
const UPDATE = { epochs: 2, clip: 0.2, kl: 0.002 };

interface Scored extends Sample {
  rollout: Rollout;
  verdict: Verdict;
  group: string;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** A GRPO run over word problems. `step()` trains once and says what a trainer would log. */
export class Trainer {
  private readonly random: Random;
  private readonly policy: Policy;
  private readonly reference: Policy;
  private readonly heldOut: Problem[];
  private done = 0;
  private summary: Scored[] = [];

  constructor(readonly options: TrainerOptions = DEFAULTS) {
    this.random = new Random(options.seed);
    this.policy = pretrain(this.random);
    this.reference = this.policy.copy();
    const heldOut = new Random(EVAL_SEED);
    this.heldOut = Array.from({ length: options.evalPrompts }, () => makeProblem(heldOut));
  }

  /** Accuracy over the held-out problems, one sample each, by the strict verifier. */
  evaluate(): { accuracy: number; table: LoggedTable } {
    const columns = ['prompt', 'response', 'correct', 'ground_truth', 'task'];
    const rows = this.heldOut.map((problem) => {
      const rollout = sample(this.policy, problem, this.random, this.options.maxTokens);
      const { correct } = verify(rollout, false);
      return [promptOf(problem), rollout.response, correct, String(problem.answer), 'word_problems'];
    });
    return { accuracy: mean(rows.map((row) => (row[2] === true ? 1 : 0))), table: { columns, rows } };
  }

  /** Samples a batch, scores it, updates the policy, and evaluates when it is time. */
  step(): LogEntry {
    const started = performance.now();
    this.done++;
    const { options } = this;
    const collapsed = options.collapseAt !== undefined && this.done >= options.collapseAt;
    const learningRate = options.learningRate * (collapsed ? COLLAPSE_FACTOR : 1);
    const samples = this.sampleBatch();
    const stats = update(this.policy, this.reference, samples, { ...UPDATE, learningRate });
    const rewards = samples.map(({ reward }) => reward);
    const lengths = samples.map(({ rollout }) => rollout.tokens);
    const groups = [...new Set(samples.map(({ group }) => group))].map((id) =>
      samples.filter(({ group }) => group === id),
    );
    const zeroSpread = groups.filter((group) => group.every(({ advantage }) => advantage === 0)).length;
    const entry: LogEntry = {
      step: this.done,
      metrics: {
        'critic/rewards/mean': mean(rewards),
        'critic/rewards/max': Math.max(...rewards),
        'critic/rewards/min': Math.min(...rewards),
        'critic/advantages/max': Math.max(...samples.map(({ advantage }) => advantage)),
        'critic/advantages/min': Math.min(...samples.map(({ advantage }) => advantage)),
        'rewards/correct/mean': mean(samples.map(({ verdict }) => verdict.rewardCorrect)),
        'rewards/format/mean': mean(samples.map(({ verdict }) => verdict.rewardFormat)),
        'actor/pg_loss': stats.loss,
        'actor/kl_loss': stats.kl,
        'actor/entropy': stats.entropy,
        'actor/pg_clipfrac': stats.clipFraction,
        'actor/grad_norm': stats.gradientNorm,
        'actor/lr': learningRate,
        'response_length/mean': mean(lengths),
        'response_length/max': Math.max(...lengths),
        'response_length/min': Math.min(...lengths),
        'response_length/clip_ratio': mean(samples.map(({ rollout }) => (rollout.truncated ? 1 : 0))),
        frac_reward_zero_std: zeroSpread / groups.length,
        'timing_s/step': (performance.now() - started) / 1000,
      },
      tables: { rollouts: rolloutTable(samples) },
    };
    this.logExamples(entry, samples);
    if (this.done % options.evalEvery === 0) {
      const { accuracy, table } = this.evaluate();
      Object.assign(entry.metrics ?? {}, { 'eval/accuracy/mean': accuracy, 'eval/n_prompts': options.evalPrompts });
      Object.assign(entry.tables ?? {}, { eval: table });
    }
    return entry;
  }

  private sampleBatch(): Scored[] {
    const { prompts, groupSize, maxTokens, lenient } = this.options;
    return Array.from({ length: prompts }, (_, g) => {
      const problem = makeProblem(this.random);
      const rollouts = Array.from({ length: groupSize }, () => sample(this.policy, problem, this.random, maxTokens));
      const verdicts = rollouts.map((rollout) => verify(rollout, lenient));
      const relative = advantages(verdicts.map(({ reward }) => reward));
      return rollouts.map((rollout, i): Scored => {
        const verdict = verdicts[i] as Verdict;
        return { rollout, verdict, reward: verdict.reward, advantage: relative[i] ?? 0, group: `${this.done}-${g}` };
      });
    }).flat();
  }

  /** The best and the worst of a batch, of two steps at a time: a small table to watch, as a summary has it. */
  private logExamples(entry: LogEntry, samples: Scored[]): void {
    const byReward = samples.toSorted((a, b) => b.reward - a.reward);
    this.summary.push(...[byReward[0], byReward.at(-1)].filter((one) => one !== undefined));
    if (this.summary.length >= 4) {
      const rows = this.summary.map((one, i) => [
        this.done - (i < 2 ? 1 : 0),
        one.reward,
        promptOf(one.rollout.problem),
        one.rollout.response,
        samples.length,
        'best and worst only',
      ]);
      const columns = ['step', 'reward', 'prompt', 'response', 'sampledFrom', 'sampledBy'];
      Object.assign(entry.tables ?? {}, { rollout_examples: { columns, rows } });
      this.summary = [];
    }
  }
}

function rolloutTable(samples: readonly Scored[]): LoggedTable {
  return {
    columns: [
      'reward',
      'prompt',
      'response',
      { name: 'reward_correct', role: 'rewardPart' },
      { name: 'reward_format', role: 'rewardPart' },
      'advantage',
      'group_id',
      'ground_truth',
      'correct',
      'truncated',
      'response_length',
    ],
    rows: samples.map(({ rollout, verdict, advantage, group }) => [
      verdict.reward,
      promptOf(rollout.problem),
      rollout.response,
      verdict.rewardCorrect,
      verdict.rewardFormat,
      advantage,
      group,
      String(rollout.problem.answer),
      verdict.correct,
      rollout.truncated,
      rollout.tokens,
    ]),
  };
}
