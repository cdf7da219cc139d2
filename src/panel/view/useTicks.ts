import { useCallback } from 'react';
import { setVariables } from '../correlation/dashboardVariables';
import { useVariable } from '../correlation/useVariable';

export interface Ticks {
  has(value: string): boolean;
  toggle(value: string): void;
}

/** The values of a dashboard variable as ticks; undefined where no variable is named, or the dashboard has none such. */
export function useTicks(variable: string | undefined): Ticks | undefined {
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
  return values && { has: (value) => values.includes(value), toggle };
}
