import { LIMITS } from '@rolloscope/contract';
import type { Run } from '@rolloscope/contract/types';
import { type Access, sees } from '../Access';
import { numberOf, textOf } from '../formats/coerce';
import { nameOf } from '../formats/nameOf';
import { readObject } from '../formats/readObject';
import { JsonText } from '../json/jsonPieces';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { sizeOf } from '../runs/runSize';
import type { Reading } from '../services';
import type { Allowance } from './Allowance';
import { type RunTables, readTablePath, withValues } from './RunTables';
import { type HistoryQuery, readHistory } from './readHistory';
import type { Operation } from './readOperation';
import { readFilter, readOrder } from './runFilter';
import { ENTITY, PROJECT, projectOf } from './runNames';
import { textsOf } from './seenTexts';
import type { WandbSessions } from './WandbSessions';

type Answer = Record<string, unknown>;

/** Lines that one answer has at the most; clients ask for 500, or pages of 1,000. */
const MOST_LINES = 10_000;
/** Pages that are gone through to count runs. */
const COUNTED_PAGES = 10;
/** Artifacts are not kept, and of files tables alone. */
const NONE = {
  totalCount: 0,
  edges: [],
  pageInfo: { __typename: 'PageInfo', endCursor: null, hasNextPage: false },
};

/** Answers what scripts read back with W&B's `Api`: runs of a project, and a run with its config, summary and history. */
export class RunReads {
  constructor(
    private readonly reading: Reading,
    private readonly runIndex: RunIndex,
    private readonly sessions: WandbSessions,
    private readonly tables: RunTables,
  ) {}

  /** Says whether an operation reads something here. */
  has({ name }: Operation): boolean {
    return name === 'Runs' || RUN_FIELDS.has(name);
  }

  /** Answers an operation; returns undefined for one that reads nothing here. */
  async answer(
    { name, variables }: Operation,
    access: Access,
    allowance: Allowance,
    fileUrl: FileUrl,
  ): Promise<Answer | undefined> {
    const project = nameOf(variables.project) ?? PROJECT;
    if (name === 'Runs') {
      return { project: await this.runs(project, variables, access, allowance) };
    }
    const read = RUN_FIELDS.get(name);
    if (!read) {
      return undefined;
    }
    const entry = this.sessions.runOf(
      project,
      nameOf(variables.name) ?? nameOf(variables.run) ?? nameOf(variables.runName) ?? '',
    );
    const isSeen = entry !== undefined && sees(access, entry.record.project);
    const run = isSeen ? await read(this, entry, { variables, access, allowance, fileUrl }) : null;
    return { project: { ...projectOf(project), run } };
  }

  /** A page of a project's runs; null for one that has none. */
  private async runs(
    project: string,
    variables: Record<string, unknown>,
    access: Access,
    allowance: Allowance,
  ): Promise<Answer | null> {
    const seen = this.runIndex.seenBy(access);
    const idOf = (name: string) => {
      const entry = this.sessions.runOf(project, name);
      return entry ? seen.idOf(entry) : name;
    };
    const filters = typeof variables.filters === 'string' ? await readObject(variables.filters, 'filters') : {};
    const where = [{ column: 'project', op: 'eq' as const, value: project }, ...readFilter(filters, idOf)];
    const perPage = numberOf(variables.perPage ?? 50);
    const limit = Math.min(LIMITS.listEntries, Math.max(1, Number.isSafeInteger(perPage) ? perPage : 50));
    const cursor = nameOf(variables.cursor);
    const orderBy = readOrder(variables.order);
    const page = await this.reading.runs(
      { where, orderBy, limit, include: ['config', 'summary'], ...(cursor !== undefined && { cursor }) },
      access,
    );
    const known = seen.all().some(({ record }) => record.project === project);
    if (!known) {
      return null;
    }
    const edges: Answer[] = [];
    for (const run of page.runs) {
      allowance.take(1 + Object.keys(run.summary ?? {}).length + sizeOf(run.config).keys, 1);
      edges.push({ node: await this.nodeOf(run, seen.find(run.id)), cursor: page.nextCursor ?? '' });
    }
    const pageInfo = { endCursor: page.nextCursor ?? null, hasNextPage: page.nextCursor !== undefined };
    const runCount = await this.count(
      where,
      page.nextCursor === undefined && cursor === undefined ? edges.length : undefined,
      access,
    );
    return { ...projectOf(project), runCount, totalRuns: runCount, readOnly: false, runs: { edges, pageInfo } };
  }

  /** Counts the runs that fit, `known` where a first page has them all; of very many, there are so many at least. */
  private async count(where: Parameters<Reading['runs']>[0]['where'], known: number | undefined, access: Access) {
    if (known !== undefined) {
      return known;
    }
    let count = 0;
    let cursor: string | undefined;
    for (let page = 0; page < COUNTED_PAGES; page++) {
      const { runs, nextCursor } = await this.reading.runs(
        { ...(where && { where }), limit: LIMITS.listEntries, ...(cursor !== undefined && { cursor }) },
        access,
      );
      count += runs.length;
      cursor = nextCursor;
      if (cursor === undefined) {
        break;
      }
    }
    return count;
  }

  async run(entry: RunEntry, access: Access): Promise<Answer> {
    return this.nodeOf(await this.reading.run(this.runIndex.seenBy(access).idOf(entry), access), entry);
  }

  history(entry: RunEntry, query: HistoryQuery, { access, allowance }: ReadOfRun) {
    return readHistory(this.reading, entry, this.runIndex.seenBy(access).idOf(entry), query, access, allowance);
  }

  /** Lines of history with the tables and texts of their steps; `maxStep` left out: as they are. */
  async lines(
    entry: RunEntry,
    steps: { minStep?: number; maxStep?: number },
    read: ReadOfRun,
  ): Promise<Record<string, unknown>[]> {
    const rows = await this.history(entry, steps, read);
    const { minStep = 0, maxStep } = steps;
    if (maxStep === undefined) {
      return rows;
    }
    const id = this.runIndex.seenBy(read.access).idOf(entry);
    const values = await this.tables.values(id, Math.max(0, minStep), maxStep, read.access, read.allowance);
    return withValues(rows, values, entry.record.createdAt);
  }

  /** The files of a run that are asked for by name, as far as they are of tables. */
  files(entry: RunEntry, { variables, access, fileUrl }: ReadOfRun): Answer {
    const names = Array.isArray(variables.fileNames) ? variables.fileNames.slice(0, MOST_LINES) : [];
    const id = this.runIndex.seenBy(access).idOf(entry);
    const edges = names
      .filter((name): name is string => typeof name === 'string' && readTablePath(name) !== undefined)
      .map((name) => {
        const url = fileUrl(id, name);
        const node = {
          id: name,
          name,
          url,
          directUrl: url,
          sizeBytes: 0,
          mimetype: 'application/json',
          updatedAt: null,
        };
        return { node: { ...node, md5: null }, cursor: name };
      });
    return { fileCount: edges.length, files: { ...NONE, totalCount: edges.length, edges } };
  }

  /** Writes a run as W&B does, whole: clients take of it what they asked for. */
  private async nodeOf(run: Run, entry: RunEntry | undefined): Promise<Answer> {
    const { job_type: jobType, ...config } = run.config ?? {};
    const values = Object.entries(config).map(([key, value]) => [key, { desc: null, value }]);
    const lastTime = run.lastTime ?? run.updatedAt;
    const session = entry && (await this.sessions.open(entry));
    const summary = {
      ...run.summary,
      ...(session && textsOf(session.state)),
      ...(run.lastStep !== undefined && { _step: run.lastStep }),
      _timestamp: lastTime / 1_000,
      _runtime: Math.max(0, lastTime - run.createdAt) / 1_000,
    };
    return {
      id: run.id,
      name: run.id.startsWith(`${run.project}/`) ? run.id.slice(run.project.length + 1) : run.id,
      projectId: '1',
      displayName: run.name,
      state: run.state,
      tags: run.tags,
      group: run.group ?? null,
      jobType: jobType ?? null,
      notes: run.notes ?? null,
      config: new JsonText(Object.fromEntries(values)),
      summaryMetrics: new JsonText(summary),
      systemMetrics: '{}',
      createdAt: isoOf(run.createdAt),
      heartbeatAt: isoOf(run.updatedAt),
      ...{ commit: null, description: null, readOnly: false, sweepName: null, user: USER },
      historyLineCount: run.lastStep === undefined ? 0 : run.lastStep + 1,
      historyKeys: entry ? keysOf(entry) : null,
    };
  }
}

const USER = { id: ENTITY, name: ENTITY, username: ENTITY };

/** Writes a time of epoch milliseconds as W&B does: in UTC, without saying so. */
const isoOf = (time: number) => new Date(time).toISOString().slice(0, 19);

const keysOf = (entry: RunEntry) => ({ lastStep: entry.lastStep ?? -1, keys: {}, sets: [] });

interface ReadOfRun {
  variables: Answer;
  access: Access;
  allowance: Allowance;
  fileUrl: FileUrl;
}
/** The address of a file of a run, by the run's id. */
type FileUrl = (id: string, path: string) => string;
type ReadRun = (reads: RunReads, entry: RunEntry, read: ReadOfRun) => Promise<Answer>;

/** Answers of a run, by the operation that asks for them. */
const RUN_FIELDS: ReadonlyMap<string, ReadRun> = new Map(
  Object.entries<ReadRun>({
    Run: (reads, entry, { access }) => reads.run(entry, access),
    RunState: (reads, entry, { access }) => reads.run(entry, access),
    RunHistoryKeys: async (_, entry) => ({ historyKeys: keysOf(entry) }),
    RunFullHistory: async (reads, entry, read) => {
      const samples = linesOf(read.variables.samples);
      const lines = async (isSystem: boolean) => textsOfRows(await reads.history(entry, { samples, isSystem }, read));
      return { history: await lines(false), events: await lines(true) };
    },
    RunSampledHistory: async (reads, entry, read) => ({
      sampledHistory: await sampled(reads, entry, read.variables.specs, read),
    }),
    SampledHistoryPage: async (reads, entry, read) => ({
      sampledHistory: await sampled(reads, entry, [read.variables.spec], read),
    }),
    HistoryPage: async (reads, entry, read) => {
      const { minStep, maxStep } = read.variables;
      return { history: textsOfRows(await reads.lines(entry, stepsOf(minStep, maxStep), read)) };
    },
    // Nothing is exported to files: all is read line by line.
    RunParquetHistory: async (_, entry) => ({
      parquetHistory: { parquetUrls: [], liveData: entry.lastStep === undefined ? [] : [{ _step: 0 }] },
    }),
    RunOutputArtifacts: async () => ({ artifacts: NONE, outputArtifacts: NONE }),
    RunInputArtifacts: async () => ({ artifacts: NONE, inputArtifacts: NONE }),
    RunFiles: async (reads, entry, read) => reads.files(entry, read),
  }),
);

/** Lines of each of the specs, which are JSON: `{"keys": [...], "samples": 500, "minStep", "maxStep"}`. */
async function sampled(reads: RunReads, entry: RunEntry, specs: unknown, read: ReadOfRun) {
  const lines: unknown[] = [];
  for (const text of Array.isArray(specs) ? specs.slice(0, 20) : []) {
    const { keys, samples, minStep, maxStep } = await readObject(textOf(text), 'specs');
    const names = Array.isArray(keys) ? [...new Set(keys.filter((key) => typeof key === 'string'))] : undefined;
    const most = linesOf(samples);
    const { minStep: first, maxStep: last } = stepsOf(minStep, maxStep);
    const query = {
      ...(names && { keys: names }),
      ...(first !== undefined && { minStep: first }),
      // A page is asked for by its steps, and has them all. Clients that ask for `_step`, too, mean the last one with it,
      // older ones without; either means as many steps as lines.
      ...(last === undefined
        ? { samples: most }
        : { maxStep: Math.min(names?.includes('_step') ? last + 1 : last, (first ?? 0) + most) }),
    };
    lines.push(await reads.history(entry, query, read));
  }
  return lines;
}

const textsOfRows = (rows: readonly Record<string, unknown>[]) => rows.map((row) => new JsonText(row));

const linesOf = (samples: unknown) =>
  typeof samples === 'number' && samples >= 1 ? Math.min(MOST_LINES, Math.floor(samples)) : 500;

function stepsOf(minStep: unknown, maxStep: unknown): { minStep?: number; maxStep?: number } {
  const whole = (value: unknown) => (Number.isSafeInteger(numberOf(value)) ? numberOf(value) : undefined);
  const [from, to] = [whole(minStep), whole(maxStep)];
  return { ...(from !== undefined && { minStep: from }), ...(to !== undefined && { maxStep: to }) };
}
