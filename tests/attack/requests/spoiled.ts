import fc from 'fast-check';

type Fields = Record<string, unknown>;

/** A good value with one thing at any depth replaced by an oddity, removed or added. */
export function spoiled(good: unknown, oddity: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(fc.nat(), oddity, fc.constantFrom('replace', 'remove', 'add')).map(([place, value, how]) => {
    const copy = structuredClone(good) as Fields;
    const holders: Fields[] = [];
    const walk = (one: unknown) => {
      if (typeof one === 'object' && one !== null) {
        holders.push(one as Fields);
        Object.values(one).forEach(walk);
      }
    };
    walk(copy);
    const holder = holders[place % (holders.length || 1)];
    if (!holder) {
      return value;
    }
    const keys = Object.keys(holder);
    const key = keys[place % (keys.length || 1)] ?? 'x';
    if (how === 'remove') {
      delete holder[key];
    } else {
      const name = how === 'add' && !Array.isArray(holder) ? 'added' : key;
      Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
    }
    return copy;
  });
}
