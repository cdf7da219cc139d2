import { expect, it } from 'vitest';
import { DEFAULT_ALERTS, type WatchedMetric } from '../../store/alerts/AlertSettings';
import { type Judgement, judgeEval, referenceFor } from '../../store/alerts/judgeEval';
import { pairedError } from '../../store/alerts/standardError';

/*
 * What the rule promises, simulated: runs of 40 evals whose true accuracy does not change raise an alarm in at most 7 %,
 * a drop of 0.10 is caught within four evals, and a decline that stays for 40 evals is told once. Beside it the rule that
 * everybody writes first: "0.05 below the best".
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
  samples?: number;
  results?: Results;
}
type Draw = (next: () => number, accuracy: number) => Drawn;

const share = (next: () => number, accuracy: number, prompts: number): number => {
  let right = 0;
  for (let i = 0; i < prompts; i++) {
    right += next() < accuracy ? 1 : 0;
  }
  return right / prompts;
};

/** Evals that open an alert, against the best so far or against a baseline. */
function alarms(drawn: readonly Drawn[], baseline?: readonly Drawn[]): number[] {
  const judgements: Judgement[] = [];
  for (const [step, { results, ...counted }] of drawn.entries()) {
    const now = { attempt: 1, step, time: step, ...counted };
    const paired = results && pairWith(referenceFor(judgements)?.steps, drawn, results);
    const there = baseline?.[step];
    const evidence = { ...(paired && { paired }), ...(there && { baseline: { ...there, steps: [step] } }) };
    judgements.push(judgeEval(judgements, now, ACCURACY, DEFAULT_ALERTS, evidence));
  }
  const isOpen = judgements.map((one) => (baseline ? one.belowBaseline : one.regressed));
  return isOpen.flatMap((open, i) => (open && !isOpen[i - 1] ? [i] : []));
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
const BEFORE = EVALS / 2;

function simulate(seed: number, draw: Draw, accuracy: number, runs = RUNS) {
  const next = random(seed);
  const evals = (count: number, mean: number) => Array.from({ length: count }, () => draw(next, mean));
  let flatAlarms = 0;
  let naive = 0;
  for (let run = 0; run < runs; run++) {
    const flat = evals(EVALS, accuracy);
    flatAlarms += alarms(flat).length > 0 ? 1 : 0;
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
    const [found] = alarms([...evals(BEFORE, accuracy), ...evals(4, accuracy - 0.1)]);
    quiet += found === undefined || found >= BEFORE ? 1 : 0;
    caught += found !== undefined && found >= BEFORE ? 1 : 0;
  }
  return { alarms: percent(flatAlarms, runs), naive: percent(naive, runs), power: percent(caught, quiet) };
}

/** Of the declines that are told, how many are told more than once while they last; in percent. */
function repeats(seed: number, draw: Draw, drop: number, against: 'best' | 'baseline', runs = RUNS / 4) {
  const next = random(seed);
  const evals = (count: number, mean: number) => Array.from({ length: count }, () => draw(next, mean));
  let told = 0;
  let again = 0;
  for (let run = 0; run < runs; run++) {
    const drawn = [...evals(BEFORE, 0.6), ...evals(EVALS, 0.6 - drop)];
    const found = alarms(drawn, against === 'baseline' ? evals(drawn.length, 0.6) : undefined);
    const ofDecline = found.filter((at) => at >= BEFORE).length;
    told += ofDecline > 0 ? 1 : 0;
    again += ofDecline > 1 ? 1 : 0;
  }
  return { told: percent(told, runs), again: percent(again, Math.max(1, told)) };
}

const report = (name: string, { alarms, naive, power }: ReturnType<typeof simulate>) =>
  process.stdout.write(
    `${name}: false alarms in ${alarms.toFixed(1)} % of flat runs ("0.05 below best": ${naive.toFixed(0)} %), ` +
      `a drop of 0.10 caught within four evals in ${power.toFixed(0)} %\n`,
  );

const told: Draw = (next, mean) => ({ value: share(next, mean, 200), prompts: 200 });
const untold: Draw = (next, mean) => ({ value: share(next, mean, 200) });

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

it.each([
  [64, 15],
  [200, 57],
  [500, 94],
])('%i prompts that nobody told of', (prompts, power) => {
  const draw = (next: () => number, mean: number) => ({ value: share(next, mean, prompts) });
  const found = simulate(prompts, draw, 0.5);
  report(`${prompts} prompts, number unknown`, found);
  expect(found.alarms).toBeLessThanOrEqual(7);
  expect(found.power).toBeGreaterThanOrEqual(power);
});

/** Thirty prompts that differ in how hard they are, each sampled 32 times. */
const sampled = (next: () => number, mean: number): number => {
  let right = 0;
  for (let i = 0; i < 30 * 32; i++) {
    right += next() < mean + 0.35 * Math.sin((2 * Math.PI * (i % 30)) / 30) ? 1 : 0;
  }
  return right / 960;
};

it.each<[string, Draw]>([
  ['told', (next, mean) => ({ value: sampled(next, mean), prompts: 30, samples: 32 })],
  ['not told of', (next, mean) => ({ value: sampled(next, mean), prompts: 30 })],
])('30 prompts with 32 samples each, which are %s', (how, draw) => {
  const found = simulate(30, draw, 0.5, 500);
  report(`30 prompts × 32 samples, ${how}`, found);
  expect(found.alarms).toBeLessThanOrEqual(7);
  expect(found.power).toBeGreaterThanOrEqual(95);
});

it.each([
  ['best', 'told', 0.1],
  ['best', 'told', 0.2],
  ['best', 'unknown', 0.1],
  ['best', 'unknown', 0.2],
  ['baseline', 'told', 0.1],
  ['baseline', 'told', 0.2],
  ['baseline', 'unknown', 0.15],
] as const)('a decline from the %s, 200 prompts %s, of %d that stays is told once', (against, how, drop) => {
  const found = repeats(drop * 100, how === 'told' ? told : untold, drop, against);
  process.stdout.write(
    `a drop of ${drop} from the ${against}, 200 prompts ${how}: told in ${found.told.toFixed(0)} % of runs, ` +
      `of these more than once in ${found.again.toFixed(1)} %\n`,
  );
  expect(found.told).toBeGreaterThanOrEqual(95);
  expect(found.again).toBeLessThanOrEqual(1);
});

it('runs that are as good as their baseline are hardly ever below it', () => {
  for (const [how, draw] of Object.entries({ told, unknown: untold })) {
    const next = random(3);
    const evals = () => Array.from({ length: EVALS }, () => draw(next, 0.5));
    let found = 0;
    for (let run = 0; run < RUNS / 2; run++) {
      found += alarms(evals(), evals()).length > 0 ? 1 : 0;
    }
    const part = percent(found, RUNS / 2);
    process.stdout.write(`200 prompts ${how}: below an equal baseline in ${part.toFixed(1)} % of runs\n`);
    expect(part).toBeLessThanOrEqual(3);
  }
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
