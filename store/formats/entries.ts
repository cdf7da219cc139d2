import type { LogEntry } from '@rolloscope/contract/types';
import { byName, type Format, isObject } from './Format';

const FIELDS = new Set(['run', 'project', 'step', 'time', 'metrics', 'tables']);
const isTable = (table: unknown) => isObject(table) && Array.isArray(table.columns) && Array.isArray(table.rows);

/** Our own: a line is an entry of a log call, and may name its run and project. The store checks it. */
export const entries: Format = {
  name: 'entries',
  title: 'log entries',
  files: [
    {
      label: '*.jsonl of {"step", "metrics", "tables"}',
      reads: 'lines',
      match: byName(/\.(?:jsonl|ndjson)$/),
      accepts: (record) =>
        Object.keys(record).every((name) => FIELDS.has(name)) &&
        (isObject(record.metrics) || (isObject(record.tables) && Object.values(record.tables).every(isTable))),
      take: ({ run, project, ...entry }) => {
        for (const [name, value] of Object.entries({ run, project })) {
          if (value !== undefined && (typeof value !== 'string' || value === '')) {
            throw new Error(`${name} must be a text.`);
          }
        }
        const whose = { ...(run !== undefined && { run }), ...(project !== undefined && { project }) };
        return [{ kind: 'entry', ...(whose as { run?: string; project?: string }), entry: entry as LogEntry }];
      },
    },
  ],
};
