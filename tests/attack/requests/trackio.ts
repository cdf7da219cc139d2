import fc from 'fast-check';
import { judgeElsewhere } from './contract';
import { type Endpoint, JSON_HEADERS, jsonOf, judgeRefusal } from './Endpoint';
import { anyJson } from './fitting';
import { hostileText } from './hostileText';
import { onTheWire } from './onTheWire';
import { spoiled } from './spoiled';
import type { WireRequest } from './WireRequest';
import { metric, NUMBERS, oddName } from './words';

const project = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('p', 'q') }, { weight: 1, arbitrary: oddName });
const run = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('k0', 'k1', 'k2') }, { weight: 1, arbitrary: oddName });
const key = { project, run, run_id: run };
const timestamp = fc.constantFrom(
  '2026-11-24T10:00:00',
  '1970-01-01T00:00:00Z',
  '9999-12-31T00:00:00',
  '+275760-09-13',
  'x',
);
const media = fc.record({
  _type: fc.constantFrom('trackio.table', 'trackio.trace', 'trackio.markdown', 'trackio.image', 'x'),
  _value: fc.oneof(anyJson, fc.array(fc.dictionary(fc.constantFrom('step', 'prompt', 'reward', '__proto__'), anyJson))),
  messages: anyJson,
});
const metrics = fc.dictionary(metric, fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), media, anyJson), {
  maxKeys: 4,
  noNullPrototype: true,
});
const step = fc.oneof(fc.nat({ max: 50 }), fc.constantFrom(...NUMBERS));
const log = fc.record(
  { ...key, metrics, step, timestamp, log_id: oddName, config: anyJson },
  { requiredKeys: ['project', 'run', 'metrics'] },
);
const alert = fc.record(
  {
    ...key,
    title: oddName,
    text: oddName,
    level: fc.constantFrom('info', 'error', 'x'),
    step,
    alert_id: oddName,
    timestamp,
  },
  { requiredKeys: ['project', 'run', 'title'] },
);
const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 4 });

/** Calls by name, with their arguments. */
const CALLS: Record<string, fc.Arbitrary<unknown>> = {
  bulk_log: fc.record({ logs: few(log) }),
  bulk_log_system: fc.record({ logs: few(log) }),
  bulk_alert: fc.record({ alerts: few(alert) }),
  bulk_upload_media: fc.record({
    uploads: few(
      fc.record({ ...key, uploaded_file: fc.record({ orig_name: oddName }) }, { requiredKeys: ['project'] }),
    ),
  }),
  get_runs_for_project: fc.record({ project }),
  get_run_summary: fc.record(key, { requiredKeys: ['project'] }),
  check_artifact_blobs: fc.record({ digests: anyJson }),
  artifact_log: fc.record({
    ...key,
    run_name: run,
    name: oddName,
    manifest: few(fc.record({ path: oddName, size: step })),
    aliases: anyJson,
  }),
  get_artifact_manifest: fc.record({ project }),
  anything: anyJson,
};

const requests = fc.constantFrom(...Object.entries(CALLS)).chain(([name, kwargs]) => {
  const sent =
    (kind: WireRequest['kind']) =>
    (body: string | Uint8Array): WireRequest => ({
      to: 'trackio',
      method: 'POST',
      path: `/api/${name}`,
      headers: JSON_HEADERS,
      body,
      kind,
    });
  const good = fc.record({ args: fc.array(oddName, { maxLength: 2 }), kwargs });
  return fc.oneof(
    { weight: 6, arbitrary: good.map((one) => JSON.stringify(one)).map(sent('fitting')) },
    {
      weight: 3,
      arbitrary: good.chain((one) => spoiled(one, anyJson)).map((one) => sent('spoiled')(JSON.stringify(one) ?? '')),
    },
    { weight: 1, arbitrary: good.chain((one) => hostileText(JSON.stringify(one))).map(sent('spoiled')) },
  );
});
const uploaded = fc
  .uint8Array({ maxLength: 300 })
  .map(
    (body): WireRequest => ({ to: 'trackio', method: 'POST', path: '/api/upload', headers: {}, body, kind: 'fitting' }),
  );

/** What trackio clients call. */
export const TRACKIO: Endpoint = {
  name: 'trackio',
  requests: onTheWire(fc.oneof({ weight: 9, arbitrary: requests }, { weight: 1, arbitrary: uploaded })),
  judge(answer, { kind, path }) {
    if (kind === 'elsewhere' || path === '/api/upload') {
      return judgeElsewhere(answer);
    }
    if (answer.status >= 300) {
      return judgeRefusal(answer);
    }
    const keys = Object.keys((jsonOf(answer) ?? {}) as object);
    return keys.length === 1 && (keys[0] === 'data' || keys[0] === 'error')
      ? undefined
      : 'an answer in no shape of trackio';
  },
};
