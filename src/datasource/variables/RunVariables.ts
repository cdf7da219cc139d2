import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse, type ScopedVars } from '@grafana/data';
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
      return { data: await variableOptions(this.client, this.fill(target, request.scopedVars)) };
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code && NOT_THERE.has(failure.code)) {
        return { data: [] };
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
      ...(query.table !== undefined && { table: text(query.table) }),
      ...(query.key !== undefined && { key: text(query.key) }),
      ...(query.glob !== undefined && { glob: text(query.glob) }),
    };
  }
}
