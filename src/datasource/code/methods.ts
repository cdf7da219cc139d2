import { SEARCH_MODES } from '@rolloscope/contract/names';
import type { OrderBy } from '@rolloscope/contract/types';
import { REDUCTIONS, type StoreQuery } from '../query';
import { type Offer, words } from './Offer';
import { needColumn, parseAlternatives, parseDirection } from './parseFilter';
import type { Scanner } from './Scanner';

type QueryType = StoreQuery['queryType'];

/** A method that may follow the selector: `.name(…)`. */
export interface Method {
  name: string;
  /** The method as one writes it, with an example. */
  example: string;
  about: string;
  /** The queries that have it. */
  of: readonly QueryType[];
  /** Reads what stands between the brackets, the opening one read already, up to the closing one. */
  parse(scanner: Scanner): Record<string, unknown>;
}

const COLUMN: Offer = { of: 'column' };
const VARIABLE: Offer = { of: 'variable' };
const ROWS: readonly QueryType[] = ['rows', 'groups'];

/** Reads exactly one argument, and the closing bracket behind it. */
function one<T>(scanner: Scanner, name: string, read: () => T): T {
  const value = read();
  scanner.need(')', `after .${name}(…`);
  return value;
}

function oneWord<T extends string>(scanner: Scanner, name: string, list: readonly T[]): T {
  scanner.offer(words(list));
  return one(scanner, name, () => {
    const found = list.find((word) => scanner.takeWord(word));
    if (!found) {
      throw scanner.failure(`.${name}(…) takes ${list.join(' or ')}.`);
    }
    return found;
  });
}

/** `10`, `10-20`, `10, 20`, or a text that may hold variables. */
function parseStep(scanner: Scanner): string {
  const from = scanner.takeNumber();
  if (from === undefined) {
    return scanner.needText('A step');
  }
  const to = scanner.takeSymbol('-') ? scanner.takeNumber() : undefined;
  return to === undefined ? String(from) : `${from}-${to}`;
}

function parseSteps(scanner: Scanner): string {
  const steps = scanner.list(')', 'after .step(…', () => {
    scanner.offer(VARIABLE);
    return parseStep(scanner);
  });
  return steps.join(', ');
}

function parseSearch(scanner: Scanner): Record<string, unknown> {
  const text = scanner.needText('What to search for');
  const options: Record<string, unknown> = {};
  while (!scanner.takeSymbol(')')) {
    scanner.need(',', 'or a ) is missing after the text');
    scanner.offer(words(['plain', 'word', 'regex', 'case']));
    scanner.offer({ of: 'words', words: [{ word: 'columns', insert: 'columns=["|"]' }] });
    const mode = SEARCH_MODES.find((word) => scanner.takeWord(word));
    if (mode) {
      options.mode = mode;
    } else if (scanner.takeWord('case')) {
      options.case = true;
    } else if (scanner.takeWord('columns')) {
      scanner.need('=', 'after columns');
      scanner.need('[', 'before the columns');
      options.columns = scanner.list(']', 'after the columns', () => {
        scanner.offer(COLUMN);
        return needColumn(scanner);
      });
    } else {
      throw scanner.failure('A search takes plain, word or regex, case, and columns=["…"].');
    }
  }
  return { search: Object.keys(options).length > 0 ? { text, mode: 'plain', ...options } : text };
}

function parseCompare(scanner: Scanner): Record<string, unknown> {
  const compareTo: Record<string, string> = {};
  scanner.list(')', 'after .compare(…', () => {
    scanner.offer({
      of: 'words',
      words: [
        { word: 'run', insert: 'run=|' },
        { word: 'step', insert: 'step=|' },
      ],
    });
    const key = (['run', 'step'] as const).find((word) => scanner.takeWord(word));
    if (!key) {
      throw scanner.failure('.compare(…) takes run="…", step=…, or both.');
    }
    scanner.need('=', `after ${key}`);
    scanner.offer(key === 'run' ? { of: 'run' } : VARIABLE);
    compareTo[key] = key === 'run' ? scanner.needText('A run') : parseStep(scanner);
  });
  return { compareTo };
}

function parseColumns(scanner: Scanner): string[] {
  return scanner.list(')', 'after .columns(…', () => {
    scanner.offer(COLUMN);
    return needColumn(scanner);
  });
}

const parseOrder = (scanner: Scanner): OrderBy =>
  scanner.list(')', 'after .order(…', () => {
    scanner.offer(COLUMN);
    return parseDirection(scanner, needColumn(scanner));
  });

const none = (name: string, fields: Record<string, unknown>) => (scanner: Scanner) => one(scanner, name, () => fields);

function parseAxis(scanner: Scanner): Record<string, unknown> {
  scanner.offer(words(['step', 'time', 'elapsed', 'auto']));
  scanner.offer({ of: 'metric' });
  return one(scanner, 'x', () => {
    const metric = scanner.takeText();
    if (metric !== undefined) {
      return { x: { by: 'metric', metric } };
    }
    const by = (['step', 'time', 'elapsed', 'auto'] as const).find((word) => scanner.takeWord(word));
    if (!by) {
      throw scanner.failure('.x(…) takes step, time, elapsed, auto, or a "metric".');
    }
    return { x: { by } };
  });
}

const text = (name: string, field: string, offer: Offer, what: string) => (scanner: Scanner) => {
  scanner.offer(offer);
  return one(scanner, name, () => ({ [field]: scanner.needText(what) }));
};

export const METHODS: readonly Method[] = [
  {
    name: 'x',
    example: '.x(time)',
    about: 'The x axis: step, time, elapsed (since the start), or another "metric"; left out, as the panel draws it',
    of: ['metrics'],
    parse: parseAxis,
  },
  {
    name: 'smooth',
    example: '.smooth(0.9)',
    about: 'An exponential average of this weight, corrected for its start; the raw line stays, faint',
    of: ['metrics'],
    parse: (scanner) => {
      scanner.offer(words(['0.6', '0.9', '0.99']));
      scanner.offer(VARIABLE);
      const smoothing = one(scanner, 'smooth', () => scanner.takeNumber() ?? scanner.needText('A weight'));
      if (typeof smoothing === 'number' && !(smoothing > 0 && smoothing < 1)) {
        throw scanner.failureBefore('.smooth(…) takes a weight above 0 and below 1.');
      }
      return { smoothing };
    },
  },
  {
    name: 'reduce',
    example: '.reduce(mean)',
    about: 'How more points than pixels are brought down: extremes keeps dips and peaks',
    of: ['metrics'],
    parse: (scanner) => ({ reduce: oneWord(scanner, 'reduce', REDUCTIONS) }),
  },
  {
    name: 'group',
    example: '.group()',
    about: 'Members of a group as mean ± standard deviation',
    of: ['metrics'],
    parse: none('group', { group: true }),
  },
  {
    name: 'attempts',
    example: '.attempts(all)',
    about: 'Also the points that a resumed run has overtaken',
    of: ['metrics'],
    parse: (scanner) => ({ attempts: oneWord(scanner, 'attempts', ['all']) }),
  },
  {
    name: 'baseline',
    example: '.baseline("id")',
    about: 'A run to draw beside the others, dashed',
    of: ['metrics'],
    parse: text('baseline', 'baseline', { of: 'run' }, 'A run'),
  },
  {
    name: 'mark',
    example: '.mark($step)',
    about: 'The step to mark; for events, the moment of that step',
    of: ['metrics', 'events'],
    parse: (scanner) => {
      scanner.offer(VARIABLE);
      return { mark: one(scanner, 'mark', () => parseStep(scanner)) };
    },
  },
  {
    name: 'legend',
    example: '.legend("{{run}}")',
    about: 'The name of each line, from {{run}}, {{metric}}, {{project}} and {{group}}',
    of: ['metrics'],
    parse: text('legend', 'legend', words(['"{{run}}"', '"{{metric}} of {{run}}"']), 'A name'),
  },
  {
    name: 'step',
    example: '.step(10-20)',
    about: 'Rows of one step, of a range, of several, of $step, or of the step nearest to it: "~$step"',
    of: ROWS,
    parse: (scanner) => ({ step: parseSteps(scanner) }),
  },
  {
    name: 'where',
    example: '.where(reward < 0)',
    about: 'Conditions that all must hold; `or` joins alternatives',
    of: ROWS,
    parse: (scanner) => ({
      filter: scanner.list(')', 'after .where(…', () => {
        scanner.offer(COLUMN);
        return parseAlternatives(scanner, needColumn(scanner), COLUMN, () => VARIABLE);
      }),
    }),
  },
  {
    name: 'search',
    example: '.search("sorry")',
    about: 'In every text; then regex or word, case, columns=["response"]',
    of: ROWS,
    parse: parseSearch,
  },
  {
    name: 'order',
    example: '.order(reward desc)',
    about: 'By columns; prompt groups by mean, sd, min, max, n or change',
    of: ROWS,
    parse: (scanner) => ({ orderBy: parseOrder(scanner) }),
  },
  {
    name: 'columns',
    example: '.columns(step, reward)',
    about: 'Only these columns',
    of: ['rows'],
    parse: (scanner) => ({ columns: parseColumns(scanner) }),
  },
  {
    name: 'limit',
    example: '.limit(100)',
    about: 'At most so many rows in the frame',
    of: ROWS,
    parse: (scanner) => ({ limit: one(scanner, 'limit', () => scanner.needCount('.limit(…)')) }),
  },
  {
    name: 'compare',
    example: '.compare(step=10)',
    about: 'The change against another run, or another step',
    of: ['groups'],
    parse: parseCompare,
  },
  {
    name: 'live',
    example: '.live()',
    about: 'Ask for what came after while runs are running',
    of: ['metrics', 'rows'],
    parse: none('live', { live: true }),
  },
  {
    name: 'all',
    example: '.all()',
    about: 'Also the keys in which the runs agree',
    of: ['compare'],
    parse: none('all', { all: true }),
  },
];
