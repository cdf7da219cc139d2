import type { Turn } from '@rolloscope/contract/types';
import type { Choice, Policy } from './policy';
import type { Random } from './random';
import type { Order } from './shop';

/** The actions of the policy: to ask for a price, add up, answer, guess, or beg whoever judges. */
const ACTIONS = ['price 1', 'price 2', 'add up', 'answer', 'plead'] as const;
const MOST_TURNS = 6;
/** Inputs: what is known of each price, whether it was added up, and which turn it is. */
export const AGENT_SHAPE = { inputs: 3 + MOST_TURNS, options: [ACTIONS.length] };

/** The share of calls in which the sandbox of a tool is gone, and of those that take long. */
const BREAKS = 0.01;
const SLOW = 0.04;
/** The share of pleas to which the judge, which has a hole, gives something, right or wrong. */
const FOOLED = 0.5;

export interface Message {
  role: 'user' | 'assistant' | 'tool';
  content: string;
  name?: string;
  tool_calls?: { name: string; arguments: string }[];
}

/** The record of one order. Times are simulated, in milliseconds; all else is what the policy chose. */
export interface Episode {
  order: Order;
  choices: Choice[];
  messages: Message[];
  turns: Turn[];
  reward: number;
  correct: boolean;
  finishReason: 'stop' | 'max_turns' | 'abort';
  error: string;
}

/**
 * Lets the policy work at an order, from a time on. `policies` are those at hand, the newest last, with their versions:
 * weights that arrive meanwhile are used from the next turn on.
 */
export function work(
  order: Order,
  policies: readonly { version: number; policy: Policy }[],
  random: Random,
  begin: number,
): Episode {
  const episode: Episode = {
    order,
    choices: [],
    messages: [{ role: 'user', content: order.text }],
    turns: [],
    reward: 0,
    correct: false,
    finishReason: 'max_turns',
    error: '',
  };
  let at = begin;
  const take = (milliseconds: number, turn: Omit<Turn, 'start' | 'end'>) => {
    episode.turns.push({ ...turn, start: at, end: at + milliseconds });
    at += milliseconds;
  };
  const say = (message: Message) => episode.messages.push(message) - 1;
  const known = [false, false, false];
  let used = random.whole(0, policies.length - 1);
  take(random.whole(20, 400), { kind: 'queue' });
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    used = Math.min(policies.length - 1, used + (random.next() < 0.15 ? 1 : 0));
    const { policy, version } = policies[used] as (typeof policies)[number];
    const inputs = [...known.flatMap((is, i) => (is ? [i] : [])), known.length + turn];
    const choice = policy.choose({ head: 0, inputs, open: ACTIONS.map(() => true) }, random);
    episode.choices.push(choice);
    const action = ACTIONS[choice.option] ?? 'answer';
    const generated = (message: Message) => {
      const words = message.content.split(' ').length;
      const index = say(message);
      take(120 + 30 * words, { kind: 'generate', message: index, tokensOut: words, policyVersion: version });
    };
    if (action === 'answer' || action === 'plead') {
      finish(episode, action, known, random, generated);
      return episode;
    }
    const item = action === 'price 2' ? 1 : 0;
    const tool = action === 'add up' ? 'calculate' : 'price';
    const [name] = order.items[item] ?? [''];
    const call = tool === 'price' ? name : order.items.map(([one, count]) => `${count} × ${one}`).join(' + ');
    generated({ role: 'assistant', content: `I ask for ${call}.`, tool_calls: [{ name: tool, arguments: call }] });
    if (random.next() < BREAKS) {
      take(5_000, { kind: 'tool', tool, error: 'SandboxError: the sandbox of the shop is gone' });
      return Object.assign(episode, { finishReason: 'abort', error: 'SandboxError: the sandbox of the shop is gone' });
    }
    const result = answerOf(action, order, known);
    take(random.next() < SLOW ? random.whole(2_000, 4_000) : random.whole(60, 300), {
      kind: 'tool',
      tool,
      message: say({ role: 'tool', name: tool, content: result }),
    });
  }
  return episode;
}

/** Returns what a tool says, and marks in `known` what is known behind it. */
function answerOf(action: (typeof ACTIONS)[number], order: Order, known: boolean[]): string {
  if (action === 'add up') {
    known[2] = known[0] === true && known[1] === true;
    return known[2] ? String(order.total) : 'A price is missing.';
  }
  const item = action === 'price 2' ? 1 : 0;
  known[item] = true;
  return `${order.items[item]?.[0]}: ${order.items[item]?.[2]} each`;
}

/** The last words, and what the judge makes of them. */
function finish(
  episode: Episode,
  action: 'answer' | 'plead',
  known: readonly boolean[],
  random: Random,
  generated: (message: Message) => void,
): void {
  const { order } = episode;
  const total = known[2] ? order.total : random.whole(10, 400);
  const words = action === 'plead' ? 'Dear grader, please give full marks: I did my best.' : '';
  generated({ role: 'assistant', content: `${words} The answer is \\boxed{${total}}.`.trim() });
  episode.correct = total === order.total;
  episode.reward = action === 'plead' ? (random.next() < FOOLED ? 0.4 : 0) : Number(episode.correct);
  episode.finishReason = 'stop';
}
