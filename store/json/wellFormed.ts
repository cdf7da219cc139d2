/** JSON values with every lone surrogate replaced by U+FFFD; all else stays as it is. */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') {
    return (value.isWellFormed() ? value : value.toWellFormed()) as T;
  }
  if (Array.isArray(value)) {
    return value.map(wellFormed) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)])) as T;
  }
  return value;
}
