import { getTemplateSrv } from '@grafana/runtime';
import type { ComboboxOption } from '@grafana/ui';
import { DERIVED_COLUMNS, ROW_COLUMNS } from '@rolloscope/contract/names';
import type { TableListAnswer } from '@rolloscope/contract/types';
import { useEffect, useState } from 'react';
import { interpolate } from '../interpolate';
import { isComplete, type RowsQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { runSelector } from '../toRequest';

const ALWAYS: readonly string[] = [...ROW_COLUMNS, ...DERIVED_COLUMNS];

/** The columns of the query's table: logged ones with their type, then those that every row has. */
export function useColumns(datasource: RunsDataSource, query: RowsQuery): ComboboxOption<string>[] {
  const [logged, setLogged] = useState<ComboboxOption<string>[]>([]);
  const filled = interpolate(query, getTemplateSrv());
  const table = filled.queryType === 'rows' ? filled.table : '';
  const body = isComplete(filled) ? JSON.stringify({ runs: runSelector(filled.runs) }) : '';
  useEffect(() => {
    const stop = new AbortController();
    if (body !== '') {
      datasource.client
        .post<TableListAnswer>('/query/table-list', JSON.parse(body), { has: 'tables', signal: stop.signal })
        .then(({ tables }) => {
          const columns = tables.find(({ name }) => name === table)?.columns ?? [];
          const own = columns.filter(({ name }) => !ALWAYS.includes(name));
          setLogged(own.map(({ name, type }) => ({ value: name, description: type })));
        })
        // The field then takes what one writes.
        .catch(() => setLogged([]));
    }
    return () => stop.abort();
  }, [datasource, body, table]);
  return [...logged, ...ALWAYS.map((value) => ({ value }))];
}
