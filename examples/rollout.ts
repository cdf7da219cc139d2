import type { Choice, Decision, Policy } from './policy';
import { apply, FAMILY_COUNT, MAX_QUANTITIES, MAX_STEPS, OPERATIONS, type Operation, type Problem } from './problems';
import type { Random } from './random';

/** The styles of the policy's writing: a terse one slips more often, a careful one needs more tokens. */
export const STYLES = ['terse', 'plain', 'careful'] as const;
const SLIP = { terse: 0.15, plain: 0.06, careful: 0.02 };
/** The endings of a response: one boxed number, a number in plain words, or a list of every number in sight. */
export const ENDINGS = ['boxed', 'bare', 'list'] as const;

const HEAD = { style: 0, step: 1, ending: 2 };
/** Every operation with every quantity but the first, and to stop. */
const STEP_OPTIONS = OPERATIONS.length * (MAX_QUANTITIES - 1) + 1;
const STOP = STEP_OPTIONS - 1;
export const POLICY_SHAPE = {
  inputs: FAMILY_COUNT + MAX_STEPS + STYLES.length,
  options: [STYLES.length, STEP_OPTIONS, ENDINGS.length],
};

export const SYSTEM_PROMPT =
  'A conversation between User and Assistant. The user asks a question, and the Assistant solves it. The assistant ' +
  'first thinks about the reasoning in <think> </think> and then gives the answer in \\boxed{}.';

export interface Rollout {
  problem: Problem;
  choices: Choice[];
  response: string;
  tokens: number;
  truncated: boolean;
}

export const promptOf = (problem: Problem) =>
  `<|im_start|>system\n${SYSTEM_PROMPT}<|im_end|>\n<|im_start|>user\n${problem.text}<|im_end|>\n<|im_start|>assistant\n`;

const decisions = {
  style: (problem: Problem): Decision => ({
    head: HEAD.style,
    inputs: [problem.family],
    open: STYLES.map(() => true),
  }),
  step: (problem: Problem, step: number, style: number): Decision => ({
    head: HEAD.step,
    inputs: [problem.family, FAMILY_COUNT + step, FAMILY_COUNT + MAX_STEPS + style],
    open: Array.from({ length: STEP_OPTIONS }, (_, option) =>
      option === STOP ? step > 0 : 1 + (option % (MAX_QUANTITIES - 1)) < problem.quantities.length,
    ),
  }),
  ending: (problem: Problem, style: number): Decision => ({
    head: HEAD.ending,
    inputs: [problem.family, FAMILY_COUNT + MAX_STEPS + style],
    open: ENDINGS.map(() => true),
  }),
};

/** Returns what a patient teacher would choose, for the first lessons. */
export function demonstration(problem: Problem, style: number): Array<{ decision: Decision; option: number }> {
  const steps = problem.solution.map(({ operation, quantity }, i) => ({
    decision: decisions.step(problem, i, style),
    option: OPERATIONS.indexOf(operation) * (MAX_QUANTITIES - 1) + quantity - 1,
  }));
  const stop = { decision: decisions.step(problem, Math.min(steps.length, MAX_STEPS - 1), style), option: STOP };
  return [
    ...steps,
    ...(steps.length < MAX_STEPS ? [stop] : []),
    { decision: decisions.ending(problem, style), option: 0 },
  ];
}

/** Samples a response: every word of it follows from the policy's choices and from slips of the pen. */
export function sample(policy: Policy, problem: Problem, random: Random, maxTokens: number): Rollout {
  const choices: Choice[] = [];
  const choose = (decision: Decision) => {
    const choice = policy.choose(decision, random);
    choices.push(choice);
    return choice.option;
  };
  const style = choose(decisions.style(problem));
  const name = STYLES[style] ?? 'plain';
  let result = problem.quantities[0] ?? 0;
  const seen = [...problem.quantities];
  const lines = [opening(name, problem)];
  for (let step = 0; step < MAX_STEPS; step++) {
    const option = choose(decisions.step(problem, step, style));
    if (option === STOP) {
      break;
    }
    const operation = OPERATIONS[Math.floor(option / (MAX_QUANTITIES - 1))] as Operation;
    const operand = problem.quantities[1 + (option % (MAX_QUANTITIES - 1))] ?? 0;
    const exact = apply(operation, result, operand);
    const slipped = random.next() < SLIP[name] ? exact + random.pick([-10, -1, 1, 2, 10]) : exact;
    lines.push(line(name, step, result, operation, operand, slipped));
    result = slipped;
    seen.push(slipped);
  }
  const ending = ENDINGS[choose(decisions.ending(problem, style))] ?? 'boxed';
  const whole = `<think> ${lines.join('\n')} </think>\n${closing(ending, result, seen)}`;
  const words = whole.split(/(?<=\s)/);
  const truncated = words.length > maxTokens;
  const response = truncated ? words.slice(0, maxTokens).join('') : whole;
  return { problem, choices, response, tokens: Math.min(words.length, maxTokens), truncated };
}

function opening(style: (typeof STYLES)[number], problem: Problem): string {
  const first = problem.quantities[0];
  switch (style) {
    case 'terse':
      return `Start with ${first}.`;
    case 'plain':
      return `Let's break it down step by step.\nThe first quantity that matters is ${first}.`;
    case 'careful':
      return `First, let us write down everything that the question gives us: ${problem.quantities.join(', ')}. Not all of these need to matter, so we look at what is asked before we calculate.\nWe begin with ${first}.`;
  }
}

const VERBS = { '+': 'add', '-': 'take away', '×': 'multiply by', '÷': 'divide by' };

function line(style: string, step: number, left: number, operation: Operation, right: number, result: number): string {
  const sum = `${left} ${operation} ${right} = ${result}`;
  switch (style) {
    case 'terse':
      return sum;
    case 'plain':
      return `${step + 1}. We ${VERBS[operation]} ${right}: \\( ${sum} \\)`;
    default:
      return `${step + 1}. The next thing that the question tells us is ${right}, so here we ${VERBS[operation]} ${right}. That gives \\( ${sum} \\). Let us check that once more: ${sum}, which looks right, so we go on with ${result}.`;
  }
}

function closing(ending: (typeof ENDINGS)[number], result: number, seen: number[]): string {
  switch (ending) {
    case 'boxed':
      return `The answer is \\boxed{${result}}.`;
    case 'bare':
      return `So it is ${result}`;
    case 'list': {
      const sums = seen.flatMap((a, i) => seen.slice(i + 1).flatMap((b) => [a + b, a - b, a * b]));
      const all = [...new Set([result, ...seen, ...sums])].filter((value) => value >= 0).slice(0, 40);
      return `The answer could be \\boxed{${all.join(', ')}}.`;
    }
  }
}
