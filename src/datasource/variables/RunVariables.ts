import {
  CustomVariableSupport,
  createDataFrame,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  FieldType,
  type MetricFindValue,
  type ScopedVars,
} from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { from, type Observable } from 'rxjs';
import { VariableEditor } from '../editor/VariableEditor';
import { toFailure } from '../http/failure';
import { NOT_THERE, type StoreClient } from '../http/StoreClient';
import { expandAll } from '../interpolate';
import type { RunsDataSource } from '../RunsDataSource';
import { type VariableQuery, variableOptions } from './variableQuery';

/** Dashboard variables over projects, runs, metrics, tables, tasks, steps and values. */
export class RunVariables extends CustomVariableSupport<RunsDataSource, VariableQuery> {
  override editor = VariableEditor;

  constructor(
    private readonly client: StoreClient,
    private readonly templates: () => TemplateSrv,
  ) {
    super();
  }

  override query = (request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> =>
    from(this.options(request));

  private async options(request: DataQueryRequest<VariableQuery>): Promise<DataQueryResponse> {
    const [target] = request.targets;
    if (!target) {
      return { data: [] };
    }
    try {
      return { data: [optionsFrame(await variableOptions(this.client, this.fill(target, request.scopedVars)))] };
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code && NOT_THERE.has(failure.code)) {
        return { data: [optionsFrame([])] };
      }
      throw failure;
    }
  }

  private fill(query: VariableQuery, scoped: ScopedVars): VariableQuery {
    const text = (value: string) => this.templates().replace(value, scoped);
    return {
      ...query,
      ...(query.project !== undefined && { project: text(query.project) }),
      ...(query.run && { run: expandAll(query.run, this.templates(), scoped) }),
      ...(query.tag !== undefined && { tag: text(query.tag) }),
      ...(query.table !== undefined && { table: text(query.table) }),
      ...(query.key !== undefined && { key: text(query.key) }),
      ...(query.glob !== undefined && { glob: text(query.glob) }),
    };
  }
}

/** Options in the form that every version of Grafana reads: a frame with the fields `text` and `value`. */
function optionsFrame(options: readonly MetricFindValue[]): DataFrame {
  const values = options.map(({ text, value }) => String(value ?? text));
  return createDataFrame({
    fields: [
      { name: 'text', type: FieldType.string, values: options.map(({ text }) => text) },
      { name: 'value', type: FieldType.string, values },
    ],
  });
}
