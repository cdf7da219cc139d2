import type { Filter, OrderBy } from '@rolloscope/contract/types';
import { RUN_FIELDS, type RunChoice, type RunField, type Texts } from '../query';
import { CodeError } from './CodeError';
import type { Offer } from './Offer';
import { isComparison, needColumn, parseAlternatives, parseDirection, writeFilter, writeOrder } from './parseFilter';
import type { Scanner } from './Scanner';
import { quote } from './words';

const CHOICES: Offer = {
  of: 'words',
  words: [
    ...RUN_FIELDS.map((field) => ({ word: field, insert: `${field}="|"`, about: '* stands for any text' })),
    { word: 'newest', insert: 'newest=|', about: 'at most so many, the newest first' },
    { word: 'limit', insert: 'limit=|', about: 'at most so many, in an order of your own' },
    { word: 'order', insert: 'order=|', about: 'by a run attribute, config or summary' },
  ],
};
const KEYS: Offer = { of: 'runKey' };

type Filtered = Extract<RunChoice, { by: 'filter' }>;

interface Choice {
  ids?: string[];
  where: Filter;
  fields: Omit<Filtered, 'by' | 'where'>;
}

const isRunField = (word: string): word is RunField => RUN_FIELDS.some((field) => field === word);

function parseTexts(scanner: Scanner, field: RunField): Texts {
  scanner.offer({ of: 'runValue', key: field });
  if (!scanner.takeSymbol('[')) {
    return scanner.needText('A value');
  }
  return scanner.list(']', 'after the list', () => {
    scanner.offer({ of: 'runValue', key: field });
    return scanner.needText('A value');
  });
}

function parseOrder(scanner: Scanner): OrderBy {
  const one = () => {
    scanner.offer(KEYS);
    return parseDirection(scanner, needColumn(scanner));
  };
  return scanner.takeSymbol('[') ? scanner.list(']', 'after the list', one) : [one()];
}

/** `name=…`, when one of the words that take a value comes; false where it is a condition. */
function parseSetting(scanner: Scanner, word: string, from: number, fields: Choice['fields']): boolean {
  const isLimit = word === 'newest' || word === 'limit';
  if (!(isRunField(word) || isLimit || word === 'order') || !scanner.takeSymbol('=')) {
    return false;
  }
  const target = isLimit ? 'limit' : word === 'order' ? 'orderBy' : word;
  if (target in fields) {
    throw new CodeError(`${word} is given twice.`, from, from + word.length);
  }
  if (isRunField(word)) {
    fields[word] = parseTexts(scanner, word);
  } else if (isLimit) {
    fields.limit = scanner.needCount(word);
  } else {
    fields.orderBy = parseOrder(scanner);
  }
  return true;
}

function parseArgument(scanner: Scanner, choice: Choice): void {
  const from = scanner.at;
  for (const offer of [{ of: 'run' } as const, CHOICES, KEYS]) {
    scanner.offer(offer);
  }
  if (scanner.takeSymbol('[')) {
    const ids = scanner.list(']', 'after the list', () => scanner.needText('A run'));
    choice.ids = [...(choice.ids ?? []), ...ids];
    return;
  }
  const text = scanner.takeText();
  if (text !== undefined && !isComparison(scanner)) {
    choice.ids = [...(choice.ids ?? []), text];
    return;
  }
  const word = text ?? needColumn(scanner);
  if (text === undefined && parseSetting(scanner, word, from, choice.fields)) {
    return;
  }
  choice.where.push(parseAlternatives(scanner, word, KEYS, (key) => ({ of: 'runValue', key })));
}

/** Reads what stands between the brackets of `runs(…)`, the opening one read already. */
export function parseRuns(scanner: Scanner): RunChoice {
  const start = scanner.at;
  const choice: Choice = { where: [], fields: {} };
  for (const offer of [{ of: 'run' } as const, CHOICES, KEYS]) {
    scanner.offer(offer);
  }
  scanner.list(')', 'after the runs', () => parseArgument(scanner, choice));
  const where = choice.where.length > 0 ? { where: choice.where } : {};
  if (!choice.ids) {
    return { by: 'filter', ...choice.fields, ...where };
  }
  const [mixed] = Object.keys(choice.fields);
  if (mixed) {
    const way = `with conditions such as ${mixed === 'orderBy' || mixed === 'limit' ? 'state' : mixed} == "…"`;
    throw new CodeError(`Runs named by id are narrowed ${way}, not by ${mixed}=.`, start, scanner.at);
  }
  return { by: 'id', ids: choice.ids, ...where };
}

const writeTexts = (texts: Texts) => (typeof texts === 'string' ? quote(texts) : `[${texts.map(quote).join(', ')}]`);

/** The brackets of `runs(…)`. */
export function writeRuns(runs: RunChoice): string {
  if (runs.by === 'id') {
    return `(${[...(runs.ids.length > 0 ? runs.ids.map(quote) : ['[]']), ...writeFilter(runs.where)].join(', ')})`;
  }
  const { orderBy, limit } = runs;
  const fields = RUN_FIELDS.flatMap((field) => {
    const texts = runs[field];
    return texts === undefined ? [] : [`${field}=${writeTexts(texts)}`];
  });
  const order = orderBy ? writeOrder(orderBy) : [];
  return `(${[
    ...fields,
    ...writeFilter(runs.where),
    ...(order.length > 0 ? [`order=${order.length === 1 ? order[0] : `[${order.join(', ')}]`}`] : []),
    ...(limit !== undefined ? [`${order.length > 0 ? 'limit' : 'newest'}=${limit}`] : []),
  ].join(', ')})`;
}
