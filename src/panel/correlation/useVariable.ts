import { locationService } from '@grafana/runtime';
import { useEffect, useState } from 'react';
import { hasVariable, readVariable } from './dashboardVariables';

/** The values of a dashboard variable, as they change; undefined where none is named, or the dashboard has none such. */
export function useVariable(name: string | undefined): string[] | undefined {
  const [values, setValues] = useState<string[]>();
  const isKnown = name !== undefined && hasVariable(name);
  useEffect(() => {
    if (!isKnown || name === undefined) {
      setValues(undefined);
      return undefined;
    }
    const read = () => {
      const next = readVariable(name);
      setValues((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
    };
    read();
    // The address changes first, the variable follows within the same turn.
    return locationService.getHistory().listen(() => setTimeout(read));
  }, [name, isKnown]);
  return isKnown ? (values ?? readVariable(name)) : undefined;
}
