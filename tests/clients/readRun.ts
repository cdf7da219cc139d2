import type { MetricValue, QuestionOf, RouteName } from '@rolloscope/contract/types';
import { askStore } from './askStore';

/** What was logged, read back through v1. */
export function readRun(url: string, run: string, token?: string) {
  const ask = <Name extends RouteName>(route: Name, question: QuestionOf<Name>) =>
    askStore(url, route, question, token);
  const points = { runs: [run], reduce: 'none' as const, maxPoints: 100_000 };
  return {
    run: () => ask('run', { path: { id: run } }),
    /** `[step, value]` of one metric. */
    async points(metric: string, attempts?: 'all'): Promise<Array<[number | null, MetricValue]>> {
      const body = { ...points, metrics: [metric], ...(attempts && { attempts }) };
      const { series } = await ask('queryMetrics', { body });
      return series.flatMap(({ step, value }) =>
        step.map((one, i): [number | null, MetricValue] => [one, value[i] ?? 'NaN']),
      );
    },
    /** The metrics that are meant by a name, a glob or `@evals`. */
    names: async (metrics: string) =>
      (await ask('queryMetrics', { body: { runs: [run], metrics: [metrics] } })).series.map(({ metric }) => metric),
    /** Points by time, those without a step among them. */
    async times(metric: string): Promise<Array<[number, MetricValue]>> {
      const { series } = await ask('queryMetrics', { body: { ...points, metrics: [metric], x: 'time' } });
      return series.flatMap(({ time, value }) => time.map((one, i): [number, MetricValue] => [one, value[i] ?? 'NaN']));
    },
    /** Cells of the columns asked for, by row in the order of logging. */
    async rows(table: string, columns: string[]): Promise<unknown[][]> {
      const body = { runs: [run], table, columns, limit: 1_000 };
      const { rows, total, columns: answered } = await ask('queryRows', { body });
      if (total > rows.length) {
        throw new Error(`${table} has ${total} rows; the test reads ${rows.length}.`);
      }
      return rows.map((row) => columns.map((name) => row[answered.findIndex((column) => column.name === name)]));
    },
    count: async (table: string) => (await ask('queryRows', { body: { runs: [run], table, limit: 1 } })).total,
    /** From the last row back. */
    async lastRows(table: string, columns: string[], limit: number): Promise<unknown[][]> {
      const orderBy = [{ column: 'line', direction: 'desc' as const }];
      return (await ask('queryRows', { body: { runs: [run], table, columns, limit, orderBy } })).rows;
    },
    columns: async (table: string) => (await ask('queryRows', { body: { runs: [run], table, limit: 1 } })).columns,
    tables: async () => (await ask('queryTableList', { body: { runs: [run] } })).tables.map(({ name }) => name),
    events: async () => (await ask('events', { query: { run: encodeURIComponent(run) } })).events,
  };
}
