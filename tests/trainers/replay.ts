import { type Exchange, filledIn, jsonOf, pathOf } from './Exchange';

const inside = (value: unknown, place: readonly string[]): unknown =>
  place.reduce<unknown>((outer, key) => (outer as Record<string, unknown> | undefined)?.[key], value);

/**
 * Sends what a trainer sent to another store, one after the other.
 *
 * @throws when a request is answered with another status than the one that was recorded
 */
export async function replay(url: string, exchanges: readonly Exchange[]): Promise<void> {
  const given = new Map<string, string>();
  for (const { method, path, headers, body, status, gives = {} } of exchanges) {
    const answer = await fetch(url + filledIn(path, given), { method, headers, body: filledIn(body, given) });
    const text = await answer.text();
    if (answer.status !== status) {
      throw new Error(`${method} ${path} was answered with ${answer.status}, ${status} when recorded: ${text}`);
    }
    for (const [name, place] of Object.entries(gives)) {
      given.set(name, pathOf(String(inside(jsonOf(text), place))));
    }
  }
}
