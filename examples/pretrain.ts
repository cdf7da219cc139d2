import { Policy } from './policy';
import { makeProblem } from './problems';
import type { Random } from './random';
import { demonstration, POLICY_SHAPE, STYLES } from './rollout';

const HIDDEN = 32;
const LESSONS = 900;
const RATE = 0.25;
/** Share of the demonstrations' choices that are wrong: the teacher is tired. */
const NOISE = 0.22;

/** A policy that has seen demonstrations, many of them wrong: it knows what an answer looks like, not how to get it. */
export function pretrain(random: Random): Policy {
  const policy = new Policy(POLICY_SHAPE.inputs, HIDDEN, POLICY_SHAPE.options, random);
  for (let lesson = 0; lesson < LESSONS; lesson++) {
    const gradient = policy.zeros();
    for (const { decision, option } of demonstration(makeProblem(random), random.whole(0, STYLES.length - 1))) {
      const open = decision.open.flatMap((isOpen, i) => (isOpen ? [i] : []));
      const shown = random.next() < NOISE ? random.pick(open) : option;
      const evaluation = policy.evaluate(decision);
      const slopes = evaluation.probabilities.map((p, i) => (i === shown ? 1 : 0) - p);
      policy.addGradient(gradient, decision, evaluation, slopes);
    }
    policy.move(gradient, RATE);
  }
  return policy;
}
