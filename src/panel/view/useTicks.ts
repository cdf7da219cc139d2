import { getTemplateSrv, locationService } from '@grafana/runtime';
import { useCallback, useEffect, useState } from 'react';

export interface Ticks {
  has(value: string): boolean;
  toggle(value: string): void;
}

function readVariable(name: string): string[] {
  const json = getTemplateSrv().replace(`$${name}`, {}, (value: unknown) => JSON.stringify([value].flat()));
  try {
    return (JSON.parse(json) as unknown[]).map(String);
  } catch {
    return [];
  }
}

/** The values of a dashboard variable as ticks; undefined where no variable is named, or the dashboard has none such. */
export function useTicks(variable: string | undefined): Ticks | undefined {
  const [values, setValues] = useState<string[]>([]);
  const isKnown =
    variable !== undefined &&
    getTemplateSrv()
      .getVariables()
      .some(({ name }) => name === variable);
  useEffect(() => {
    if (!isKnown || variable === undefined) {
      return;
    }
    setValues(readVariable(variable));
    // The address changes first, the variable follows within the same turn.
    return locationService.getHistory().listen(() => setTimeout(() => setValues(readVariable(variable))));
  }, [variable, isKnown]);
  const toggle = useCallback(
    (value: string) => {
      const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
      // The last one stays: a dashboard without any run shows nothing.
      if (variable !== undefined && next.length > 0) {
        setValues(next);
        locationService.partial({ [`var-${variable}`]: next }, true);
      }
    },
    [values, variable],
  );
  return isKnown ? { has: (value) => values.includes(value), toggle } : undefined;
}
