import type { PanelOptions } from '../options';

/** Says why rows have no boxes though an editor wants them ticked; undefined where they have, or nobody does. */
export function tickFault(
  { tickVariable, tickColumn }: Pick<PanelOptions, 'tickVariable' | 'tickColumn'>,
  hasVariable: boolean,
  hasColumn: boolean,
): string | undefined {
  if (!tickVariable) {
    return undefined;
  }
  if (!hasVariable) {
    return `rows cannot be ticked: the dashboard has no variable ${tickVariable}`;
  }
  if (!tickColumn) {
    return `rows cannot be ticked: no column is chosen for the variable ${tickVariable}`;
  }
  return hasColumn ? undefined : `rows cannot be ticked: the table has no column ${tickColumn}`;
}
