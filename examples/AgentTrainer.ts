import type { LogEntry, LoggedTable } from '@rolloscope/contract/types';
import { AGENT_SHAPE, type Episode, work } from './episode';
import { advantages, update } from './grpo';
import { Policy } from './policy';
import { Random } from './random';
import { makeOrder } from './shop';

const ORDERS = 8;
const GROUP_SIZE = 8;
const EVAL_EVERY = 5;
const EVAL_ORDERS = 100;
/** Policies that generate at one moment: the newest, and what has not been replaced yet. */
const AT_HAND = 3;
const UPDATE = { epochs: 2, clip: 0.2, kl: 0.001, learningRate: 0.8 };

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Words that the policy wrote. */
const wordsOf = ({ messages }: Episode): number =>
  messages.reduce((sum, { role, content }) => sum + (role === 'assistant' ? content.split(' ').length : 0), 0);

interface Scored extends Episode {
  advantage: number;
  group: string;
}

/**
 * An agent that learns to use two tools, trained asynchronously: rollouts are made by policies that are some versions
 * old. `step()` trains once and says what a trainer would log.
 */
export class AgentTrainer {
  private readonly random: Random;
  private readonly policy: Policy;
  private readonly reference: Policy;
  /** The newest last. */
  private readonly atHand: { version: number; policy: Policy }[];
  private done = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.policy = new Policy(AGENT_SHAPE.inputs, 16, AGENT_SHAPE.options, this.random);
    this.reference = this.policy.copy();
    this.atHand = [{ version: 0, policy: this.policy.copy() }];
  }

  step(now = Date.now()): LogEntry {
    this.done++;
    const episodes = this.sampleBatch(now);
    // What failed says nothing of the policy, so nothing is learned from it.
    const learned = episodes.filter(({ error }) => error === '');
    const samples = learned.map((rollout) => ({ rollout, reward: rollout.reward, advantage: rollout.advantage }));
    const stats = update(this.policy, this.reference, samples, UPDATE);
    this.atHand.push({ version: this.done, policy: this.policy.copy() });
    this.atHand.splice(0, this.atHand.length - AT_HAND);
    const rewards = episodes.map(({ reward }) => reward);
    const groups = Array.from({ length: ORDERS }, (_, g) => episodes.slice(g * GROUP_SIZE, (g + 1) * GROUP_SIZE));
    const zeroSpread = groups.map((group) => Number(group.every(({ advantage }) => advantage === 0)));
    const entry: LogEntry = {
      step: this.done,
      time: now,
      metrics: {
        'critic/rewards/mean': mean(rewards),
        'critic/rewards/max': Math.max(...rewards),
        'critic/rewards/min': Math.min(...rewards),
        'actor/entropy': stats.entropy,
        'actor/kl_loss': stats.kl,
        'actor/grad_norm': stats.gradientNorm,
        'response_length/mean': mean(episodes.map(wordsOf)),
        'response_length/clip_ratio': mean(episodes.map(({ finishReason }) => Number(finishReason === 'max_turns'))),
        frac_reward_zero_std: mean(zeroSpread),
        'agent/turns/mean': mean(episodes.map(({ choices }) => choices.length)),
        'agent/failed': episodes.length - learned.length,
      },
      tables: { rollouts: episodeTable(episodes, this.done) },
    };
    if (this.done % EVAL_EVERY === 0) {
      const newest = this.atHand.slice(-1);
      const evals = Array.from({ length: EVAL_ORDERS }, () => work(makeOrder(this.random), newest, this.random, now));
      Object.assign(entry.metrics ?? {}, { 'eval/accuracy/mean': mean(evals.map(({ correct }) => Number(correct))) });
    }
    return entry;
  }

  private sampleBatch(now: number): Scored[] {
    return Array.from({ length: ORDERS }, (_, g) => {
      const order = makeOrder(this.random);
      const begin = now - this.random.whole(2_000, 9_000);
      const group = Array.from({ length: GROUP_SIZE }, () => work(order, this.atHand, this.random, begin));
      const relative = advantages(group.map(({ reward }) => reward));
      return group.map((one, i) => ({ ...one, advantage: relative[i] ?? 0, group: `${this.done}-${g}` }));
    }).flat();
  }
}

function episodeTable(episodes: readonly Scored[], step: number): LoggedTable {
  return {
    columns: [
      'reward',
      'messages',
      { name: 'turns', role: 'turns' },
      'advantage',
      'group_id',
      'ground_truth',
      'correct',
      'finish_reason',
      'error',
      'trainingVersion',
    ],
    rows: episodes.map((one) => [
      one.reward,
      one.messages,
      one.turns,
      one.advantage,
      one.group,
      String(one.order.total),
      one.correct,
      one.finishReason,
      one.error,
      step - 1,
    ]),
  };
}
