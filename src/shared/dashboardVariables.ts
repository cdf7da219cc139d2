import type { TypedVariableModel } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';

/** The dashboard's variables; none in a snapshot, where Grafana throws for them (seen in 12.4). */
export function dashboardVariables(): TypedVariableModel[] {
  try {
    return getTemplateSrv().getVariables();
  } catch {
    return [];
  }
}

export const variableNames = () => dashboardVariables().map(({ name }) => name);
