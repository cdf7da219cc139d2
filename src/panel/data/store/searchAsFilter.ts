import { literalPattern, wordPattern } from '@rolloscope/contract/texts';
import type { Column, Filter, Search } from '@rolloscope/contract/types';

/** A search as a filter that finds the same rows, for a request that carries another search: RE2's syntax throughout. */
export function searchAsFilter(search: Search, columns: readonly Column[]): Filter {
  const {
    text,
    mode,
    case: isExact,
    columns: named,
  } = typeof search === 'string' ? { text: search, mode: 'plain' as const, case: false, columns: undefined } : search;
  const body = mode === 'regex' ? text : mode === 'word' ? wordPattern(text) : literalPattern(text);
  const pattern = `${isExact ? '' : '(?i)'}${body}`;
  const anyOf = columns
    .filter(({ name, type, origin }) =>
      named ? named.includes(name) : origin === 'logged' && (type === 'string' || type === 'json'),
    )
    .map(({ name }) => ({ column: name, op: 'matches' as const, value: pattern }));
  return anyOf.length > 0 ? [{ anyOf }] : [];
}
