import { expect, it } from 'vitest';
import { DEFAULT_ALERTS, type WatchedMetric } from '../../store/alerts/AlertSettings';
import { type Judgement, judgeEval, referenceFor } from '../../store/alerts/judgeEval';
import { pairedError } from '../../store/alerts/standardError';

/*
 * What the rule promises, simulated: runs of 40 evals whose true accuracy does not change raise an alarm in at most 7 %,
 * and a drop of 0.10 is caught within four evals. Beside it the rule that everybody writes first: "0.05 below the best".
 */
const RUNS = 1_000;
const EVALS = 40;
const ACCURACY: WatchedMetric = { metric: 'eval/accuracy/mean', better: 'higher', share: true };

/** mulberry32: the same runs every time. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Results = Map<string, number>;
interface Drawn {
  value: number;
  prompts?: number;
  results?: Results;
}

const share = (next: () => number, accuracy: number, prompts: number): number => {
  let right = 0;
  for (let i = 0; i < prompts; i++) {
    right += next() < accuracy ? 1 : 0;
  }
  return right / prompts;
};

/** Index of the first eval that opens an alert; -1 for none. */
function firstAlarm(drawn: readonly Drawn[]): number {
  const judgements: Judgement[] = [];
  for (const [step, { value, prompts, results }] of drawn.entries()) {
    const now = { attempt: 1, step, time: step, value, ...(prompts !== undefined && { prompts }) };
    const paired = results && pairWith(referenceFor(judgements)?.steps, drawn, results);
    const judgement = judgeEval(judgements, now, ACCURACY, DEFAULT_ALERTS, paired && { paired });
    if (judgement.regressed) {
      return step;
    }
    judgements.push(judgement);
  }
  return -1;
}

function pairWith(steps: readonly number[] | undefined, drawn: readonly Drawn[], now: Results) {
  const sums = new Map<string, number>();
  for (const step of steps ?? []) {
    for (const [prompt, value] of drawn[step]?.results ?? []) {
      sums.set(prompt, (sums.get(prompt) ?? 0) + value / (steps?.length ?? 1));
    }
  }
  return pairedError(sums, now);
}

const percent = (count: number, of: number) => (100 * count) / of;

function simulate(seed: number, draw: (next: () => number, accuracy: number) => Drawn, accuracy: number, runs = RUNS) {
  const next = random(seed);
  const evals = (count: number, mean: number) => Array.from({ length: count }, () => draw(next, mean));
  let alarms = 0;
  let naive = 0;
  for (let run = 0; run < runs; run++) {
    const flat = evals(EVALS, accuracy);
    alarms += firstAlarm(flat) >= 0 ? 1 : 0;
    let best = 0;
    naive += flat.some(({ value }) => {
      best = Math.max(best, value);
      return value < best - 0.05;
    })
      ? 1
      : 0;
  }
  let quiet = 0;
  let caught = 0;
  for (let run = 0; run < runs; run++) {
    const found = firstAlarm([...evals(EVALS / 2, accuracy), ...evals(4, accuracy - 0.1)]);
    quiet += found < 0 || found >= EVALS / 2 ? 1 : 0;
    caught += found >= EVALS / 2 ? 1 : 0;
  }
  return { alarms: percent(alarms, runs), naive: percent(naive, runs), power: percent(caught, quiet) };
}

const report = (name: string, { alarms, naive, power }: ReturnType<typeof simulate>) =>
  process.stdout.write(
    `${name}: false alarms in ${alarms.toFixed(1)} % of flat runs ("0.05 below best": ${naive.toFixed(0)} %), ` +
      `a drop of 0.10 caught within four evals in ${power.toFixed(0)} %\n`,
  );

it.each([
  [64, 0.3, 20],
  [64, 0.5, 20],
  [64, 0.8, 20],
  [200, 0.3, 80],
  [200, 0.5, 80],
  [200, 0.8, 80],
  [500, 0.3, 95],
  [500, 0.5, 95],
  [500, 0.8, 95],
])('%i prompts, true accuracy %d', (prompts, accuracy, power) => {
  const draw = (next: () => number, mean: number) => ({ value: share(next, mean, prompts), prompts });
  const found = simulate(prompts + accuracy * 10, draw, accuracy);
  report(`${prompts} prompts, accuracy ${accuracy}`, found);
  expect(found.alarms).toBeLessThanOrEqual(7);
  expect(found.naive).toBeGreaterThan(found.alarms);
  expect(found.power).toBeGreaterThanOrEqual(power);
});

it.each([64, 200, 500])('%i prompts that nobody told of', (prompts) => {
  const draw = (next: () => number, mean: number) => ({ value: share(next, mean, prompts) });
  const found = simulate(prompts, draw, 0.5);
  report(`${prompts} prompts, number unknown`, found);
  expect(found.alarms).toBeLessThanOrEqual(7);
});

it.each([64, 200])('%i prompts with the results of each: the paired test', (prompts) => {
  // Prompts differ in how hard they are; a drop makes every one harder.
  const draw = (next: () => number, mean: number) => {
    const results = new Map<string, number>();
    for (let i = 0; i < prompts; i++) {
      const chance = mean + (0.98 - mean) * Math.sin((i * 2 * Math.PI) / prompts) * 0.9;
      results.set(String(i), next() < chance ? 1 : 0);
    }
    const value = [...results.values()].reduce((sum, one) => sum + one, 0) / prompts;
    return { value, prompts, results };
  };
  const paired = simulate(prompts, draw, 0.55, 500);
  report(`${prompts} prompts, paired`, paired);
  expect(paired.alarms).toBeLessThanOrEqual(7);
  const unpaired = simulate(
    prompts,
    (next, mean) => {
      const { results: _, ...rest } = draw(next, mean);
      return rest;
    },
    0.55,
    500,
  );
  report(`${prompts} such prompts, not paired`, unpaired);
  expect(paired.power).toBeGreaterThan(unpaired.power);
});
