import type { Condition, Filter, Operator, OrderBy } from '@rolloscope/contract/types';
import { type Offer, words } from './Offer';
import { parseValue, writeValue } from './parseValue';
import type { Scanner } from './Scanner';
import { quote, writeColumn } from './words';

/** The longer ones first, so that `<=` is not read as `<`. */
const SYMBOLS: Array<[symbol: string, op: Operator]> = [
  ['==', 'eq'],
  ['!=', 'ne'],
  ['<=', 'le'],
  ['>=', 'ge'],
  ['=~', 'matches'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['=', 'eq'],
];
const WORDS: Array<Operator & string> = ['in', 'contains', 'matches'];
const COMPARISONS: Offer = {
  of: 'words',
  words: [
    { word: '==', insert: '== |', about: 'equal' },
    { word: '!=', insert: '!= |', about: 'not equal' },
    { word: '<', insert: '< |' },
    { word: '<=', insert: '<= |' },
    { word: '>', insert: '> |' },
    { word: '>=', insert: '>= |' },
    { word: 'in', insert: 'in [|]', about: 'one of' },
    { word: 'contains', insert: 'contains "|"', about: 'ignoring case' },
    { word: 'matches', insert: 'matches "|"', about: 'a regular expression' },
    { word: 'is null' },
    { word: 'is not null' },
  ],
};

/** Says whether a comparison follows, so that what came before is a column. */
export const isComparison = (scanner: Scanner) => scanner.peek(/[=!<>]|(?:in|contains|matches|is)(?!\w)/) !== undefined;

/** The source of values, for completion: what the store has under the column. */
type ValueOffer = (column: string) => Offer;

function parseOperator(scanner: Scanner, column: string): { op: Operator; value?: unknown } {
  scanner.offer(COMPARISONS);
  const found = SYMBOLS.find(([symbol]) => scanner.takeSymbol(symbol))?.[1];
  const op = found ?? WORDS.find((word) => scanner.takeWord(word));
  if (op) {
    return { op };
  }
  if (scanner.takeWord('is')) {
    scanner.offer(words(['null', 'not null']));
    const isNot = scanner.takeWord('not');
    if (scanner.takeWord('null')) {
      return { op: 'isNull', ...(isNot && { value: false }) };
    }
    throw scanner.failure('After "is" comes null, or not null.');
  }
  throw scanner.failure(`After ${writeColumn(column)} a comparison is missing: ==, !=, <, <=, >, >=, in, contains, …`);
}

/** The rest of a condition whose column was read. */
function parseCondition(scanner: Scanner, column: string, valuesOf: ValueOffer): Condition {
  const { op, value } = parseOperator(scanner, column);
  if (op === 'isNull') {
    return { column, op, ...(value !== undefined && { value }) };
  }
  scanner.offer(valuesOf(column));
  return { column, op, value: parseValue(scanner) };
}

export function needColumn(scanner: Scanner): string {
  const column = scanner.takeColumn();
  if (column === undefined) {
    throw scanner.failure('A column is missing.');
  }
  return column;
}

/** `first or second or …`, its first column read already. */
export function parseAlternatives(scanner: Scanner, column: string, keys: Offer, valuesOf: ValueOffer): Filter[number] {
  const anyOf = [parseCondition(scanner, column, valuesOf)];
  scanner.offer(words(['or']));
  while (scanner.takeWord('or')) {
    scanner.offer(keys);
    anyOf.push(parseCondition(scanner, needColumn(scanner), valuesOf));
  }
  const [first] = anyOf;
  return anyOf.length === 1 && first ? first : { anyOf };
}

/** `reward desc`, its column read already. */
export function parseDirection(scanner: Scanner, column: string): OrderBy[number] {
  scanner.offer(words(['desc', 'asc']));
  const isDown = scanner.takeWord('desc');
  if (!isDown) {
    scanner.takeWord('asc');
  }
  return { column, direction: isDown ? 'desc' : 'asc' };
}

const SIGNS = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

function writeCondition({ column, op, value }: Condition): string {
  const left = writeColumn(column);
  if (op === 'isNull') {
    return `${left} is ${value === false ? 'not null' : 'null'}`;
  }
  return `${left} ${op in SIGNS ? SIGNS[op as keyof typeof SIGNS] : op} ${writeValue(value, quote)}`;
}

export const writeFilter = (filter: Filter = []): string[] =>
  filter.map((part) => ('anyOf' in part ? part.anyOf.map(writeCondition).join(' or ') : writeCondition(part)));

export const writeOrder = (orderBy: OrderBy): string[] =>
  orderBy.map(({ column, direction }) => `${writeColumn(column)}${direction === 'desc' ? ' desc' : ''}`);
