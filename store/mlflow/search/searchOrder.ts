import { StoreError } from '../../StoreError';
import { readKey, type Searched, type SearchKey } from './searchKey';
import { Tokens } from './tokens';

/** Keys that one search is ordered by. */
const MOST = 20;

const GRAMMAR = 'What is ordered by is a key and ASC or DESC: `metrics.loss DESC`.';

interface SearchOrder {
  keys: readonly SearchKey[];
  compare: (a: Searched, b: Searched) => number;
}

/** Reads MLflow's `order_by`, a list of keys. What has no such value comes last, whichever way; NaN right before it. */
export function searchOrder(orderBy: unknown, attributes: readonly string[]): SearchOrder {
  const list = typeof orderBy === 'string' ? [orderBy] : Array.isArray(orderBy) ? orderBy : [];
  if (list.length > MOST) {
    throw new StoreError('invalid_request', `A search may be ordered by ${MOST} keys.`);
  }
  const orders = list.map((one: unknown) => {
    const tokens = new Tokens(typeof one === 'string' ? one : '', GRAMMAR);
    const key = readKey(tokens, attributes);
    const sign = tokens.takes('desc') ? -1 : 1;
    if (sign > 0) {
      tokens.takes('asc');
    }
    return tokens.isAtEnd ? { key, sign } : tokens.refuse();
  });
  return {
    keys: orders.map(({ key }) => key),
    compare: (a, b) => {
      for (const { key, sign } of orders) {
        const order = compareValues(a(key), b(key), sign);
        if (order !== 0) {
          return order;
        }
      }
      return 0;
    },
  };
}

function compareValues(a: string | number | undefined, b: string | number | undefined, sign: number): number {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right || a === undefined || b === undefined || a === b) {
    return left - right;
  }
  return a < b ? -sign : a > b ? sign : 0;
}

const rank = (value: string | number | undefined): number =>
  value === undefined ? 2 : typeof value === 'number' && Number.isNaN(value) ? 1 : 0;
