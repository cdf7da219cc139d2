import fc from 'fast-check';
import { judgeElsewhere } from './contract';
import { type Endpoint, inPath, JSON_HEADERS, judgeRefusal } from './Endpoint';
import { anyJson } from './fitting';
import { hostileText } from './hostileText';
import { markOf } from './Learnt';
import { onTheWire } from './onTheWire';
import { spoiled } from './spoiled';
import type { WireRequest } from './WireRequest';
import { metric, NUMBERS, oddName, WORDS } from './words';

const NAMES = ['w0', 'w1', 'w2', 'w3'];
const run = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: oddName });
const project = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('p', 'q') }, { weight: 1, arbitrary: oddName });
const file = fc.oneof(
  fc.constantFrom('media/table/a.table.json', 'media/table/b.table.json', 'wandb-metadata.json', 'config.yaml', '../x'),
  oddName,
);
const tableValue = fc.record({
  _type: fc.constantFrom('table-file', 'image-file', 'incremental-table-file'),
  path: file,
});

const line = fc
  .record(
    {
      _step: fc.oneof(fc.nat({ max: 50 }), fc.constantFrom(...NUMBERS)),
      _timestamp: fc.constantFrom<unknown>(1_760_000_000.5, 0, 1e308, 'now'),
      _runtime: fc.double(),
      loss: fc.double(),
      text: WORDS.text ?? oddName,
      t: tableValue,
      x: anyJson,
    },
    { requiredKeys: [] },
  )
  .chain((fields) => fc.dictionary(metric, anyJson, { maxKeys: 2 }).map((more) => ({ ...fields, ...more })))
  .map((one) => JSON.stringify(one));
const lines = fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: fc.string() }), {
  maxLength: 5,
});

const stream = fc.record(
  {
    files: fc.dictionary(
      fc.constantFrom('wandb-history.jsonl', 'wandb-events.jsonl', 'wandb-summary.json', 'output.log', 'other'),
      fc.record({ offset: fc.oneof(fc.nat({ max: 60 }), fc.constantFrom(2 ** 31, 2 ** 53 - 1)), content: lines }),
    ),
    complete: fc.boolean(),
    exitcode: fc.constantFrom(0, 1, -1, 255),
    preempting: fc.boolean(),
  },
  { requiredKeys: [] },
);

const axis = fc.record(
  { 1: metric, 5: fc.nat({ max: 3 }), 2: metric, 6: fc.array(fc.nat({ max: 5 })) },
  { requiredKeys: [] },
);
const config = fc
  .record(
    {
      lr: fc.record({ value: anyJson }),
      _wandb: fc.record({
        value: fc.record({ m: fc.array(axis, { maxLength: 4 }), e: anyJson }, { requiredKeys: [] }),
      }),
    },
    { requiredKeys: [] },
  )
  .map((one) => JSON.stringify(one));

const variables = fc.record(
  {
    name: run,
    id: run,
    project,
    entity: oddName,
    displayName: oddName,
    groupName: oddName,
    jobType: oddName,
    tags: fc.array(oddName, { maxLength: 3 }),
    notes: oddName,
    host: oddName,
    config,
    run,
    runName: run,
    projectName: project,
    files: fc.array(file, { maxLength: 3 }),
    title: oddName,
    text: oddName,
    severity: oddName,
    artifactTypeName: fc.oneof(fc.constant('run_table'), oddName),
    clientID: fc.oneof(fc.constant('c0'), oddName),
    // Of a table of the run `r` in the project `p`, and none.
    artifactID: fc.oneof(fc.constant(Buffer.from('["p","n","run_table","","r","c0"]').toString('base64url')), oddName),
    artifactFiles: fc.array(
      fc.record({ name: fc.oneof(fc.constantFrom('t.table.json', 'media/images/0.png'), file), artifactID: oddName }),
      { maxLength: 3 },
    ),
    artifactCollectionName: oddName,
  },
  { requiredKeys: ['name', 'project', 'run'] },
);
const OPERATIONS = [
  'UpsertBucket',
  'UpsertBucket',
  'RunResumeStatus',
  'CreateRunFiles',
  'CreateArtifact',
  'CreateArtifactManifest',
  'CreateArtifactFiles',
  'CommitArtifact',
  'NotifyScriptableRunAlert',
  'Viewer',
  'ServerFeatures',
  'Anything',
];
const call = fc.tuple(fc.constantFrom(...OPERATIONS), variables, fc.boolean()).map(([name, given, wraps]) => ({
  query: `mutation ${name}($name: String) { a: viewer { id } serverInfo { features } ${name}(input: {name: "}"}) { b } }`,
  variables: wraps ? { input: given } : given,
}));
/** Queries that a parser may count its way through: words, brackets, strings, comments, in any order and number. */
const queryText = fc
  .tuple(
    fc.array(
      fc.constantFrom('query', 'mutation M', '{', '}', '(', ')', ':', '"', '\\"', '"""', '...', '#', '\n', 'a', '$v'),
      {
        maxLength: 12,
      },
    ),
    fc.constantFrom(1, 1, 1, 100, 2_000),
  )
  .map(([words, times]) => ({ query: words.join(' ').repeat(times), variables: {} }));

type Made = Pick<WireRequest, 'path'> & Partial<WireRequest>;
const sent = (made: Made): WireRequest => ({
  to: 'wandb',
  method: 'POST',
  headers: JSON_HEADERS,
  kind: 'fitting',
  ...made,
});

/** A body as it should be, spoiled, or hostile. */
function ways(path: fc.Arbitrary<string>, good: fc.Arbitrary<unknown>): fc.Arbitrary<WireRequest> {
  const odd = good.chain((one) => spoiled(one, anyJson)).map((one) => JSON.stringify(one));
  const hostile = good.chain((one) => hostileText(JSON.stringify(one)));
  return path.chain((at) =>
    fc.oneof(
      { weight: 6, arbitrary: good.map((one) => sent({ path: at, body: JSON.stringify(one) })) },
      { weight: 3, arbitrary: odd.map((body) => sent({ path: at, body, kind: 'spoiled' })) },
      { weight: 1, arbitrary: hostile.map((body) => sent({ path: at, body, kind: 'spoiled' })) },
    ),
  );
}

const table = fc
  .record({
    columns: fc.array(fc.oneof(WORDS.column ?? oddName, oddName), { maxLength: 3 }),
    data: fc.array(fc.array(anyJson, { maxLength: 3 })),
  })
  .map((one) => JSON.stringify(one));
const upload = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.nat({ max: 9 }).map((index) => markOf('upload', index)) },
      { weight: 1, arbitrary: fc.constantFrom('x', 'x.y', 'e30.', '.') },
    ),
    fc.oneof(table, table, table.chain(hostileText)),
  )
  .map(([ticket, body]) => sent({ method: 'PUT', path: `/wandb/uploads/${ticket}`, body, headers: {} }));

const streamPath = fc
  .tuple(oddName, project, run)
  .map(([entity, of, id]) => `/files/${inPath(entity)}/${inPath(of)}/${inPath(id)}/file_stream`);

/** What W&B clients speak: GraphQL, the file stream, and files that are brought to signed addresses. */
export const WANDB: Endpoint = {
  name: 'wandb',
  requests: onTheWire(
    fc.oneof(
      { weight: 3, arbitrary: ways(fc.constant('/graphql'), call) },
      { weight: 1, arbitrary: ways(fc.constant('/graphql'), queryText) },
      { weight: 3, arbitrary: ways(streamPath, stream) },
      { weight: 2, arbitrary: upload },
    ),
  ),
  judge: (answer, { kind }) =>
    kind === 'elsewhere' || answer.status < 300 ? judgeElsewhere(answer) : judgeRefusal(answer),
};
