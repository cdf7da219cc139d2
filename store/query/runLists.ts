import { LIMITS, RUN_ATTRIBUTES } from '@rolloscope/contract';
import type {
  KeysAnswer,
  KeysRequest,
  ProjectsAnswer,
  RunsAnswer,
  RunsRequest,
  ValuesAnswer,
  ValuesRequest,
} from '@rolloscope/contract/types';
import type { RunEntry } from '../runs/RunBook';
import type { SeenRuns } from '../runs/SeenRuns';
import { StoreError } from '../StoreError';
import { asText, chooseRuns, filterRuns, orderRuns, valuesOf } from './selectRuns';

const DEFAULT_LIMIT = 100;

export function listProjects(seen: SeenRuns): ProjectsAnswer {
  const projects = new Map<string, { name: string; runs: number; updatedAt: number }>();
  for (const { record } of seen.all()) {
    const project = projects.get(record.project) ?? { name: record.project, runs: 0, updatedAt: 0 };
    project.runs++;
    project.updatedAt = Math.max(project.updatedAt, record.updatedAt);
    projects.set(record.project, project);
  }
  return { projects: [...projects.values()].sort((a, b) => b.updatedAt - a.updatedAt) };
}

/** A page of runs. The cursor names the last run of the page before, so that new runs do not shift the pages. */
export function listRuns(seen: SeenRuns, request: RunsRequest): RunsAnswer {
  const limit = request.limit ?? DEFAULT_LIMIT;
  const needle = request.q?.toLowerCase();
  const fitting = filterRuns(seen, seen.all(), request.where ?? []).filter((entry) => {
    const { record } = entry;
    return (
      needle === undefined ||
      [seen.idOf(entry), record.name, record.group ?? '', ...record.tags].some((text) =>
        text.toLowerCase().includes(needle),
      )
    );
  });
  const ordered = orderRuns(seen, fitting, request.orderBy);
  const start = request.cursor === undefined ? 0 : startAfter(seen, ordered, request.cursor);
  const page = ordered.slice(start, start + limit);
  const include = {
    config: request.include?.includes('config') ?? false,
    summary: request.include?.includes('summary') ?? false,
  };
  const last = page.at(-1);
  return {
    runs: page.map((entry) => seen.toRun(entry, include)),
    ...(last && start + limit < ordered.length && { nextCursor: writeCursor(start + limit, seen.idOf(last)) }),
  };
}

const writeCursor = (offset: number, id: string) => Buffer.from(JSON.stringify([offset, id])).toString('base64url');

function startAfter(seen: SeenRuns, ordered: RunEntry[], cursor: string): number {
  try {
    const [offset, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (typeof id === 'string' && typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) {
      const index = ordered.findIndex((entry) => seen.idOf(entry) === id);
      // The run may have gone meanwhile: then the place where it was.
      return index < 0 ? Math.min(offset, ordered.length) : index + 1;
    }
  } catch {
    // Refused below, like any other text that is no cursor.
  }
  throw new StoreError('invalid_cursor', 'The cursor is not one that this list gave out; start without it.');
}

function selected(seen: SeenRuns, runs: KeysRequest['runs']): RunEntry[] {
  return runs === undefined ? filterRuns(seen, seen.all(), []) : chooseRuns(seen, runs).entries;
}

export function listKeys(seen: SeenRuns, request: KeysRequest): KeysAnswer {
  const counts = new Map<string, number>();
  const entries = selected(seen, request.runs);
  for (const entry of entries) {
    const attributes = RUN_ATTRIBUTES.filter((key) => valuesOf(seen, entry, key).length > 0);
    for (const key of [...attributes, ...configPaths(entry.record.config).map((path) => `config.${path}`)]) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const needle = request.q?.toLowerCase() ?? '';
  const keys = [...counts].filter(([key]) => key.toLowerCase().includes(needle) && key.length <= LIMITS.nameChars);
  return { keys: keys.slice(0, request.limit ?? LIMITS.listEntries).map(([key, runs]) => ({ key, runs })) };
}

/** Paths of the leaves of nested config, joined by dots. */
function configPaths(config: Record<string, unknown>, depth = 0): string[] {
  return Object.entries(config).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 8
      ? configPaths(value as Record<string, unknown>, depth + 1).map((inner) => `${key}.${inner}`)
      : [key],
  );
}

export function listValues(seen: SeenRuns, request: ValuesRequest): ValuesAnswer {
  const counts = new Map<string, { value: unknown; runs: number }>();
  for (const entry of selected(seen, request.runs)) {
    for (const value of valuesOf(seen, entry, request.key)) {
      const key = JSON.stringify(value);
      const known = counts.get(key) ?? { value, runs: 0 };
      known.runs++;
      counts.set(key, known);
    }
  }
  const needle = request.q?.toLowerCase() ?? '';
  const values = [...counts.values()].filter(({ value }) => asText(value).toLowerCase().includes(needle));
  values.sort((a, b) => b.runs - a.runs);
  return { values: values.slice(0, request.limit ?? LIMITS.listEntries) };
}
