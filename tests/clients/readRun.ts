import type {
  EventsAnswer,
  MetricsAnswer,
  MetricValue,
  RowsAnswer,
  Run,
  TableListAnswer,
} from '@rolloscope/contract/types';

/** What was logged, read back through v1. */
export function readRun(url: string, run: string, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const get = async <T>(path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api/v1${path}`, { headers, ...init });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  };
  return {
    run: () => get<Run>(`/runs/${encodeURIComponent(run)}`),
    /** `[step, value]` of one metric. */
    async points(metric: string, attempts?: 'all'): Promise<Array<[number | null, MetricValue]>> {
      const request = { runs: [run], metrics: [metric], reduce: 'none', maxPoints: 100_000, attempts };
      const { series } = await get<MetricsAnswer>('/query/metrics', request);
      return series.flatMap(({ step, value }) =>
        step.map((one, i): [number | null, MetricValue] => [one, value[i] ?? 'NaN']),
      );
    },
    /** The metrics that are meant by a name, a glob or `@evals`. */
    names: async (metrics: string) =>
      (await get<MetricsAnswer>('/query/metrics', { runs: [run], metrics: [metrics] })).series.map(
        ({ metric }) => metric,
      ),
    /** Points by time, those without a step among them. */
    async times(metric: string): Promise<Array<[number, MetricValue]>> {
      const request = { runs: [run], metrics: [metric], x: 'time', reduce: 'none', maxPoints: 100_000 };
      const { series } = await get<MetricsAnswer>('/query/metrics', request);
      return series.flatMap(({ time, value }) => time.map((one, i): [number, MetricValue] => [one, value[i] ?? 'NaN']));
    },
    /** Cells of the columns asked for, by row in the order of logging. */
    async rows(table: string, columns: string[]): Promise<unknown[][]> {
      const request = { runs: [run], table, columns, limit: 1_000 };
      const { rows, total, columns: answered } = await get<RowsAnswer>('/query/rows', request);
      if (total > rows.length) {
        throw new Error(`${table} has ${total} rows; the test reads ${rows.length}.`);
      }
      return rows.map((row) => columns.map((name) => row[answered.findIndex((column) => column.name === name)]));
    },
    count: async (table: string) => (await get<RowsAnswer>('/query/rows', { runs: [run], table, limit: 1 })).total,
    /** From the last row back. */
    async lastRows(table: string, columns: string[], limit: number): Promise<unknown[][]> {
      const orderBy = [{ column: 'line', direction: 'desc' }];
      const request = { runs: [run], table, columns, limit, orderBy };
      return (await get<RowsAnswer>('/query/rows', request)).rows;
    },
    columns: async (table: string) => (await get<RowsAnswer>('/query/rows', { runs: [run], table, limit: 1 })).columns,
    tables: async () =>
      (await get<TableListAnswer>('/query/table-list', { runs: [run] })).tables.map(({ name }) => name),
    events: async () => (await get<EventsAnswer>(`/events?run=${encodeURIComponent(run)}`)).events,
  };
}
