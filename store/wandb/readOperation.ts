import { StoreError } from '../StoreError';

/** A GraphQL call, as far as it is looked at: the client's operation by name, and the fields it wants answered. */
export interface Operation {
  name: string;
  query: string;
  variables: Record<string, unknown>;
  /** The outermost fields: what the answer calls them, and what they are where that is an alias. */
  fields: Array<{ alias: string; field: string }>;
}

/** Characters of an operation; the longest of W&B's own have 20,000. */
const MOST_CHARS = 256 * 1024;
/** Fields that are answered; W&B's clients ask for one or a few. */
const MOST_FIELDS = 1_000;

const HEAD = /\b(?:query|mutation)\b\s*([A-Za-z_]\w*)?/;
const NAME_START = /^[A-Za-z_]/;
const NAME = /[A-Za-z_]\w*/y;

/** Throws `invalid_request` for what is no GraphQL call, `limit_exceeded` for one that no client sends. */
export function readOperation(body: unknown): Operation {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string') {
    throw new StoreError('invalid_request', 'query must be a string: a GraphQL operation.');
  }
  if (query.length > MOST_CHARS) {
    throw new StoreError('limit_exceeded', `query has ${query.length} characters; the limit is ${MOST_CHARS}.`);
  }
  if (variables !== undefined && variables !== null && (typeof variables !== 'object' || Array.isArray(variables))) {
    throw new StoreError('invalid_request', 'variables must be an object.');
  }
  const [, name] = HEAD.exec(query) ?? [];
  return {
    name: typeof operationName === 'string' && operationName !== '' ? operationName : (name ?? ''),
    query,
    variables: (variables ?? {}) as Record<string, unknown>,
    fields: outermostFields(query),
  };
}

/** Fields between the first `{` and its `}`, by what the answer calls them. Arguments and what is inside are skipped. */
function outermostFields(query: string): Operation['fields'] {
  const fields: Operation['fields'] = [];
  let depth = 0;
  let parentheses = 0;
  let before = '';
  for (const token of tokens(query)) {
    if (token === '(' || token === ')') {
      parentheses += token === '(' ? 1 : -1;
    } else if (parentheses <= 0) {
      depth += token === '{' ? 1 : token === '}' ? -1 : 0;
      if (token === '}' && depth <= 0) {
        break;
      }
      const last = fields.at(-1);
      if (depth === 1 && NAME_START.test(token) && before === ':' && last) {
        last.field = token;
      } else if (depth === 1 && NAME_START.test(token) && before !== '...') {
        fields.push({ alias: token, field: token });
      }
    }
    before = token;
  }
  if (fields.length > MOST_FIELDS) {
    throw new StoreError('limit_exceeded', `query asks for ${fields.length} fields; the limit is ${MOST_FIELDS}.`);
  }
  return fields;
}

/** Names and what groups them, in one pass: no text, however it is made, is gone over twice. */
function* tokens(query: string): Generator<string> {
  for (let at = 0; at < query.length; ) {
    const char = query[at] ?? '';
    NAME.lastIndex = at;
    const [name] = (NAME_START.test(char) && NAME.exec(query)) || [];
    if (name !== undefined) {
      yield name;
      at += name.length;
    } else if (char === '"') {
      at = endOfString(query, at);
    } else if (char === '#') {
      const end = query.indexOf('\n', at);
      at = end < 0 ? query.length : end;
    } else if (query.startsWith('...', at)) {
      yield '...';
      at += 3;
    } else {
      if ('{}():'.includes(char)) {
        yield char;
      }
      at++;
    }
  }
}

/** Returns the place behind the string that begins at `start`: a block between triple quotes, or one of a line. */
function endOfString(query: string, start: number): number {
  const quotes = query.startsWith('"""', start) ? '"""' : '"';
  let at = start + quotes.length;
  while (at < query.length && !query.startsWith(quotes, at)) {
    at += query[at] === '\\' ? 2 : 1;
  }
  return at + quotes.length;
}
