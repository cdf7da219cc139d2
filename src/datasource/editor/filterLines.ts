import type { Condition, Filter } from '@rolloscope/contract/types';

/** A condition as a line of the editor: the first of an alternative begins with "and", the others with "or". */
export interface FilterLine {
  joint: 'and' | 'or';
  condition: Condition;
}

/** A filter as lines, in order. */
export const toLines = (filter: Filter): FilterLine[] =>
  filter.flatMap((part) =>
    ('anyOf' in part ? part.anyOf : [part]).map((condition, i) => ({ joint: i === 0 ? 'and' : 'or', condition })),
  );

/** Lines as a filter: "or" binds to the line before. */
export function toFilter(lines: readonly FilterLine[]): Filter {
  const parts: Condition[][] = [];
  for (const { joint, condition } of lines) {
    const last = parts.at(-1);
    if (joint === 'or' && last) {
      last.push(condition);
    } else {
      parts.push([condition]);
    }
  }
  return parts.flatMap((anyOf): Filter => (anyOf.length > 1 ? [{ anyOf }] : anyOf));
}
