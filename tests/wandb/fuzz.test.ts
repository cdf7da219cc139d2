import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { expectSound, oddities } from '../clients/oddities';
import { readRun } from '../clients/readRun';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { tableValue, WireClient } from './WireClient';

vi.setConfig({ testTimeout: 120_000 });
let ours: OurStore;
let client: WireClient;
beforeAll(async () => {
  ours = await startOurs();
  client = new WireClient(ours.url, 'p', 'fuzzed');
  await client.begin();
});
afterAll(() => ours.stop());

const oddity = oddities();
const RUNS = { numRuns: 150, endOnFailure: true };

/** Answers in the contract's shape, and no fault behind them. */
const expectAnswer = (answer: Response) =>
  expectSound(answer, ours, { error: { code: expect.any(String), message: expect.stringMatching(/\.$/) } });

const fieldOf = (names: string[]) => fc.dictionary(fc.constantFrom(...names), oddity, { maxKeys: names.length });

it('GraphQL: any body, any operation, any variables', async () => {
  const operations = ['UpsertBucket', 'RunResumeStatus', 'CreateRunFiles', 'CreateArtifact', 'Viewer', 'Other'];
  const variables = fieldOf([
    'name',
    'id',
    'project',
    'entity',
    'displayName',
    'groupName',
    'tags',
    'notes',
    'config',
    'host',
    'run',
    'files',
    'input',
    'jobType',
    'artifactTypeName',
  ]);
  const query = fc.oneof(
    fc
      .constantFrom(...operations)
      .map((name) => `mutation ${name}($x: String) { one(input: {a: "}"}) { id } two: three }`),
    fc.string({ unit: fc.constantFrom('{', '}', '(', ')', ':', 'a', ' ', '"', '\\', '.', '#', '\n', 'query') }),
    oddity,
  );
  const body = fc.oneof(
    fc.record({ query, variables: fc.oneof(variables, oddity), operationName: oddity }, { requiredKeys: [] }),
    oddity,
  );
  await fc.assert(
    fc.asyncProperty(body, async (one) => expectAnswer(await client.send('POST', '/graphql', JSON.stringify(one)))),
    RUNS,
  );
});

it('a config of any kind, as the text in a text that it is', async () => {
  const config = fc.oneof(
    fc.dictionary(fc.string({ maxLength: 300 }), oddity).map((one) => JSON.stringify(one)),
    fc
      .object({ key: fc.constantFrom('_wandb', 'value', 'm', 'e', '1', '2', '5', 'host'), maxDepth: 5 })
      .map((one) => JSON.stringify(one)),
    fc.string(),
    fc.constantFrom('['.repeat(5_000), `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, '{"a": NaN}'),
  );
  await fc.assert(
    fc.asyncProperty(config, async (one) => {
      const variables = { name: 'fuzzed', project: 'p', config: one };
      const query = 'mutation UpsertBucket { upsertBucket { inserted } }';
      await expectAnswer(await client.send('POST', '/graphql', JSON.stringify({ query, variables })));
    }),
    RUNS,
  );
});

it('file stream: any body; a call that is refused leaves nothing behind', async () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .dictionary(fc.constantFrom('_step', '_timestamp', '_runtime', '_wandb', '_type', 'a', 'b.c', ''), oddity)
      .map((one) => JSON.stringify(one)),
    oddity.map((one) => JSON.stringify(one)),
    fc.constantFrom(
      '{"a": NaN, "_step": 1}',
      `{"a":${'{"b":'.repeat(200)}1${'}'.repeat(200)}}`,
      '{"t": {"_type": "table-file", "path": 7}}',
    ),
  );
  const chunk = fc.oneof(
    fc.record({
      offset: fc.oneof(fc.nat({ max: 50 }), oddity),
      content: fc.oneof(fc.array(text, { maxLength: 4 }), oddity),
    }),
    oddity,
  );
  const files = fc.dictionary(
    fc.constantFrom('wandb-history.jsonl', 'wandb-events.jsonl', 'wandb-summary.json', 'output.log', 'other'),
    chunk,
  );
  const body = fc.oneof(
    fc.record(
      { files: fc.oneof(files, oddity), complete: oddity, exitcode: oddity, preempting: oddity },
      { requiredKeys: [] },
    ),
    oddity,
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(body, async (one) => {
      const run = new WireClient(ours.url, 'p', `stream-${++number}`);
      await run.begin();
      const answer = await run.send('POST', `/files/e/p/${run.run}/file_stream`, JSON.stringify(one));
      const refused = answer.status !== 200;
      await expectAnswer(answer);
      if (refused) {
        const left = readRun(ours.url, run.run);
        expect([(await left.run()).summary, await left.tables(), (await left.run()).state]).toEqual([
          {},
          [],
          'running',
        ]);
      }
    }),
    { ...RUNS, numRuns: 100 },
  );
});

it('file stream: bytes that are no JSON, and compressed ones', async () => {
  const path = '/files/e/p/fuzzed/file_stream';
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('identity', 'gzip', 'br', 'x'),
      async (bytes, encoding) =>
        expectAnswer(await client.send('POST', path, Buffer.from(bytes), { 'content-encoding': encoding })),
    ),
    RUNS,
  );
  await expectAnswer(await client.send('POST', path, Buffer.alloc(40 * 1024 * 1024, 32)));
});

it('uploads: any bytes as a table or as metadata', async () => {
  const file = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    fc
      .record({
        columns: fc.oneof(fc.array(oddity, { maxLength: 3 }), oddity),
        data: fc.oneof(fc.array(fc.array(oddity, { maxLength: 3 })), oddity),
      })
      .map((one) => Buffer.from(JSON.stringify(one))),
    fc
      .dictionary(fc.constantFrom('host', 'slurm', 'gpu_nvidia', 'gpu_count', 'startedAt'), oddity)
      .map((one) => Buffer.from(JSON.stringify(one))),
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      const path = `media/table/f${++number}.table.json`;
      await client.history(number, [{ _step: number, [`t${number}`]: tableValue(path) }]);
      await expectAnswer(await client.upload(path, bytes));
      await expectAnswer(await client.upload('wandb-metadata.json', bytes));
    }),
    { ...RUNS, numRuns: 100 },
  );
});
