import { getTemplateSrv, locationService } from '@grafana/runtime';

/** Whether the dashboard defines a variable: nobody else's address is written. Explore and snapshots have none. */
export function hasVariable(name: string): boolean {
  try {
    return getTemplateSrv()
      .getVariables()
      .some((variable) => variable.name === name);
  } catch {
    // Grafana throws for the variables of a snapshot (seen in 12.4).
    return false;
  }
}

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
