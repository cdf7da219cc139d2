import { describeGroup, type GroupStatistics } from './describeGroup';

/** Keeps a group without spread from dividing by 0. verl's figure; TRL has 1e-4, which is within the tolerance below. */
const EPSILON = 1e-6;

/** The formulas by which trainers make an advantage of a reward, the commonest first. */
export const ADVANTAGE_FORMULAS = {
  sampleSd: { text: '(r − mean) / (sd + 1e-6), sd over n − 1', spread: (of: GroupStatistics) => of.sampleSd + EPSILON },
  populationSd: {
    text: '(r − mean) / (sd + 1e-6), sd over n',
    spread: (of: GroupStatistics) => of.populationSd + EPSILON,
  },
  meanOnly: { text: 'r − mean', spread: () => 1 },
} as const;
type AdvantageFormula = keyof typeof ADVANTAGE_FORMULAS;

interface Advantages {
  formula: AdvantageFormula;
  /** The recomputed advantages, one a sample; null where the reward is no finite number. */
  values: (number | null)[];
  /** The comparison with the logged ones; left out where none was logged. */
  logged?: { agrees: boolean; largestDifference: number };
}

/** Logged advantages were computed in 32 bits, or with another epsilon. */
const TOLERANCE = 2e-3;

/**
 * Advantages of a whole group, recomputed by the formula that its logged advantages follow, else by GRPO's usual one,
 * with the spread over n − 1. Undefined where no reward is a finite number.
 */
export function recomputeAdvantages(rewards: readonly unknown[], logged: readonly unknown[]): Advantages | undefined {
  const statistics = describeGroup(rewards);
  if (!statistics) {
    return undefined;
  }
  const all = (Object.keys(ADVANTAGE_FORMULAS) as AdvantageFormula[]).map((formula) => {
    const spread = ADVANTAGE_FORMULAS[formula].spread(statistics);
    const values = rewards.map((reward) =>
      typeof reward === 'number' && Number.isFinite(reward) ? (reward - statistics.mean) / spread : null,
    );
    return { formula, values, ...compareLogged(values, logged) };
  });
  return all.find((one) => one.logged?.agrees) ?? all[0];
}

function compareLogged(values: (number | null)[], logged: readonly unknown[]): Pick<Advantages, 'logged'> {
  let [largest, agrees, pairs] = [0, true, 0];
  values.forEach((value, i) => {
    const other = logged[i];
    if (value !== null && typeof other === 'number') {
      const difference = Math.abs(value - other);
      pairs++;
      largest = Math.max(largest, difference);
      agrees &&= difference <= TOLERANCE * Math.max(1, Math.abs(value));
    }
  });
  return pairs > 0 ? { logged: { agrees, largestDifference: largest } } : {};
}
