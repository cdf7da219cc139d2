import { LABEL_COLUMNS, type LabelColumn, ROW_COLUMNS } from '@rolloscope/contract';
import type { Column, Missing, OrderBy, RowSelection } from '@rolloscope/contract/types';
import type { RowQuery } from '../engine/EngineReads';
import { checkPatternSizes, patternsOf } from '../patterns/checkPatterns';
import type { RunEntry } from '../runs/RunEntry';
import { StoreError } from '../StoreError';
import { readAsOf } from './asOf';
import { chooseRuns } from './chooseRuns';
import { askLens, withRoles } from './lenses';
import { nearestName } from './nearestName';
import type { ReadContext } from './ReadContext';

/** Rows, or groups, of an answer where the request does not say. */
export const DEFAULT_LIMIT = 100;

const LABEL_NAMES = Object.keys(LABEL_COLUMNS) as LabelColumn[];
const ROW_TYPES = { run: 'string', step: 'number', time: 'number' } as const;

/** A selection of rows that is checked: what the engine reads, and what is said about it. */
interface ChosenRows {
  query: RowQuery;
  entries: RunEntry[];
  /** Those of labels are always among them: labels may come at any time. */
  columns: Column[];
  missing: Missing | undefined;
  /** Position of the last change of a label of them; 0 where there never was one. */
  labelledAt: number;
}

/** Checks a selection of rows, and fixes the moment it is read at. Throws what is wrong with it as a `StoreError`. */
export async function chooseRows({ engine, seen }: ReadContext, request: RowSelection): Promise<ChosenRows> {
  const position = await readAsOf(engine, request.asOf);
  const { entries, missing } = await chooseRuns(seen, request.runs);
  const runs = entries.map(({ record }) => record.id);
  const logged = await engine.tableColumns(runs, request.table);
  if (logged.length === 0) {
    throw new StoreError('table_not_found', `The selected runs have no table ${JSON.stringify(request.table)}.`);
  }
  const columns: Column[] = [
    ...ROW_COLUMNS.map((name) => ({ name, type: ROW_TYPES[name], origin: 'row' as const })),
    ...withRoles(logged, request.roles),
    ...LABEL_NAMES.filter((name) => !logged.some((one) => one.name === name)).map((name) => ({
      name,
      type: LABEL_COLUMNS[name],
      origin: 'label' as const,
    })),
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
    labelledAt: await engine.labelledAt(runs, request.table),
  };
}

/** Columns of an answer that names none: those of labels only where somebody labelled one of the rows' table. */
export const unnamedColumns = ({ columns, labelledAt }: Pick<ChosenRows, 'columns' | 'labelledAt'>): Column[] =>
  labelledAt > 0 ? columns : columns.filter(({ origin }) => origin !== 'label');

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
