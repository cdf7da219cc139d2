import { StoreError } from '../StoreError';

/** A GraphQL call, as far as it is looked at: the client's operation by name, and the fields it wants answered. */
export interface Operation {
  name: string;
  query: string;
  variables: Record<string, unknown>;
  /** The outermost fields: what the answer calls them, and what they are where that is an alias. */
  fields: Array<{ alias: string; field: string }>;
}

const HEAD = /\b(?:query|mutation)\b\s*([A-Za-z_]\w*)?/;

/** Throws `invalid_request` for what is no GraphQL call. */
export function readOperation(body: unknown): Operation {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string') {
    throw new StoreError('invalid_request', 'query must be a string: a GraphQL operation.');
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
  const tokens = query.replace(/#[^\n]*/g, '').match(/"(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_]\w*|[{}():]/g) ?? [];
  const start = tokens.findIndex((token, i) => token === '{' && depthOf(tokens, i, '(', ')') === 0);
  const fields: Operation['fields'] = [];
  let depth = 0;
  let parentheses = 0;
  for (let i = start; i >= 0 && i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    parentheses += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (parentheses > 0) {
      continue;
    }
    depth += token === '{' ? 1 : token === '}' ? -1 : 0;
    if (depth === 0) {
      break;
    }
    if (depth !== 1 || !/^[A-Za-z_]/.test(token) || tokens[i - 1] === '...') {
      continue;
    }
    const last = fields.at(-1);
    if (tokens[i - 1] === ':' && last) {
      last.field = token;
    } else {
      fields.push({ alias: token, field: token });
    }
  }
  return fields;
}

function depthOf(tokens: readonly string[], end: number, open: string, close: string): number {
  return tokens.slice(0, end).reduce((depth, one) => depth + (one === open ? 1 : one === close ? -1 : 0), 0);
}
