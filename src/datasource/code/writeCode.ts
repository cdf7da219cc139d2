import type { Search } from '@rolloscope/contract/types';
import type { GroupsQuery, MetricsQuery, RowsQuery, RunChoice, StoreQuery } from '../query';
import { writeFilter, writeOrder } from './parseFilter';
import { writeRuns } from './parseRuns';
import { quote, writeColumn } from './words';

/** A line that is longer is broken before its methods. */
const WIDTH = 80;

const keys = (names: readonly string[]) => `[${names.map(quote).join(', ')}]`;

/** A step as it is read back to the same text. */
const step = (text: string) => {
  const range = /^(-?\d+)-(\d+)$/.exec(text);
  const isPlain = (number: string | undefined) =>
    number !== undefined && String(Number(number)) === number && Number.isSafeInteger(Number(number));
  return isPlain(text) || (range && isPlain(range[1]) && isPlain(range[2])) ? text : quote(text);
};

function axis(x: MetricsQuery['x']): string[] {
  return x.by === 'auto' ? [] : [`.x(${x.by === 'metric' ? quote(x.metric) : x.by})`];
}

const given = (value: unknown, text: string): string[] => (value === undefined ? [] : [text]);

function metrics(query: MetricsQuery): string[] {
  const { reduce, smoothing, group, attempts, baseline, mark, legend, live } = query;
  return [
    ...axis(query.x),
    ...given(smoothing, `.smooth(${typeof smoothing === 'string' ? quote(smoothing) : smoothing})`),
    ...given(reduce, `.reduce(${reduce})`),
    ...given(group, '.group()'),
    ...given(attempts, '.attempts(all)'),
    ...given(baseline, `.baseline(${quote(baseline ?? '')})`),
    ...given(mark, `.mark(${step(mark ?? '')})`),
    ...given(legend, `.legend(${quote(legend ?? '')})`),
    ...given(live, '.live()'),
  ];
}

function search(given: Search): string {
  if (typeof given === 'string') {
    return quote(given);
  }
  const columns = given.columns ? [`columns=[${given.columns.map(writeColumn).join(', ')}]`] : [];
  return [quote(given.text), given.mode, ...(given.case ? ['case'] : []), ...columns].join(', ');
}

const ofTable = (query: RowsQuery | GroupsQuery): string[] => [
  ...given(query.step, `.step(${step(query.step ?? '')})`),
  ...given(query.filter, `.where(${writeFilter(query.filter).join(', ')})`),
  ...given(query.search, `.search(${search(query.search ?? '')})`),
];

function compareTo({ run, step: at }: NonNullable<GroupsQuery['compareTo']>): string {
  return [...given(run, `run=${quote(run ?? '')}`), ...given(at, `step=${step(at ?? '')}`)].join(', ');
}

/** Writes what stands behind the runs: the selector, then its methods. */
function parts(query: StoreQuery): string[] {
  switch (query.queryType) {
    case 'metrics':
      return [`.history${keys(query.metrics)}`, ...metrics(query)];
    case 'rows':
      return [
        `.${query.rows === 'latest' ? 'summary' : 'history'}${keys([query.table])}`,
        ...ofTable(query),
        ...given(query.orderBy, `.order(${writeOrder(query.orderBy ?? []).join(', ')})`),
        ...given(query.columns, `.columns(${(query.columns ?? []).map(writeColumn).join(', ')})`),
        ...given(query.limit, `.limit(${query.limit})`),
        ...given(query.live, '.live()'),
      ];
    case 'groups': {
      const { orderBy } = query;
      return [
        `.groups${keys([query.table])}`,
        ...ofTable(query),
        ...given(query.compareTo, `.compare(${compareTo(query.compareTo ?? {})})`),
        ...(orderBy ? [`.order(${orderBy.by}${orderBy.direction === 'desc' ? ' desc' : ''})`] : []),
        ...given(query.limit, `.limit(${query.limit})`),
      ];
    }
    case 'runs':
      return query.metrics ? [`.summary${keys(query.metrics)}`] : [];
    case 'compare':
      return ['.config', ...given(query.all, '.all()')];
    case 'status':
      return [`.status${keys([query.accuracy])}`];
    case 'events':
      return [
        `.events${query.types ? keys(query.types) : ''}`,
        ...given(query.mark, `.mark(${step(query.mark ?? '')})`),
      ];
  }
}

/** A query as a text that reads back to the same query; `defaultRuns` is what a bare `runs` stands for. */
export function writeCode(query: StoreQuery, defaultRuns: RunChoice): string {
  const [selector = '', ...methods] = parts(query);
  const isDefault = JSON.stringify(query.runs) === JSON.stringify(defaultRuns);
  const head = `runs${isDefault ? '' : writeRuns(query.runs)}${selector}`;
  const line = head + methods.join('');
  return line.length <= WIDTH ? line : [head, ...methods.map((method) => `  ${method}`)].join('\n');
}
