import { isApart, ROW_COLUMNS } from '@rolloscope/contract';
import type {
  Column,
  DistributionAnswer,
  DistributionRequest,
  GroupsAnswer,
  GroupsRequest,
  Missing,
  OrderBy,
  PromptGroup,
  RowAnswer,
  RowSelection,
  RowsAnswer,
  RowsRequest,
} from '@rolloscope/contract/types';
import type { Engine } from '../engine/Engine';
import type { GroupData, RowQuery } from '../engine/EngineReads';
import { parseRowId, rowId } from '../engine/rowId';
import { sorted } from '../pacing/sorted';
import { checkPatternSizes, patternsOf } from '../patterns/checkPatterns';
import type { RunEntry } from '../runs/RunEntry';
import { StoreError } from '../StoreError';
import { Turn } from '../Turn';
import { readAsOf, readSince, writeAsOf } from './asOf';
import { chooseRuns } from './chooseRuns';
import { askLens, lensColumns, scoreColumn, withRoles } from './lenses';
import { nearestName } from './nearestName';
import { LOOKED_AT, promptExcerpts } from './promptExcerpts';
import type { SelectableRuns } from './SelectableRuns';

const DEFAULT_LIMIT = 100;
const DEFAULT_BINS = 20;

const ROW_TYPES = { run: 'string', step: 'number', time: 'number' } as const;

/** A selection of rows that is checked: what the engine reads, and what is said about it. */
export interface ChosenRows {
  query: RowQuery;
  entries: RunEntry[];
  columns: Column[];
  missing: Missing | undefined;
}

export async function chooseRows(engine: Engine, seen: SelectableRuns, request: RowSelection): Promise<ChosenRows> {
  const position = request.asOf === undefined ? engine.position : readAsOf(engine, request.asOf);
  const { entries, missing } = await chooseRuns(seen, request.runs);
  const logged = engine.tableColumns(
    entries.map(({ record }) => record.id),
    request.table,
  );
  if (logged.length === 0) {
    throw new StoreError('table_not_found', `The selected runs have no table ${JSON.stringify(request.table)}.`);
  }
  const columns: Column[] = [
    ...ROW_COLUMNS.map((name) => ({ name, type: ROW_TYPES[name], origin: 'row' as const })),
    ...withRoles(logged, request.roles),
  ];
  const conditions = (request.filter ?? []).flatMap((part) => ('anyOf' in part ? part.anyOf : [part]));
  const search = typeof request.search === 'string' ? { text: request.search, mode: 'plain' as const } : request.search;
  const named = [
    ...conditions.map(({ column }) => column),
    ...(search?.columns ?? []),
    ...Object.keys(request.roles ?? {}),
  ];
  for (const name of named) {
    requireColumn(columns, request.table, name);
  }
  const patterns = new Set([...patternsOf(request.filter ?? []), ...(search?.mode === 'regex' ? [search.text] : [])]);
  checkPatternSizes(patterns);
  for (const pattern of patterns) {
    const fault = await engine.patternFault(pattern);
    if (fault !== undefined) {
      throw new StoreError('invalid_pattern', `The pattern ${JSON.stringify(pattern)} is not valid RE2: ${fault}.`);
    }
  }
  return {
    query: {
      scopes: entries.map((entry) => seen.scope(entry)),
      table: request.table,
      latest: request.version === 'latest',
      ...(request.steps && { steps: request.steps }),
      ...(request.times && { times: request.times }),
      ...(request.filter && { filter: request.filter }),
      ...(search && { search }),
      ...(request.lens && { lens: askLens(seen, request.lens, columns, entries) }),
      position,
    },
    entries,
    columns,
    missing: missing.length > 0 ? { runs: missing } : undefined,
  };
}

export function requireColumn(columns: Column[], table: string, name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (!found) {
    const nearest = nearestName(
      name,
      columns.map((column) => column.name),
    );
    throw new StoreError(
      'unknown_column',
      `The table ${JSON.stringify(table)} has no column ${JSON.stringify(name)} in the selected runs; did you mean ${JSON.stringify(nearest)}?`,
    );
  }
  return found;
}

export const checkOrder = (columns: Column[], table: string, orderBy: OrderBy = []) => {
  for (const { column } of orderBy) {
    requireColumn(columns, table, column);
  }
  return orderBy;
};

export async function readRows(engine: Engine, seen: SelectableRuns, request: RowsRequest): Promise<RowsAnswer> {
  const chosen = await chooseRows(engine, seen, request);
  const { query, columns, missing } = chosen;
  const asOf = writeAsOf(engine, query.position);
  const named = request.columns?.map((name) => requireColumn(columns, request.table, name));
  const shown = named ?? columns.filter((column) => !isApart(column));
  const apart = named ? [] : columns.filter(isApart);
  const orderBy = checkOrder(columns, request.table, request.orderBy);
  const head = { columns: shown, ...(apart.length > 0 && { apart }) };
  const empty = { ...head, rows: [], rowIds: [], cut: [], asOf };
  if (request.since !== undefined) {
    const since = readSince(engine, seen, chosen.entries, request.since);
    if (since === undefined) {
      return { ...empty, total: 0, reset: true };
    }
    query.since = since;
  }
  const page = await engine.rows(query, {
    columns: shown.map(({ name }) => name),
    orderBy,
    offset: request.offset ?? 0,
    limit: request.limit ?? DEFAULT_LIMIT,
    ...(request.preview !== undefined && { preview: request.preview }),
    ...(request.groupSpread && { groupSpread: lensColumns(columns) }),
  });
  return {
    ...head,
    rows: page.rows.map(toJson),
    rowIds: page.ids.map((id) => rowId(engine.storeId, id)),
    cut: page.cut,
    total: page.total,
    ...(page.groupSpread && { groupSpread: page.groupSpread }),
    ...(missing && { missing }),
    asOf,
  };
}

/** Cells as JSON can carry them. */
export const toJson = (row: unknown[]) =>
  row.map((cell) => (typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell));

export async function readRow(engine: Engine, seen: SelectableRuns, id: string): Promise<RowAnswer> {
  const number = parseRowId(engine.storeId, id);
  const row = number === undefined ? undefined : await engine.rowById(number);
  const entry = row && seen.ofStore(row.run);
  if (!row || !entry) {
    throw new StoreError('row_not_found', `There is no row ${JSON.stringify(id)}.`);
  }
  const names = Object.keys(row.cells);
  const values = toJson(Object.values(row.cells));
  return {
    rowId: id,
    ...row,
    run: seen.idOf(entry),
    cells: Object.fromEntries(names.map((name, i) => [name, values[i]])),
  };
}

export async function readDistribution(
  engine: Engine,
  seen: SelectableRuns,
  request: DistributionRequest,
): Promise<DistributionAnswer> {
  const { query, columns, missing } = await chooseRows(engine, seen, request);
  requireColumn(columns, request.table, request.column);
  const bins = request.bins ?? DEFAULT_BINS;
  const rest = { ...(missing && { missing }), asOf: writeAsOf(engine, query.position) };
  if (request.by === undefined || request.by === 'step') {
    const { edges, steps, total } = await engine.histogram(query, request.column, bins);
    const lines = steps.map(({ mean, sd, min, max, quantiles, ...step }) => ({
      ...step,
      ...present({ mean, sd, min, max }),
      ...(quantiles && { quantiles }),
    }));
    return { edges, steps: lines, total, ...rest };
  }
  requireColumn(columns, request.table, request.by);
  const grid = await engine.grid(query, request.column, request.by, bins, request.byBins ?? bins);
  return { edges: grid.edges, grid: { edges: grid.byEdges, counts: grid.counts }, total: grid.total, ...rest };
}

function present(values: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null));
}

export async function readGroups(engine: Engine, seen: SelectableRuns, request: GroupsRequest): Promise<GroupsAnswer> {
  const { query, columns, missing } = await chooseRows(engine, seen, request);
  const roleOf = (role: string) => columns.find((column) => column.role === role)?.name;
  const reward = scoreColumn(columns);
  if (reward === undefined) {
    throw new StoreError(
      'unknown_column',
      `No column of ${JSON.stringify(request.table)} has the role reward, or correct; log it with {"name": …, "role": "reward"}.`,
    );
  }
  const groupId = roleOf('groupId');
  const prompt = roleOf('prompt') ?? roleOf('messages');
  const names = { reward, ...(groupId && { groupId }), ...(prompt && { prompt }) };
  const groups = await engine.groups(query, names);
  const before = request.compareTo && (await compared(engine, seen, request, query, names));
  const turn = new Turn();
  let lines: Array<PromptGroup & { first: number }> = [];
  await turn.all(groups, (group) => lines.push({ first: group.first, ...toGroup(engine, group, before) }));
  const { by, direction } = request.orderBy ?? { by: undefined, direction: 'asc' };
  if (by) {
    const sign = direction === 'desc' ? -1 : 1;
    lines = await sorted(lines, (a, b) => byNumber(a[by] ?? null, b[by] ?? null, sign), turn);
  }
  const offset = request.offset ?? 0;
  const page = lines.slice(offset, offset + (request.limit ?? DEFAULT_LIMIT));
  const prompts = prompt ? await excerptsOf(engine, query, page, prompt) : [];
  return {
    groups: page.map(({ first: _, ...line }, i) => ({ ...line, prompt: prompts[i] ?? line.prompt })),
    total: lines.length,
    ...(missing && { missing }),
    asOf: writeAsOf(engine, query.position),
  };
}

async function excerptsOf(
  engine: Engine,
  { table, scopes }: RowQuery,
  page: readonly { first: number }[],
  prompt: string,
) {
  const firsts = page.map(({ first }) => first);
  const { ids, rows } = await engine.rowsByNumber(table, scopes, firsts, [prompt], LOOKED_AT);
  const texts = new Map(ids.map((id, i) => [id, rows[i]?.[0]]));
  return promptExcerpts(
    firsts.map((first) => {
      const text = texts.get(first);
      return typeof text === 'string' ? text : null;
    }),
  );
}

function byNumber(a: number | null, b: number | null, sign: number): number {
  return a === null || b === null ? (a === null ? 1 : 0) - (b === null ? 1 : 0) : sign * (a - b);
}

/** Mean reward by prompt hash in the run or step to compare with. */
async function compared(
  engine: Engine,
  seen: SelectableRuns,
  request: GroupsRequest,
  query: RowQuery,
  names: { reward: string; groupId?: string; prompt?: string },
): Promise<Map<string, number>> {
  const { run, step } = request.compareTo ?? {};
  const entries = run === undefined ? undefined : (await chooseRuns(seen, [run])).entries;
  const other: RowQuery = {
    ...query,
    ...(entries && { scopes: entries.map((entry) => seen.scope(entry)) }),
    ...(step !== undefined && { steps: { from: step, to: step } }),
  };
  // Group ids differ between steps; the prompt itself is what stays.
  const { groupId: _, ...byPrompt } = names;
  const groups = await engine.groups(other, byPrompt);
  return new Map(groups.flatMap(({ promptHash, mean }) => (promptHash && mean !== null ? [[promptHash, mean]] : [])));
}

function toGroup(engine: Engine, group: GroupData, before: Map<string, number> | undefined): PromptGroup {
  const { promptHash, best, worst, ...rest } = group;
  const old = before && promptHash !== null ? before.get(promptHash) : undefined;
  return {
    ...rest,
    best: best === null ? null : rowId(engine.storeId, best),
    worst: worst === null ? null : rowId(engine.storeId, worst),
    ...(before && { change: old === undefined || rest.mean === null ? null : rest.mean - old }),
  };
}
