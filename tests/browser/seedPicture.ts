/**
 * The rows and curves of the picture that Rolloscope reproduces: a W&B workspace of a GRPO run on GSM8K. Values are
 * read off the picture; what it cuts off is made up.
 */
const SYSTEM =
  '<im_start>system\nA conversation between User and Assistant. The user asks a question, and the Assistant solves it. ' +
  'The assistant first thinks about the reasoning process in the mind and then provides the user with the answer.' +
  '<im_end>\n<im_start>user\n';

const EVAL_ACCURACY: [step: number, value: number][] = [
  [10, 0.53],
  [15, 0.55],
  [20, 0.63],
  [25, 0.66],
  [30, 0.67],
  [35, 0.71],
  [40, 0.7],
];

const REWARD_MEAN: [step: number, value: number][] = [
  [10, 0.5],
  [15, 0.7],
  [20, 0.8],
  [25, 0.85],
  [30, 0.8],
  [35, 0.9],
  [40, 0.85],
];

export const SEED_ROWS: [step: number, reward: number, prompt: string, response: string][] = [
  [
    45,
    1.1,
    `${SYSTEM}Bill's experience is five years more than half of Joan's. How long has Bill worked here?<im_end>\n`,
    "<think> Let's denote the current experience of Bill as \\( B \\) years and the current experience of Joan as " +
      "\\( J \\) years.\n5 years ago, Joan's experience was \\( J - 5 \\) and Bill's was \\( B - 5 \\). </think>\n10",
  ],
  [
    45,
    -0.1,
    `${SYSTEM}A team scored 311 points. How many did Lisa score, if the others scored 188 together?<im_end>\n`,
    "<think> Let's break it down step by step:\n1. Total points scored by the team: 311\n2. Points combined by some " +
      'players: 188\n3. Points left for Lisa, Jessie, and Devin: 311 - 188 = 123 </think>\n41',
  ],
  [
    46,
    1.1,
    `${SYSTEM}Jackson wants to put new tile on his 10 feet by 25 feet courtyard. What will it cost?<im_end>\n`,
    '<think> First, we need to calculate the total area of the courtyard. The courtyard is 10 feet by 25 feet, so the ' +
      'area is 10 * 25 = 250 square feet.\nJackson needs 4 tiles per square foot, so he needs 1000. </think>\n1500',
  ],
  [
    46,
    -0.1,
    `${SYSTEM}How many hours did Tom spend on the bus this week?<im_end>\n`,
    '<think> Tom takes the bus twice a day.\nThat is 10 rides of half an hour. </think>\n10',
  ],
];

export const SEED_RUN = { id: 'seed-run', project: 'trinity-gsm8k', name: 'grpo-gsm8k' };

/** Logs the picture's run to a store. Resolves when everything is committed. */
export async function logSeedPicture(storeUrl: string): Promise<void> {
  const { id, ...attributes } = SEED_RUN;
  const steps = [...new Set(EVAL_ACCURACY.map(([step]) => step))];
  const entries = steps.map((step, i) => ({
    step,
    metrics: { 'eval/accuracy/mean': EVAL_ACCURACY[i]?.[1], 'critic/rewards/mean': REWARD_MEAN[i]?.[1] },
  }));
  const columns = ['step', 'reward', 'prompt', 'response'];
  // One summary table holds two steps, as in the picture: all four rows come with the entry of step 46.
  const table = { step: 46, tables: { rollout_examples: { columns, rows: SEED_ROWS } } };
  await call(storeUrl, 'PUT', `/runs/${id}`, attributes);
  await call(storeUrl, 'POST', `/runs/${id}/log`, { entries: [...entries, table] });
}

/** One call of the store's API; throws with the store's own words. */
export async function call(storeUrl: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${storeUrl}/api/v1${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  }
  return answer.json();
}
