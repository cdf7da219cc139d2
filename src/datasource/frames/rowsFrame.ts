import { createDataFrame, type DataFrame, type Field, FieldType } from '@grafana/data';
import { ROW_ID_FIELD } from '@rolloscope/contract/frames';
import { historyLabel, PANEL_ID, SAMPLED_BY, SAMPLED_FROM, summaryLabel } from '@rolloscope/contract/names';
import type { ColumnType, RowsAnswer, RowsFrameMeta, RowsRequest } from '@rolloscope/contract/types';

const TYPES: Readonly<Record<ColumnType, FieldType>> = {
  number: FieldType.number,
  string: FieldType.string,
  boolean: FieldType.boolean,
  json: FieldType.other,
};

/** Steps are whole numbers, never grouped by thousands; times are times. */
function fieldOf(name: string, type: ColumnType, origin: string, values: unknown[]): Field {
  if ((origin === 'row' && name === 'time') || (origin === 'label' && name === 'labelTime')) {
    return { name, type: FieldType.time, values, config: {} };
  }
  const cells = type === 'number' ? values.map((cell) => (typeof cell === 'string' ? Number(cell) : cell)) : values;
  return { name, type: TYPES[type], values: cells, config: name === 'step' ? { decimals: 0 } : {} };
}

/** A page of rows for our panel, and for any other: the last field holds each row's id. */
export function rowsFrame(
  answer: RowsAnswer,
  request: RowsRequest,
  uid: string,
  refId: string,
  notice?: string,
): DataFrame {
  const fields = answer.columns.map(({ name, type, origin }, column) =>
    fieldOf(
      name,
      type,
      origin,
      answer.rows.map((row) => row[column] ?? null),
    ),
  );
  const hidden = { hidden: true, hideFrom: { viz: true, legend: true, tooltip: true } };
  fields.push({ name: ROW_ID_FIELD, type: FieldType.string, values: answer.rowIds, config: { custom: hidden } });
  const label = request.version === 'latest' ? summaryLabel(request.table) : historyLabel(request.table);
  const rolloscope: RowsFrameMeta = {
    uid,
    request,
    asOf: answer.asOf,
    label,
    total: answer.total,
    columns: answer.columns,
    ...(answer.apart && { apart: answer.apart }),
    cut: answer.cut.flatMap(([row, at, length]) => {
      const [id, column] = [answer.rowIds[row], answer.columns[at]];
      return id !== undefined && column ? [[id, column.name, length] as [string, string, number]] : [];
    }),
    ...(answer.groupSpread && { groupSpread: answer.groupSpread }),
    ...(notice && { notice }),
  };
  const missing = answer.missing?.runs ?? [];
  const partial = answer.total > answer.rows.length;
  const sample = sampleText(answer);
  return {
    ...createDataFrame({ fields, name: request.table, refId }),
    meta: {
      custom: { rolloscope },
      preferredVisualisationPluginId: PANEL_ID,
      uniqueRowIdFields: [fields.length - 1],
      executedQueryString: JSON.stringify(request, null, 2),
      notices: [
        ...(notice ? [{ severity: 'info' as const, text: notice }] : []),
        ...(missing.length > 0 ? [{ severity: 'warning' as const, text: `No such run: ${missing.join(', ')}` }] : []),
        ...(sample ? [{ severity: 'info' as const, text: sample }] : []),
        ...(partial
          ? [
              {
                severity: 'info' as const,
                text: `${answer.rows.length} of ${answer.total.toLocaleString('en')} rows are in the frame; the Rollouts panel pages through all of them.`,
              },
            ]
          : []),
      ],
    },
  };
}

/** Returns what the trainer says of rows that it chose from more; undefined where it says nothing. */
function sampleText({ columns, rows }: RowsAnswer): string | undefined {
  const cell = (name: string) => rows[0]?.[columns.findIndex((column) => column.name === name)];
  const from = cell(SAMPLED_FROM);
  if (typeof from !== 'number') {
    return undefined;
  }
  const by = cell(SAMPLED_BY);
  const how = typeof by === 'string' && by !== '' ? `: ${by}` : '';
  return `The table is a sample of ${from.toLocaleString('en')} rollouts a step${how}.`;
}
