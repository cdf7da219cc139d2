import fc from 'fast-check';
import { CONTRACT } from './contract';
import { type Endpoint, JSON_HEADERS } from './Endpoint';
import { MLFLOW } from './mlflow';
import { NOWHERE } from './nowhere';
import { OPENTSDB } from './opentsdb';
import { PROMETHEUS } from './prometheus';
import { TRACKIO } from './trackio';
import type { WireRequest } from './WireRequest';
import { WANDB } from './wandb';

/** All that the store answers to. */
export const ENDPOINTS: readonly Endpoint[] = [...CONTRACT, OPENTSDB, PROMETHEUS, WANDB, MLFLOW, TRACKIO, NOWHERE];

/** Adapters are many calls each; what reads rows has most to go wrong; runs are made more often than deleted. */
const WEIGHTS: Readonly<Record<string, number>> = {
  opentsdb: 10,
  wandb: 15,
  mlflow: 15,
  trackio: 9,
  health: 1,
  openapi: 1,
  projects: 1,
  deleteRun: 1,
  putRun: 6,
  log: 6,
  putLabel: 8,
  putMedia: 6,
  queryRows: 6,
  queryMetrics: 6,
};
const WEIGHT = 3;

/** Requests drawn with a seed: the same seed gives the same requests. */
export function* drawn(endpoints: readonly Endpoint[], seed: number): Generator<WireRequest, never> {
  const any = fc.oneof(
    ...endpoints.map(({ name, requests }) => ({ weight: WEIGHTS[name] ?? WEIGHT, arbitrary: requests })),
  );
  for (let part = 0; ; part++) {
    yield* fc.sample(any, { seed: seed + part * 7_919, numRuns: 100 });
  }
}

const POST = { method: 'POST', headers: JSON_HEADERS, kind: 'fitting' as const };
const about = { runs: ['ppo'], table: 'rollouts' };

/** Requests whose answers bring the first commit positions, row ids, tickets and so on for others to ask with. */
export const FIRST: readonly WireRequest[] = [
  { ...POST, to: 'queryRows', path: '/api/v1/query/rows', body: JSON.stringify({ ...about, limit: 5 }) },
  { ...POST, to: 'queryRuns', path: '/api/v1/query/runs', body: '{"limit":1}' },
  { ...POST, to: 'createExport', path: '/api/v1/export', body: JSON.stringify({ ...about, format: 'csv' }) },
  { ...POST, to: 'mlflow', path: '/api/2.0/mlflow/runs/create', body: '{"experiment_id":"0","run_name":"m0"}' },
  { ...POST, to: 'wandb', path: '/graphql', body: bucketOf('w0') },
  { ...POST, to: 'wandb', path: '/graphql', body: filesOf('w0') },
];

function bucketOf(name: string): string {
  return JSON.stringify({ query: 'mutation UpsertBucket { a }', variables: { name, project: 'p', host: 'gpu-1' } });
}
function filesOf(run: string): string {
  const files = ['media/table/a.table.json', 'wandb-metadata.json'];
  return JSON.stringify({ query: 'mutation CreateRunFiles { a }', variables: { run, project: 'p', files } });
}
