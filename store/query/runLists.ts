import { createHash } from 'node:crypto';
import { LIMITS, RUN_ATTRIBUTES } from '@rolloscope/contract';
import { foldCase } from '@rolloscope/contract/texts';
import type {
  KeysAnswer,
  KeysRequest,
  ProjectsAnswer,
  Run,
  RunsAnswer,
  RunsRequest,
  ValuesAnswer,
  ValuesRequest,
} from '@rolloscope/contract/types';
import { sorted } from '../pacing/sorted';
import type { RunEntry } from '../runs/RunEntry';
import { sizeOf } from '../runs/runSize';
import type { SeenRuns } from '../runs/SeenRuns';
import { StoreError } from '../StoreError';
import { inTurns, type Steps, Turn } from '../Turn';
import { chooseRuns, namedRuns } from './chooseRuns';
import { filterRuns } from './filterRuns';
import { orderRuns } from './orderRuns';
import { hasAttribute, type RunValue, RunValues } from './RunValues';
import { contains } from './runCondition';
import type { SelectableRuns } from './SelectableRuns';

const DEFAULT_LIMIT = 100;
/** Metrics and bytes of config that are written out on one page; it ends early rather than have more. */
const PAGE_METRICS = 200_000;
const PAGE_BYTES = 64 * 1024 * 1024;

export async function listProjects(seen: SelectableRuns): Promise<ProjectsAnswer> {
  const projects = new Map<string, { name: string; runs: number; updatedAt: number }>();
  const turn = new Turn(seen.signal);
  await turn.all(seen.all(), ({ record }) => {
    const project = projects.get(record.project) ?? { name: record.project, runs: 0, updatedAt: 0 };
    project.runs++;
    project.updatedAt = Math.max(project.updatedAt, record.updatedAt);
    projects.set(record.project, project);
  });
  return { projects: await sorted([...projects.values()], (a, b) => b.updatedAt - a.updatedAt, turn) };
}

/** A page of runs. The cursor names the last run of the page before, so that new runs do not shift the pages. */
export function listRuns(runs: SelectableRuns, request: RunsRequest): Promise<RunsAnswer> {
  return runs.inTime(async (seen) => {
    const needle = request.q === undefined ? undefined : foldCase(request.q);
    const turn = new Turn(seen.signal);
    const fitting: RunEntry[] = [];
    const named = request.ids && namedRuns(seen, request.ids).entries;
    await turn.all(await filterRuns(seen, request.where ?? [], named), (entry) => {
      const { name, group = '', tags } = entry.record;
      const texts = [seen.idOf(entry), name, group, ...tags];
      if (needle === undefined || texts.some((text) => foldCase(text).includes(needle))) {
        fitting.push(entry);
      }
    });
    const ordered = await orderRuns(seen, fitting, request.orderBy);
    const start = request.cursor === undefined ? 0 : startAfter(ordered, request.cursor);
    const entries = pageOf(ordered.slice(start, start + (request.limit ?? DEFAULT_LIMIT)), request);
    const include = { config: includes(request, 'config'), summary: includes(request, 'summary') };
    const page: Run[] = [];
    await turn.all(entries, (entry) => page.push(seen.toRun(entry, include)));
    const last = entries.at(-1);
    const end = start + entries.length;
    return { runs: page, ...(last && end < ordered.length && { nextCursor: writeCursor(end, last) }) };
  });
}

const includes = ({ include }: RunsRequest, part: 'config' | 'summary') => include?.includes(part) ?? false;

/** Returns as many of the runs as are not too much to be written out; one at the least. */
function pageOf(entries: readonly RunEntry[], request: RunsRequest): readonly RunEntry[] {
  let [metrics, bytes] = [0, 0];
  const end = entries.findIndex(({ record, latest }) => {
    metrics += includes(request, 'summary') ? latest.size : 0;
    bytes += includes(request, 'config') ? sizeOf(record.config).bytes : 0;
    return metrics > PAGE_METRICS || bytes > PAGE_BYTES;
  });
  return end < 0 ? entries : entries.slice(0, Math.max(1, end));
}

/** Writes a cursor by the run's key, which is short whatever its id is. */
const writeCursor = (offset: number, { record }: RunEntry) =>
  Buffer.from(JSON.stringify([offset, record.key])).toString('base64url');

function startAfter(ordered: readonly RunEntry[], cursor: string): number {
  try {
    const [offset, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (typeof key === 'string' && typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) {
      const index = ordered.findIndex(({ record }) => record.key === key);
      // The run may have gone meanwhile: then the place where it was.
      return index < 0 ? Math.min(offset, ordered.length) : index + 1;
    }
  } catch {
    // Refused below, like any other text that is no cursor.
  }
  throw new StoreError('invalid_cursor', 'The cursor is not one that this list gave out; start without it.');
}

async function selected(seen: SelectableRuns, runs: KeysRequest['runs']): Promise<RunEntry[]> {
  return runs === undefined ? filterRuns(seen, []) : (await chooseRuns(seen, runs)).entries;
}

/** Keys in the order of first coming: those beyond the limit are not even counted. */
export function listKeys(runs: SelectableRuns, request: KeysRequest): Promise<KeysAnswer> {
  return runs.inTime(async (seen) => {
    const { q, limit = LIMITS.listEntries } = request;
    const needle = foldCase(q ?? '');
    const counts = new Map<string, number>();
    const take = (key: string) => {
      const count = counts.get(key);
      const isNew = count === undefined && key.length <= LIMITS.nameChars && foldCase(key).includes(needle);
      if (count !== undefined || (isNew && counts.size < limit)) {
        counts.set(key, (count ?? 0) + 1);
      }
    };
    // A run is one step: a generator's for each key took ten times as long, and a config has a bound.
    await new Turn(seen.signal).all(await selected(seen, request.runs), (entry) => {
      for (const key of RUN_ATTRIBUTES) {
        if (hasAttribute(entry, key)) {
          take(key);
        }
      }
      eachPath(entry.record.config, 'config', take);
    });
    return { keys: [...counts].map(([key, runs]) => ({ key, runs })) };
  });
}

/** Paths of the leaves of nested config, joined by dots. */
function eachPath(config: object, above: string, take: (path: string) => void, depth = 0): void {
  for (const [key, value] of Object.entries(config)) {
    const path = `${above}.${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 8) {
      eachPath(value, path, take, depth + 1);
    } else {
      take(path);
    }
  }
}

/** Characters of a value by whose text it is told from others; longer ones by a hash. */
const SHORT = 1_000;

export function listValues(runs: SelectableRuns, request: ValuesRequest): Promise<ValuesAnswer> {
  return runs.inTime(async (seen) => {
    const needle = foldCase(request.q ?? '');
    const counts = new Map<string, { value: unknown; runs: number }>();
    await inTurns(
      eachValue(await selected(seen, request.runs), seen, request.key, function* (one) {
        const key = keyOf(one);
        const known = counts.get(key);
        if (known) {
          known.runs++;
        } else if (needle === '' || (yield* containsText(one, needle))) {
          counts.set(key, { value: one.raw, runs: 1 });
        }
      }),
      seen.signal,
    );
    const values = await sorted([...counts.values()], (a, b) => b.runs - a.runs, new Turn(seen.signal));
    return { values: values.slice(0, request.limit ?? LIMITS.listEntries) };
  });
}

function* eachValue(
  entries: readonly RunEntry[],
  seen: SeenRuns,
  key: string,
  take: (value: RunValue) => Steps<void>,
): Steps<void> {
  for (const entry of entries) {
    for (const value of new RunValues(seen, entry).of(key)) {
      yield* take(value);
    }
    yield;
  }
}

function* containsText(value: RunValue, needle: string): Steps<boolean> {
  const told = contains([value], needle);
  return typeof told === 'boolean' ? told : yield* told;
}

function keyOf({ raw, text }: RunValue): string {
  const key = text.length > SHORT ? createHash('sha256').update(text).digest('base64') : text;
  return `${typeof raw} ${key}`;
}
