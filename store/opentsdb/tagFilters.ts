import { fitsGlob } from '@rolloscope/contract';
import { compilePattern } from '../query/compilePattern';
import { badRequest } from './OpenTsdbError';

/** What OpenTSDB's editor lists, from `GET /api/config/filters`. */
export const FILTER_TYPES = {
  literal_or: { description: 'Exactly one of the values, separated by |.', examples: 'run=literal_or(a|b)' },
  iliteral_or: { description: 'One of the values, ignoring case.', examples: 'run=iliteral_or(A|b)' },
  not_literal_or: { description: 'None of the values.', examples: 'run=not_literal_or(a|b)' },
  not_iliteral_or: { description: 'None of the values, ignoring case.', examples: 'run=not_iliteral_or(A|b)' },
  wildcard: { description: 'A pattern in which * stands for any characters.', examples: 'run=wildcard(ppo-*)' },
  iwildcard: { description: 'Such a pattern, ignoring case.', examples: 'run=iwildcard(PPO-*)' },
  regexp: { description: 'A regular expression that fits somewhere.', examples: 'run=regexp(^ppo-[0-9]+$)' },
  not_key: { description: 'The tag is absent; the filter is empty.', examples: 'group=not_key()' },
} as const;
type FilterType = keyof typeof FILTER_TYPES;
type Fits = (value: string | undefined) => boolean;

export interface TagFilter {
  key: string;
  groupBy: boolean;
  fits: Fits;
}

const isType = (type: unknown): type is FilterType => typeof type === 'string' && Object.hasOwn(FILTER_TYPES, type);

/** `{run: "*"}` and `[{type, tagk, filter, groupBy}]`, as queries have them; the first group by their tag. */
export function parseFilters(tags: unknown, filters: unknown, known: readonly string[]): TagFilter[] {
  const keyOf = (key: unknown): string => {
    if (typeof key !== 'string' || !known.includes(key)) {
      throw badRequest(`No such name for 'tagk': ${JSON.stringify(key)}. There are ${known.join(', ')}.`);
    }
    return key;
  };
  const isObject = typeof (tags ?? {}) === 'object' && !Array.isArray(tags);
  if (!isObject) {
    throw badRequest('Invalid tags: an object of names and values is needed.');
  }
  if (!Array.isArray(filters ?? [])) {
    throw badRequest('Invalid filters: a list is needed.');
  }
  const ofTags = Object.entries(tags ?? {}).map(([tagk, value]) => ({ ...readTag(tagk, value), groupBy: true }));
  return [...ofTags, ...((filters ?? []) as unknown[])].map((one): TagFilter => {
    const { type, tagk, filter = '', groupBy = false } = (one ?? {}) as Record<string, unknown>;
    if (!isType(type)) {
      throw badRequest(`No such filter: ${JSON.stringify(type)}. There are ${Object.keys(FILTER_TYPES).join(', ')}.`);
    }
    if (typeof filter !== 'string') {
      throw badRequest(`Invalid filter of ${JSON.stringify(tagk)}: a text is needed.`);
    }
    return { key: keyOf(tagk), groupBy: groupBy === true, fits: matcher(type, filter) };
  });
}

/** A tag's value may be a filter itself, `literal_or(a|b)`; else a star makes it a pattern. */
function readTag(tagk: string, value: unknown) {
  if (typeof value !== 'string') {
    throw badRequest(`Invalid tag ${JSON.stringify(tagk)}: the value must be a text.`);
  }
  const [, type, filter = ''] = /^(\w+)\((.*)\)$/s.exec(value) ?? [];
  return isType(type)
    ? { tagk, type, filter }
    : { tagk, type: value.includes('*') ? 'wildcard' : 'literal_or', filter: value };
}

function matcher(type: FilterType, filter: string): Fits {
  const present = (test: (value: string) => boolean): Fits => {
    return (value) => value !== undefined && test(value);
  };
  const lower = filter.toLowerCase();
  // The whole too: a value may hold a bar itself.
  const among = (value: string, values: string) => value === values || values.split('|').includes(value);
  switch (type) {
    case 'literal_or':
      return present((value) => among(value, filter));
    case 'iliteral_or':
      return present((value) => among(value.toLowerCase(), lower));
    case 'not_literal_or':
      return present((value) => !among(value, filter));
    case 'not_iliteral_or':
      return present((value) => !among(value.toLowerCase(), lower));
    case 'wildcard':
      return present((value) => fitsGlob(value, filter));
    case 'iwildcard':
      return present((value) => fitsGlob(value.toLowerCase(), lower));
    case 'regexp': {
      const pattern = compile(filter);
      return present((value) => pattern.matcher(value).find());
    }
    case 'not_key':
      return (value) => value === undefined;
  }
}

function compile(pattern: string) {
  try {
    return compilePattern(pattern);
  } catch (cause) {
    throw badRequest(`Invalid regular expression: ${cause instanceof Error ? cause.message : cause}`);
  }
}
