import { numberOf } from '../../formats/coerce';

/** Returns one page of a list; a `page_token` is how many came before. */
export function pageOf<T>(
  all: readonly T[],
  { page_token, max_results }: Record<string, unknown>,
  most: number,
): { page: T[]; next_page_token?: string } {
  const from = Math.max(0, Math.trunc(numberOf(page_token)) || 0);
  const to = from + Math.min(Math.max(1, Math.trunc(numberOf(max_results ?? most)) || 1), most);
  return { page: all.slice(from, to), ...(to < all.length && { next_page_token: String(to) }) };
}
