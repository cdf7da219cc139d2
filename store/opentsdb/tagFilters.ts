import { fitsGlob, LIMITS } from '@rolloscope/contract';
import { compilePattern } from '../query/compilePattern';
import { badRequest, shown } from './OpenTsdbError';
import type { Spending } from './RequestCost';

/** The types of filters that OpenTSDB's editor lists, from `GET /api/config/filters`. */
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
/** Filters of one query. */
const MOST_FILTERS = 50;
/** To compile a pattern takes as long as to look at so many values. */
const COMPILE_STEPS = 5;

export interface TagFilter {
  key: string;
  groupBy: boolean;
  fits(value: string | undefined): boolean;
  /** The steps of the cost that it takes to look at one value, about. */
  steps: number;
}

const isType = (type: unknown): type is FilterType => typeof type === 'string' && Object.hasOwn(FILTER_TYPES, type);

/**
 * `{run: "*"}` and `[{type, tagk, filter, groupBy}]`, as queries have them; the first group by their tag. In slices, since
 * a pattern takes milliseconds to compile.
 */
export async function parseFilters(
  { tags, filters, known }: { tags: unknown; filters: unknown; known: readonly string[] },
  { cost, turn }: Spending,
): Promise<TagFilter[]> {
  const isObject = typeof (tags ?? {}) === 'object' && !Array.isArray(tags);
  if (!isObject) {
    throw badRequest('Invalid tags: an object of names and values is needed.');
  }
  if (!Array.isArray(filters ?? [])) {
    throw badRequest('Invalid filters: a list is needed.');
  }
  const ofTags = Object.entries(tags ?? {});
  const given = (filters ?? []) as unknown[];
  if (ofTags.length + given.length > MOST_FILTERS) {
    throw badRequest(`There are ${ofTags.length + given.length} filters; the limit of one query is ${MOST_FILTERS}.`);
  }
  const parsed: TagFilter[] = [];
  for (const one of [...ofTags.map(([tagk, value]) => ({ ...readTag(tagk, value), groupBy: true })), ...given]) {
    const filter = parseFilter(one, known);
    cost.take('steps', COMPILE_STEPS * filter.steps);
    parsed.push(filter);
    if (turn.isOver) {
      await turn.next();
    }
  }
  return parsed;
}

function parseFilter(one: unknown, known: readonly string[]): TagFilter {
  const { type, tagk, filter = '', groupBy = false } = (one ?? {}) as Record<string, unknown>;
  if (!isType(type)) {
    throw badRequest(`No such filter: ${shown(type)}. There are ${Object.keys(FILTER_TYPES).join(', ')}.`);
  }
  if (typeof filter !== 'string') {
    throw badRequest(`Invalid filter of ${shown(tagk)}: a text is needed.`);
  }
  if (typeof tagk !== 'string' || !known.includes(tagk)) {
    throw badRequest(`No such name for 'tagk': ${shown(tagk)}. There are ${known.join(', ')}.`);
  }
  return { key: tagk, groupBy: groupBy === true, ...matcher(type, filter) };
}

/** A tag's value may be a filter itself, `literal_or(a|b)`; else a star makes it a pattern. */
function readTag(tagk: string, value: unknown) {
  if (typeof value !== 'string') {
    throw badRequest(`Invalid tag ${shown(tagk)}: the value must be a text.`);
  }
  const [, type, filter = ''] = /^(\w+)\((.*)\)$/s.exec(value) ?? [];
  return isType(type)
    ? { tagk, type, filter }
    : { tagk, type: value.includes('*') ? 'wildcard' : 'literal_or', filter: value };
}

type Matcher = Pick<TagFilter, 'fits' | 'steps'>;

function matcher(type: FilterType, filter: string): Matcher {
  const present = (fits: (value: string) => boolean, steps = 10): Matcher => {
    return { fits: (value) => value !== undefined && fits(value), steps };
  };
  const lower = filter.toLowerCase();
  switch (type) {
    case 'literal_or':
      return present(among(filter));
    case 'iliteral_or':
      return present(ignoringCase(among(lower)));
    case 'not_literal_or':
      return present(not(among(filter)));
    case 'not_iliteral_or':
      return present(not(ignoringCase(among(lower))));
    case 'wildcard':
      return present((value) => fitsGlob(value, filter), globSteps(filter));
    case 'iwildcard':
      return present(
        ignoringCase((value) => fitsGlob(value, lower)),
        globSteps(filter),
      );
    case 'regexp': {
      const pattern = compile(filter);
      return present((value) => pattern.matcher(value).find(), 20 * pattern.programSize());
    }
    case 'not_key':
      return { fits: (value) => value === undefined, steps: 1 };
  }
}

/** The whole too: a value may hold a bar itself. */
function among(values: string): (value: string) => boolean {
  const all = new Set([values, ...values.split('|')]);
  return (value) => all.has(value);
}

const not = (fits: (value: string) => boolean) => (value: string) => !fits(value);
const ignoringCase = (fits: (value: string) => boolean) => (value: string) => fits(value.toLowerCase());

function globSteps(glob: string): number {
  checkLength(glob, LIMITS.searchChars);
  return 10 + glob.length;
}

/** The values of tags are names, which are short. */
function compile(pattern: string) {
  checkLength(pattern, LIMITS.nameChars);
  try {
    return compilePattern(pattern);
  } catch (cause) {
    throw badRequest(`Invalid regular expression: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function checkLength(pattern: string, limit: number): void {
  if (pattern.length > limit) {
    throw badRequest(`A pattern of ${pattern.length} characters; the limit is ${limit}.`);
  }
}
