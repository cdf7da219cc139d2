import type { Tokens } from './tokens';

/** A key that a search compares, or orders by. */
export interface SearchKey {
  kind: 'attributes' | 'metrics' | 'params' | 'tags';
  name: string;
}

/** Returns what a run or an experiment has under a key; undefined for nothing. */
export type Searched = (key: SearchKey) => string | number | undefined;

const PREFIX = /^(?:(attributes?|attr|run|experiment)|(metrics?)|(params?|parameters?)|(tags?))\./i;

/** Names of attributes that MLflow's pages show, and its clients take too. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ['run name', 'run_name'],
  ['created', 'start_time'],
  ['user', 'user_id'],
  ['id', 'run_id'],
]);

/** Reads `metrics.loss`, `` params.`a b` ``, `tags."a"`, or one of `attributes`, also unprefixed; refuses others. */
export function readKey(tokens: Tokens, attributes: readonly string[]): SearchKey {
  const word = tokens.take('word', 'name', 'text') ?? tokens.refuse();
  const found = word.kind === 'word' ? PREFIX.exec(word.text) : null;
  const [prefix = '', , metrics, params, tags] = found ?? [];
  const bare = word.text.slice(prefix.length);
  const name = found && bare === '' ? (tokens.take('name', 'text')?.text ?? tokens.refuse()) : bare;
  const kind = metrics ? 'metrics' : params ? 'params' : tags ? 'tags' : 'attributes';
  if (kind !== 'attributes') {
    return { kind, name };
  }
  const attribute = ALSO.get(name.toLowerCase()) ?? name;
  return attributes.includes(attribute) ? { kind, name: attribute } : tokens.refuse();
}
