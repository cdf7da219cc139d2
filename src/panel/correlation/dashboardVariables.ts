import { getTemplateSrv, locationService } from '@grafana/runtime';
import { variableNames } from '../../shared/dashboardVariables';

/** Says whether the dashboard defines a variable: nobody else's address is written. */
export const hasVariable = (name: string): boolean => variableNames().includes(name);

/** The values of a dashboard variable; none where it is empty. */
export function readVariable(name: string): string[] {
  const json = getTemplateSrv().replace(`$${name}`, {}, (value: unknown) => JSON.stringify([value].flat()));
  try {
    return (JSON.parse(json) as unknown[]).map(String).filter((value) => value !== '');
  } catch {
    return [];
  }
}

/** Sets those of the variables that the dashboard defines, without an entry in the browser's history. */
export function setVariables(values: Readonly<Record<string, string | readonly string[]>>): void {
  const known = Object.entries(values).filter(([name]) => hasVariable(name));
  if (known.length > 0) {
    locationService.partial(
      Object.fromEntries(known.map(([name, value]) => [`var-${name}`, typeof value === 'string' ? value : [...value]])),
      true,
    );
  }
}
