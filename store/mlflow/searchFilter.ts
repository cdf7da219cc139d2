import { textOf } from '../formats/coerce';
import { StoreError } from '../StoreError';

/** What can be compared: by `attributes.`, `params.` or `tags.` and a name. */
export type Searched = (kind: 'attributes' | 'params' | 'tags', name: string) => string | undefined;

const NAME = '(?:`(?<tick>[^`]+)`|"(?<quoted>[^"]+)"|(?<bare>[\\w./-]+))';
const VALUE = `(?:'(?<single>[^']*)'|"(?<double>[^"]*)")`;
const CONDITION = new RegExp(
  `^\\s*(?<kind>(?:attributes?|attr|run|params?|parameters?|tags?)\\.)?${NAME}\\s*(?<operator>!?=)\\s*${VALUE}\\s*(?<and>and\\b)?`,
  'i',
);

/**
 * A test for MLflow's search filters, as far as training scripts use them to find a run to resume:
 * `attributes.run_name = 'x' and tags.role != 'y'`. Throws `invalid_request` for any other filter, since to pass one over
 * would find the wrong run.
 */
export function searchFilter(filter: unknown): (of: Searched) => boolean {
  const tests: Array<(of: Searched) => boolean> = [];
  let rest = typeof filter === 'string' ? filter : '';
  for (let more = rest.trim() !== ''; more; ) {
    const found = CONDITION.exec(rest);
    const { kind = '', tick, quoted, bare, operator, single, double, and } = found?.groups ?? {};
    rest = rest.slice(found?.[0].length ?? 0);
    more = and !== undefined;
    if (!found || (!more && rest.trim() !== '')) {
      const message = 'The run store takes filters that compare attributes, params and tags by = and !=, joined by and';
      throw new StoreError('invalid_request', `${message}; not ${JSON.stringify(textOf(filter).slice(0, 200))}.`);
    }
    const name = tick ?? quoted ?? bare ?? '';
    const value = single ?? double ?? '';
    const of = kindOf(kind);
    tests.push((searched) => (searched(of, name) === value) === (operator === '='));
  }
  return (of) => tests.every((test) => test(of));
}

function kindOf(prefix: string): 'attributes' | 'params' | 'tags' {
  return /^p/i.test(prefix) ? 'params' : /^t/i.test(prefix) ? 'tags' : 'attributes';
}
