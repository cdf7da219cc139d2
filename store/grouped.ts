/** Members by their key, both in the order in which they come. (`Map.groupBy` is not in every Node that runs this.) */
export function grouped<T, K>(all: Iterable<T>, keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const known = groups.get(key);
    if (known) {
      known.push(one);
    } else {
      groups.set(key, [one]);
    }
  }
  return groups;
}
