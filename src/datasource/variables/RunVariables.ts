import {
  CustomVariableSupport,
  createDataFrame,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  FieldType,
  type MetricFindValue,
} from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { from, type Observable } from 'rxjs';
import { VariableEditor } from '../editor/VariableEditor';
import { toFailure } from '../http/failure';
import { NOT_THERE, type StoreClient } from '../http/StoreClient';
import type { RunsDataSource } from '../RunsDataSource';
import { fillVariableQuery } from './fillVariableQuery';
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
      return {
        data: [
          optionsFrame(
            await variableOptions(this.client, fillVariableQuery(target, this.templates(), request.scopedVars)),
          ),
        ],
      };
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code && NOT_THERE.has(failure.code)) {
        return { data: [optionsFrame([])] };
      }
      throw failure;
    }
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
