import {
  CustomVariableSupport,
  createDataFrame,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  FieldType,
} from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { from, type Observable } from 'rxjs';
import { escapeLine } from '../../shared/escapeText';
import type { Choice } from '../choices/Choice';
import { listChoices } from '../choices/listChoices';
import { toFailure } from '../http/failure';
import { NOT_THERE, type StoreClient } from '../http/StoreClient';
import type { StoreSource } from '../StoreSource';
import { VariableEditor } from './VariableEditor';
import { DEFAULT_VARIABLE, fillVariable, migrateVariable, type VariableQuery } from './variableQuery';

/** Dashboard variables over all that the store can list. */
export class RunVariables extends CustomVariableSupport<StoreSource, VariableQuery> {
  override editor = VariableEditor;

  constructor(
    private readonly client: StoreClient,
    private readonly templates: () => TemplateSrv,
  ) {
    super();
  }

  /** Grafana runs nothing of a new variable that has no query; where there is a default, it takes that. */
  override getDefaultQuery() {
    // Its type is that of a panel's query.
    return DEFAULT_VARIABLE as never;
  }

  override query = (request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> =>
    from(this.options(request));

  private async options(request: DataQueryRequest<VariableQuery>): Promise<DataQueryResponse> {
    const [target] = request.targets;
    if (!target) {
      return { data: [] };
    }
    const asked = fillVariable(migrateVariable(target), this.templates(), request.scopedVars);
    if (asked.runs?.by === 'id' && asked.runs.ids.length === 0) {
      // The variable that says which runs has no value (yet).
      return { data: [optionsFrame([])] };
    }
    try {
      return { data: [optionsFrame(await listChoices(this.client, asked))] };
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
function optionsFrame(choices: readonly Choice[]): DataFrame {
  return createDataFrame({
    fields: [
      { name: 'text', type: FieldType.string, values: choices.map(({ label, value }) => escapeLine(label ?? value)) },
      { name: 'value', type: FieldType.string, values: choices.map(({ value }) => value) },
    ],
  });
}
