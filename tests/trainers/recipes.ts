import type { EnvironmentName, SourceName } from './environments';

/** How one recording is made. */
export interface Recipe {
  name: string;
  /** Scripts of `scripts/` with their arguments, one after the other in one folder. */
  parts: Array<{ args: string[]; isKilled?: boolean }>;
  /** What it runs in; `main` when left out. */
  environment?: EnvironmentName;
  /** The trainer, where it is run from a checkout. */
  source?: SourceName;
  env?: Record<string, string>;
  /** Files of the folder that are kept. */
  files?: RegExp;
  /** Files alone: what was sent is not kept. */
  isFilesOnly?: boolean;
}

const killedAndResumed = (...args: string[]) => [
  { args: [...args, 'first'], isKilled: true },
  { args: [...args, 'second'] },
];

/** What makes a job that starts again go on with its run. */
const RESUMED_WANDB = { WANDB_RUN_ID: 'resumed', WANDB_RESUME: 'allow' };

export const RECIPES: Recipe[] = [
  {
    name: 'trl-wandb',
    parts: killedAndResumed('trl_grpo.py', 'wandb'),
    env: { ...RESUMED_WANDB, WANDB_PROJECT: 'trl' },
  },
  { name: 'trl-trackio', parts: killedAndResumed('trl_grpo.py', 'trackio') },
  {
    name: 'trl-mlflow',
    parts: killedAndResumed('trl_grpo.py', 'mlflow'),
    env: { MLFLOW_EXPERIMENT_NAME: 'trl' },
  },
  {
    name: 'trl-files',
    parts: killedAndResumed('trl_grpo.py', 'none'),
    files: /^out\/(completions\/|checkpoint-\d+\/trainer_state\.json$)/,
    isFilesOnly: true,
  },
  {
    name: 'trl-tensorboard',
    parts: killedAndResumed('trl_grpo.py', 'tensorboard'),
    env: { TENSORBOARD_LOGGING_DIR: 'grpo' },
    files: /^grpo\//,
    isFilesOnly: true,
  },
  { name: 'trinity-wandb', parts: [{ args: ['trinity_monitors.py', 'wandb'] }] },
  { name: 'trinity-mlflow', parts: [{ args: ['trinity_monitors.py', 'mlflow'] }] },
  {
    name: 'trinity-tensorboard',
    parts: [{ args: ['trinity_monitors.py', 'tensorboard'] }],
    files: /^monitor\//,
    isFilesOnly: true,
  },
  { name: 'verl-wandb', parts: killedAndResumed('verl_tracking.py', 'wandb'), env: RESUMED_WANDB },
  { name: 'verl-mlflow', parts: killedAndResumed('verl_tracking.py', 'mlflow') },
  {
    name: 'verl-files',
    parts: [{ args: ['verl_tracking.py', 'file', 'whole'] }],
    files: /^(metrics\.jsonl$|rollouts\/)/,
    isFilesOnly: true,
  },
  { name: 'accelerate-wandb', parts: [{ args: ['accelerate_trackers.py', 'wandb'] }] },
  { name: 'accelerate-mlflow', parts: [{ args: ['accelerate_trackers.py', 'mlflow'] }] },
  { name: 'accelerate-trackio', parts: [{ args: ['accelerate_trackers.py', 'trackio'] }] },
  { name: 'slime-wandb', source: 'slime', parts: [{ args: ['slime_tracking.py', 'slime', 'wandb'] }] },
  { name: 'miles-wandb', source: 'miles', parts: [{ args: ['slime_tracking.py', 'miles', 'wandb'] }] },
  {
    name: 'miles-files',
    source: 'miles',
    parts: [{ args: ['slime_tracking.py', 'miles', 'files'] }],
    files: /^dump\/(trajectory|dashboard_columns)\//,
    isFilesOnly: true,
  },
  { name: 'nemo-rl-wandb', source: 'nemo-rl', parts: [{ args: ['nemo_rl_logger.py', 'wandb'] }] },
  { name: 'nemo-rl-mlflow', source: 'nemo-rl', parts: [{ args: ['nemo_rl_logger.py', 'mlflow'] }] },
  {
    name: 'nemo-rl-files',
    source: 'nemo-rl',
    parts: [{ args: ['nemo_rl_logger.py', 'tensorboard'] }],
    files: /^logs\//,
    isFilesOnly: true,
  },
  {
    name: 'prime-rl-files',
    source: 'prime-rl',
    parts: [{ args: ['prime_rl_monitors.py', 'file'] }],
    files: /^output\/(metrics\.jsonl$|rollouts\/)/,
    isFilesOnly: true,
  },
  { name: 'prime-rl-wandb', source: 'prime-rl', parts: [{ args: ['prime_rl_monitors.py', 'wandb'] }] },
  {
    name: 'prime-rl-streams',
    source: 'prime-rl-streams',
    parts: [{ args: ['prime_rl_streams.py'] }],
    files: /^output\/monitors\//,
    isFilesOnly: true,
  },
  {
    name: 'verifiers-files',
    parts: [{ args: ['verifiers_eval.py'] }],
    files: /^out\/sums\/(traces\.jsonl|configs\/)/,
    isFilesOnly: true,
  },
  {
    name: 'ms-swift-files',
    environment: 'swift',
    parts: [{ args: ['swift_grpo.py'] }],
    files: /^out\/(args\.json|completions\.jsonl|logging\.jsonl)$/,
    isFilesOnly: true,
  },
  { name: 'skyrl-wandb', parts: [{ args: ['skyrl_eval.py', 'wandb'] }] },
  { name: 'skyrl-mlflow', parts: [{ args: ['skyrl_eval.py', 'mlflow'] }] },
  {
    name: 'skyrl-files',
    parts: [{ args: ['skyrl_eval.py', 'console'] }],
    files: /^exports\//,
    isFilesOnly: true,
  },
  { name: 'openrlhf-wandb', parts: [{ args: ['openrlhf_logger.py'] }] },
];
