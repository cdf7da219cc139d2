import { expect, it } from 'vitest';
import { runFolders } from './runFolders';

const found = (paths: readonly string[], label = 'l') => {
  const { folders, joined } = runFolders(paths.map((below) => ({ below, label })));
  return { folders: Object.fromEntries(folders), joined };
};

it.each([
  [
    ['exp1/metrics.jsonl', 'exp2/metrics.jsonl'],
    ['exp1', 'exp2'],
  ],
  [
    ['exp1/metrics.jsonl', 'exp1/r/1.jsonl', 'exp2/metrics.jsonl'],
    ['exp1', 'exp1', 'exp2'],
  ],
  [
    ['runs/a/log.csv', 'runs/b/log.csv', 'runs/c/other.csv'],
    ['runs/a', 'runs/b', 'runs/c'],
  ],
  [
    ['x/e1/m.jsonl', 'x/e2/m.jsonl', 'y/e1/m.jsonl'],
    ['x/e1', 'x/e2', 'y'],
  ],
  [
    ['seed_1/checkpoint-5/s.json', 'seed_1/checkpoint-9/s.json', 'seed_2/checkpoint-5/s.json'],
    ['seed_1', 'seed_1', 'seed_2'],
  ],
])('finds that %j are of the runs %j', (paths, folders) => {
  expect(Object.values(found(paths).folders)).toEqual(folders);
});

it.each([
  [['metrics.jsonl', 'exp1/metrics.jsonl', 'exp2/metrics.jsonl']],
  [['step_1/r.jsonl', 'step_2/r.jsonl']],
  [['rollouts/train/r.jsonl', 'rollouts/eval/r.jsonl']],
  [['checkpoint-5/trainer_state.json', 'checkpoint-10/trainer_state.json']],
  [['global_step_10_evals/gsm8k.jsonl', 'global_step_20_evals/gsm8k.jsonl']],
  [['12/a.jsonl', '13/a.jsonl']],
  [['exp1/metrics.jsonl', 'exp1/r/1.jsonl']],
])('takes %j for one run', (paths) => {
  expect(found(paths)).toEqual({ folders: {}, joined: [] });
});

it('tells which folders are joined that may be runs', () => {
  expect(found(['exp1/a.jsonl', 'exp2/b.jsonl']).joined).toEqual(['exp1', 'exp2']);
});
