import type { LogEntry } from '@rolloscope/contract/types';
import type { AttackedStore } from './attackedStore';

/** No request is drawn with this text, so an answer that has it has it from the runs of the project `secret`. */
export const SECRET = 'qX7-never-drawn';

const BEGIN = 1_760_000_000_000;
const PROMPTS = ['What is 2 + 3?', 'Half of 10, "quoted"?', 'Line one\nline two: 7 - 4?', '=SUM(1,2) or 3?'];

/**
 * Logs the runs that requests are drawn about (`requests/words.ts` names them): one that was resumed, with metrics of
 * every kind and a table with columns of every type; its baseline; one with many names; one with odd ones; and one that
 * only some tokens may see.
 */
export async function seedAttacked({ call }: AttackedStore, token?: string): Promise<void> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const ask = async (method: string, path: string, body: object) => {
    const { status, text } = await call(method, `/api/v1${path}`, body, headers);
    if (status !== 200) {
      throw new Error(`The seed was refused: ${method} ${path}: ${text}`);
    }
  };
  const log = async (id: string, run: object, batches: LogEntry[][]) => {
    const path = `/runs/${encodeURIComponent(id)}`;
    await ask('PUT', path, run);
    for (const [index, entries] of batches.entries()) {
      await ask('POST', `${path}/log`, { batchId: `seed-${index}`, entries });
    }
  };

  const config = { lr: 1e-6, model: { name: 'small', layers: 4 }, x: { toString: 1, valueOf: [] }, deep: { a: [1] } };
  await log('base', { project: 'p', group: 'job', config, tags: ['baseline'] }, [
    points(0, 200, 1),
    rollouts(0, 10, 'base'),
  ]);
  await ask('POST', '/runs/base/finish', {});
  const resources = [{ host: 'gpu-1', pod: 'trainer-0', namespace: 'ml', gpus: ['0'], from: BEGIN }];
  await log('ppo', { project: 'p', group: 'job', name: 'PPO', config, tags: ['x'], baseline: 'base', resources }, [
    points(0, 300, 0),
    rollouts(0, 20, 'ppo'),
    // Resumed at an older step, and on from there.
    [...points(150, 320, 2)],
    rollouts(15, 24, 'ppo, again'),
    oddEntries(),
  ]);
  await ask('POST', '/runs/ppo/events', {
    events: [
      { id: 'e1', type: 'alert', title: 'Reward fell', step: 7, time: BEGIN + 7_000, values: { drop: 0.1 } },
      { id: 'e2', type: 'note', title: 'A note', text: 'Of a person.' },
    ],
  });
  await log('wide', { project: 'p', parent: { run: 'ppo', step: 10 } }, [manyNames()]);
  await log('odd/run %2F ü\n"\'', { project: 'p', config: JSON.parse('{"a.b": 1, "__proto__": 3}') }, [
    points(-5, 5, 3),
    rollouts(0, 2, 'odd'),
  ]);
  await log('__proto__', { project: 'constructor', name: 'toString', group: 'valueOf' }, [points(0, 20, 4)]);
  await log('kept', { project: 'secret', name: SECRET, config: { secret: SECRET }, tags: [SECRET] }, [
    points(0, 50, 5).map((entry) => ({ ...entry, metrics: { ...entry.metrics, [SECRET]: 1 } })),
    rollouts(0, 3, SECRET),
  ]);
}

const METRICS = ['loss', 'reward/mean', 'eval/accuracy/mean', 'eval/math/acc', 'grad_norm', 'toString', 'gpu util %'];

function points(from: number, to: number, seed: number): LogEntry[] {
  return Array.from({ length: to - from }, (_, i) => {
    const step = from + i;
    const wave = 0.5 + 0.3 * Math.sin((step + seed) / 20);
    const metrics = Object.fromEntries(
      METRICS.map((name, m) => [name, m === 4 && step % 50 === 49 ? 'NaN' : wave + m]),
    );
    return { step, time: BEGIN + Math.max(0, step) * 1_000, metrics: metrics as Record<string, number> };
  });
}

function rollouts(from: number, to: number, by: string): LogEntry[] {
  const columns = [
    'prompt',
    'response',
    'reward',
    'reward_format',
    { name: 'length_reward', role: 'rewardPart' as const },
    'advantage',
    'groupId',
    'correct',
    'truncated',
    'messages',
    'tokens',
    'mixed',
    '__proto__',
  ];
  return Array.from({ length: to - from }, (_, i) => {
    const step = from + i;
    const rows = PROMPTS.flatMap((prompt, p) =>
      [0, 1, 2].map((n) => [
        prompt,
        `<think>${by}: sample ${n} of step ${step}. ${'Again and again. '.repeat(p * 20)}</think> The answer is ${p + n}.`,
        n === 2 && p === 3 ? null : p === 2 && n === 1 ? 'NaN' : p - n + step / 7,
        n / 2,
        1 - n / 2,
        n - 1,
        `g${p}`,
        n === 0,
        p === 3,
        [
          { role: 'user', content: prompt },
          { role: 'assistant', content: `${p + n}`, tool_calls: [{ name: 'calc' }] },
        ],
        n === 0 ? [{ text: 'The', logprob: -0.1, entropy: 0.5 }] : null,
        n === 0 ? { toString: 1 } : n === 1 ? p : 'text',
        step,
      ]),
    );
    return { step, time: BEGIN + step * 1_000, tables: { rollouts: { columns, rows } } };
  });
}

/** Numbers, texts, times and steps at the edges, a long text, a table whose rows have steps of their own. */
function oddEntries(): LogEntry[] {
  return [
    { metrics: { 'host/cpu': 5, extreme: 1e308 }, time: 0 },
    { metrics: { 'host/cpu': 6, extreme: -1e308 }, time: 8_640_000_000_000_000 },
    { step: Number.MAX_SAFE_INTEGER, metrics: { extreme: 5e-324 } },
    {
      step: 400,
      metrics: { extreme: 'Infinity' },
      tables: { long: { columns: ['text'], rows: [['x'.repeat(300_000)]] } },
    },
    { step: 401, tables: { stepped: { columns: ['step', 'time', 'v'], rows: [1, 2, 3].map((n) => [n, n, n]) } } },
  ];
}

function manyNames(): LogEntry[] {
  const columns = Array.from({ length: 300 }, (_, i) => `c${i}`);
  return Array.from({ length: 3 }, (_, step) => ({
    step,
    metrics: Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`layer/${i}/norm`, i + step])),
    tables: { broad: { columns, rows: [columns.map((_, c) => (c % 3 === 0 ? 'text' : c))] } },
  }));
}
