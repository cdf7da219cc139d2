/** Returns what was given with some of its fields changed; one that becomes undefined, empty or false goes. */
export function patch<T extends object>(of: T, fields: { [K in keyof T]?: T[K] | undefined }): T {
  const all = Object.entries({ ...of, ...fields }).filter(([key, value]) => !(key in fields) || !isEmpty(value));
  return Object.fromEntries(all) as T;
}

const isEmpty = (value: unknown) =>
  value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);
