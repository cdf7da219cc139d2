import { GROUP_ORDERS } from '@rolloscope/contract/names';
import { migrate, panelFields } from '../migrate';
import type { RunChoice, StoreQuery } from '../query';
import { CodeError } from './CodeError';
import { METHODS, type Method } from './methods';
import { nearest } from './nearest';
import type { Offer } from './Offer';
import { parseRuns } from './parseRuns';
import { Scanner } from './Scanner';

type QueryType = StoreQuery['queryType'];

/** The facts that a text is read against. */
export interface CodeContext {
  /** The query that the text replaces: it keeps its place, and says what a key was before. */
  current: StoreQuery;
  /** The runs that a bare `runs` stands for. */
  defaultRuns: RunChoice;
  /** Says what the store has under a name; undefined where that is not known. */
  kindOf?(name: string): 'table' | 'metric' | undefined;
}

const SELECTORS = ['history', 'summary', 'groups', 'config', 'status', 'events'] as const;
type Selector = (typeof SELECTORS)[number];

const OFFERED: Offer = {
  of: 'words',
  words: [
    { word: 'history', insert: 'history["|"]', about: 'A metric or a table, all steps' },
    { word: 'summary', insert: 'summary["|"]', about: "A table's latest rows, or metrics' last values by run" },
    { word: 'groups', insert: 'groups["|"]', about: "A table's prompt groups" },
    { word: 'config', about: 'The config of the runs side by side' },
    { word: 'status', insert: 'status["|"]', about: 'How one run is doing, by its accuracy' },
    { word: 'events', about: 'Run events' },
  ],
};
const KEYS: Readonly<Record<Selector, Offer>> = {
  history: { of: 'history' },
  summary: { of: 'summary' },
  groups: { of: 'table' },
  config: { of: 'words', words: [] },
  status: { of: 'metric' },
  events: { of: 'event' },
};

interface Call {
  method: Method;
  from: number;
  to: number;
  fields: Record<string, unknown>;
}

/** A code query as far as it was read; filled while reading, so that completion knows what came before. */
export class Parsed {
  runs: RunChoice | undefined;
  selector: Selector | undefined;
  keys: string[] | undefined;
  readonly calls: Call[] = [];
  private selectorFrom = 0;
  private selectorTo = 0;

  constructor(
    readonly scanner: Scanner,
    private readonly context: CodeContext,
  ) {}

  /** Reads the whole text. Throws a `CodeError`. */
  read(): void {
    const { scanner } = this;
    scanner.offer({ of: 'words', words: [{ word: 'runs' }] });
    if (!scanner.takeWord('runs')) {
      throw scanner.failure('A query begins with runs, such as runs.history["eval/accuracy/mean"].');
    }
    scanner.offer({ of: 'words', words: [{ word: '(', insert: '(|)', about: 'Which runs' }] });
    this.runs = scanner.takeSymbol('(') ? parseRuns(scanner) : this.context.defaultRuns;
    this.readSelector();
    while (!scanner.isAtEnd) {
      this.readCall();
    }
  }

  private readSelector(): void {
    const { scanner } = this;
    if (scanner.isAtEnd) {
      return;
    }
    this.selectorFrom = scanner.at;
    scanner.need('.', 'after runs');
    scanner.offer(OFFERED);
    const selector = SELECTORS.find((word) => scanner.takeWord(word));
    if (!selector) {
      const word = scanner.peek(/\w*/) ?? '';
      throw scanner.failure(`runs.${word} is none: ${nearest(word, SELECTORS, 'runs.')}`);
    }
    this.selector = selector;
    if (selector !== 'config' && scanner.takeSymbol('[')) {
      this.keys = scanner.list(']', 'after the name', () => {
        scanner.offer(KEYS[selector]);
        return scanner.needText('A name');
      });
    } else if (selector !== 'config' && selector !== 'events') {
      throw scanner.failure(`A ["name"] is missing after runs.${selector}.`);
    }
    this.selectorTo = scanner.at;
  }

  private readCall(): void {
    const { scanner } = this;
    const from = scanner.at;
    if (scanner.peek(/[)\]]/)) {
      throw scanner.failure(`One ${scanner.text[from]} too many.`);
    }
    scanner.need('.', 'before the next part');
    const fitting = METHODS.filter(({ of }) => of.some((type) => this.possible().includes(type)));
    scanner.offer({
      of: 'words',
      words: fitting.map(({ name, example, about }) => ({
        word: name,
        insert: example.endsWith('()') ? `${name}()` : `${name}(|)`,
        about,
      })),
    });
    const word = scanner.peek(/\w*/) ?? '';
    const method = METHODS.find(({ name }) => name === word);
    if (!method) {
      const names = fitting.map(({ name }) => name);
      throw scanner.failure(`.${word} is none: ${nearest(word, names, '.')}`);
    }
    scanner.takeWord(word);
    scanner.need('(', `after .${word}`);
    this.calls.push({ method, from, fields: method.parse(scanner), to: scanner.at });
  }

  /** The types that the selector can stand for. */
  private possible(): QueryType[] {
    switch (this.selector) {
      case undefined:
        return ['runs'];
      case 'history':
        return ['metrics', 'rows'];
      case 'summary':
        return ['rows', 'runs'];
      case 'config':
        return ['compare'];
      default:
        return [this.selector];
    }
  }

  /** A name may be a metric or a table: what follows says which, else what it was before, else the store. */
  private type(): QueryType {
    const possible = this.possible();
    const { keys = [] } = this;
    const [key = ''] = keys;
    const told = possible.filter((type) => this.calls.every(({ method }) => method.of.includes(type)));
    if (possible.length === 1 || told.length === 1) {
      return told[0] ?? possible[0] ?? 'metrics';
    }
    const { current, kindOf } = this.context;
    const [ofMetrics, ofTable] =
      this.selector === 'history' ? (['metrics', 'rows'] as const) : (['runs', 'rows'] as const);
    const was = current.queryType === 'rows' ? [current.table] : 'metrics' in current ? (current.metrics ?? []) : [];
    if (possible.includes(current.queryType) && JSON.stringify(was) === JSON.stringify(keys)) {
      return current.queryType;
    }
    if (keys.length !== 1 || key.includes('*')) {
      return ofMetrics;
    }
    const kind = kindOf?.(key);
    return kind === 'table'
      ? ofTable
      : kind === 'metric'
        ? ofMetrics
        : possible.includes(current.queryType)
          ? current.queryType
          : ofMetrics;
  }

  /** The query that was read. Throws a `CodeError` where parts do not go together. */
  toQuery(): StoreQuery {
    const queryType = this.type();
    const fields: Record<string, unknown> = {};
    for (const { method, from, to, fields: own } of this.calls) {
      if (!method.of.includes(queryType)) {
        const names = METHODS.filter(({ of }) => of.includes(queryType)).map(({ name }) => `.${name}`);
        const here = names.length > 0 ? `here come ${names.join(', ')}` : 'nothing comes here';
        throw new CodeError(`.${method.name} is not for ${queryType}: ${here}.`, from, to);
      }
      if (Object.keys(own).some((key) => key in fields)) {
        throw new CodeError(`.${method.name} is given twice.`, from, to);
      }
      Object.assign(fields, queryType === 'groups' ? groupOrder(own, from, to) : own);
    }
    const { current } = this.context;
    return migrate({
      ...panelFields(current),
      queryType,
      runs: this.runs,
      ...this.selected(queryType),
      ...fields,
    } as never);
  }

  private selected(queryType: QueryType): Record<string, unknown> {
    const { keys, selector } = this;
    const [first, second] = keys ?? [];
    if ((queryType === 'rows' || queryType === 'groups' || queryType === 'status') && second !== undefined) {
      const what = queryType === 'status' ? 'one metric' : 'one table';
      throw new CodeError(`runs.${selector} reads ${what} at a time.`, this.selectorFrom, this.selectorTo);
    }
    switch (queryType) {
      case 'metrics':
      case 'runs':
        return { metrics: keys };
      case 'rows':
        return { table: first, rows: selector === 'summary' ? 'latest' : 'all' };
      case 'groups':
        return { table: first };
      case 'status':
        return { accuracy: first };
      case 'events':
        return { types: keys };
      case 'compare':
        return {};
    }
  }
}

/** Prompt groups are ordered by one of a few numbers. */
function groupOrder(fields: Record<string, unknown>, from: number, to: number): Record<string, unknown> {
  const { orderBy } = fields as { orderBy?: Array<{ column: string; direction: string }> };
  if (!orderBy) {
    return fields;
  }
  const [first, second] = orderBy;
  const by = GROUP_ORDERS.find((one) => one === first?.column);
  if (!first || second || !by) {
    throw new CodeError(`Prompt groups are ordered by one of ${GROUP_ORDERS.join(', ')}.`, from, to);
  }
  return { orderBy: { by, direction: first.direction } };
}

/** The query that a text writes. Throws a `CodeError` that says where it is wrong. */
export function parseCode(text: string, context: CodeContext): StoreQuery {
  const parsed = new Parsed(new Scanner(text), context);
  parsed.read();
  return parsed.toQuery();
}
