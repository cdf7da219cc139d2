import { useCallback, useMemo } from 'react';
import { setVariables } from '../../correlation/dashboardVariables';
import { useVariable } from '../../correlation/useVariable';
import type { Page } from '../../data/TableData';

export interface Ticks {
  /** The column whose values the variable takes. */
  column: string;
  has(page: Page, row: number): boolean;
  toggle(page: Page, row: number): void;
}

/**
 * The values of a dashboard variable as ticks of rows; undefined where the options name none, or the dashboard has none
 * such.
 */
export function useTicks(variable: string | undefined, column: string | undefined): Ticks | undefined {
  const values = useVariable(variable);
  const toggle = useCallback(
    (value: string) => {
      const next = values?.includes(value) ? values.filter((one) => one !== value) : [...(values ?? []), value];
      // The last one stays: a dashboard without any run shows nothing.
      if (variable !== undefined && next.length > 0) {
        setVariables({ [variable]: next });
      }
    },
    [values, variable],
  );
  return useMemo(() => {
    if (values === undefined || column === undefined) {
      return undefined;
    }
    const tickOf = (page: Page, row: number) => String(page.cell(row, column));
    return {
      column,
      has: (page, row) => values.includes(tickOf(page, row)),
      toggle: (page, row) => toggle(tickOf(page, row)),
    };
  }, [values, column, toggle]);
}
