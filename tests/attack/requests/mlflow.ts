import fc from 'fast-check';
import { experimentIdOf } from '../../../store/mlflow/experimentId';
import { judgeElsewhere } from './contract';
import { type Endpoint, inPath, JSON_HEADERS, jsonOf } from './Endpoint';
import { anyJson } from './fitting';
import { hostileText } from './hostileText';
import { markOf } from './Learnt';
import { onTheWire } from './onTheWire';
import { spoiled } from './spoiled';
import type { WireRequest } from './WireRequest';
import { metric, NUMBERS, oddName, WORDS } from './words';

const API = '/api/2.0/mlflow';
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('m0', 'm1', 'm2', 'm3') },
  { weight: 1, arbitrary: oddName },
);
const id = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 9 }).map((index) => markOf('mlflowRun', index)) },
  { weight: 1, arbitrary: oddName },
);
const experiment = fc.oneof(
  fc.constantFrom('0', experimentIdOf('p'), experimentIdOf('q'), experimentIdOf('secret')),
  oddName,
);
const time = fc.constantFrom<unknown>(0, 1_760_000_000_000, 8_640_000_000_000_000, '1760000000000', -1, 1e300);
const pair = fc.record({
  key: fc.oneof(oddName, fc.constantFrom('mlflow.runName', 'mlflow.parentRunId', 'mlflow.note.content', 'group', 'lr')),
  value: fc.oneof(oddName, WORDS.text ?? oddName),
});
const point = fc.record({
  key: metric,
  value: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom<unknown>('NaN', 'Infinity', ...NUMBERS),
  ),
  timestamp: time,
  step: fc.oneof(fc.nat({ max: 50 }), fc.constantFrom<unknown>(-1, 2 ** 53 - 1, '7')),
});
const pairs = fc.array(pair, { maxLength: 4 });
const filter = fc.constantFrom(
  "tags.mlflow.runName = 'm0'",
  "attributes.status = 'RUNNING' and params.lr = '1'",
  "tags.`a b` LIKE '%x%'",
  `tags.a = '${"''".repeat(1_000)}`,
  ' and '.repeat(1_000),
  'metrics.loss > 1e308',
);

/** Calls by their paths, with the bodies that they take. */
const CALLS: Record<string, fc.Arbitrary<object>> = {
  'experiments/create': fc.record({ name }),
  'experiments/search': fc.record({ max_results: fc.nat() }),
  'runs/create': fc.record(
    { experiment_id: experiment, run_name: name, start_time: time, tags: pairs, user_id: oddName },
    { requiredKeys: ['experiment_id'] },
  ),
  'runs/update': fc.record(
    { run_id: id, status: fc.constantFrom('RUNNING', 'FINISHED', 'FAILED', 'KILLED', 'x'), run_name: name },
    { requiredKeys: ['run_id'] },
  ),
  'runs/search': fc.record(
    {
      experiment_ids: fc.array(experiment),
      filter,
      max_results: fc.constantFrom<unknown>(1, 0, -1, 1e308, '5'),
      page_token: fc.constantFrom<unknown>('1', 'x', 1e308, -1),
    },
    { requiredKeys: [] },
  ),
  'runs/log-batch': fc.record(
    { run_id: id, metrics: fc.array(point, { maxLength: 6 }), params: pairs, tags: pairs },
    { requiredKeys: ['run_id'] },
  ),
  'runs/log-metric': fc.tuple(point, id).map(([one, run_id]) => ({ ...one, run_id })),
  'runs/log-parameter': fc.tuple(pair, id).map(([one, run_id]) => ({ ...one, run_id })),
  'runs/set-tag': fc.tuple(pair, id).map(([one, run_id]) => ({ ...one, run_id })),
  'runs/delete-tag': fc.record({ run_id: id, key: oddName }),
  'runs/log-inputs': fc.record({ run_id: id, datasets: anyJson }),
  'runs/outputs': fc.record({ run_id: id }),
  'runs/log-model': fc.record({ run_id: id, model_json: oddName }),
  'logged-models/search': fc.record({ experiment_ids: fc.array(experiment) }),
};
const QUERIES: Record<string, fc.Arbitrary<object>> = {
  'experiments/get-by-name': fc.record({ experiment_name: name }),
  'experiments/get': fc.record({ experiment_id: experiment }),
  'runs/get': fc.record({ run_id: id }),
  'metrics/get-history': fc.record(
    { run_id: id, metric_key: metric, max_results: fc.constantFrom('1', '-1', 'x', '25000'), page_token: oddName },
    { requiredKeys: ['run_id', 'metric_key'] },
  ),
};

const sent = (made: Pick<WireRequest, 'path'> & Partial<WireRequest>): WireRequest => ({
  to: 'mlflow',
  method: 'POST',
  headers: JSON_HEADERS,
  kind: 'fitting',
  ...made,
});

const posted = fc.constantFrom(...Object.entries(CALLS)).chain(([path, body]) => {
  const at = { path: `${API}/${path}` };
  return fc.oneof(
    { weight: 6, arbitrary: body.map((one) => sent({ ...at, body: JSON.stringify(one) })) },
    {
      weight: 3,
      arbitrary: body
        .chain((one) => spoiled(one, anyJson))
        .map((one) => sent({ ...at, body: JSON.stringify(one), kind: 'spoiled' })),
    },
    {
      weight: 1,
      arbitrary: body
        .chain((one) => hostileText(JSON.stringify(one)))
        .map((one) => sent({ ...at, body: one, kind: 'spoiled' })),
    },
  );
});
const got = fc.constantFrom(...Object.entries(QUERIES)).chain(([path, query]) =>
  query.map((one) =>
    sent({
      method: 'GET',
      headers: {},
      path: `${API}/${path}?${new URLSearchParams(one as Record<string, string>)}`,
    }),
  ),
);

const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';
const artifact = fc.oneof(fc.constantFrom('t.json', 'val_step3.json', 'a/b.json', 'model.pt', '../x.json'), oddName);
const tableFile = fc.oneof(
  fc.record({
    columns: fc.array(WORDS.column ?? oddName, { maxLength: 3 }),
    data: fc.array(fc.array(anyJson, { maxLength: 3 })),
  }),
  fc.array(fc.dictionary(fc.constantFrom('step', 'input', 'output', 'score', '__proto__'), anyJson)),
);
const artifacts = fc.oneof(
  fc
    .tuple(
      id,
      artifact,
      tableFile
        .map((one) => JSON.stringify(one))
        .chain((one) => fc.oneof(fc.constant(one), fc.constant(one), hostileText(one))),
    )
    .map(([run, path, body]) =>
      sent({ method: 'PUT', path: `${ARTIFACTS}/${inPath(run)}/${inPath(path)}`, body, headers: {} }),
    ),
  fc
    .tuple(id, artifact)
    .map(([run, path]) => sent({ method: 'GET', headers: {}, path: `${ARTIFACTS}?path=${inPath(`${run}/${path}`)}` })),
);

/** MLflow's REST API, and its proxy for artifacts. */
export const MLFLOW: Endpoint = {
  name: 'mlflow',
  requests: onTheWire(
    fc.oneof({ weight: 5, arbitrary: posted }, { weight: 2, arbitrary: got }, { weight: 2, arbitrary: artifacts }),
  ),
  judge(answer, { kind }) {
    if (kind === 'elsewhere' || answer.status < 400) {
      return judgeElsewhere(answer);
    }
    const { error_code, message } = (jsonOf(answer) ?? {}) as { error_code?: unknown; message?: unknown };
    const isTold = typeof error_code === 'string' && /^[A-Z_]+$/.test(error_code) && typeof message === 'string';
    return isTold ? undefined : `status ${answer.status} in another shape than MLflow's`;
  },
};
