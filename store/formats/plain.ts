import { columnRoles } from './columnRoles';
import { byName, type FileKind, type Format, isObject, type TakeContext } from './Format';
import { epochMilliseconds } from './rolloutTable';
import { scalars } from './scalars';

const STEPS = ['step', 'global_step', '_step', 'trainer/global_step', 'train/global_step', 'iteration'];
const TIMES = ['time', 'timestamp', '_timestamp'];
const TEXTS: ReadonlySet<unknown> = new Set(['prompt', 'response', 'messages']);

/**
 * Records that say nothing of their trainer. One that has a prompt, a response or messages is a rollout; any other is
 * metrics of a step. `--columns` chooses and renames, `--table` makes rows of everything.
 */
function take(record: Record<string, unknown>, { options, place, leave }: TakeContext) {
  const chosen = options.columns ? choose(record, options.columns, leave) : record;
  const own = (names: readonly string[]) => names.find((name) => name in chosen);
  const [stepName, timeName] = [own(STEPS), own(TIMES)];
  const step = stepName === undefined ? place.step : wholeNumber(chosen[stepName]);
  const at = timeName === undefined ? undefined : chosen[timeName];
  const time =
    typeof at === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(at) ? Date.parse(at) || undefined : epochMilliseconds(at);
  const when = { ...(step !== undefined && { step }), ...(time !== undefined && { time }) };
  const used = new Set([...(step === undefined ? [] : [stepName]), ...(time === undefined ? [] : [timeName])]);
  const data = Object.fromEntries(Object.entries(chosen).filter(([name]) => !used.has(name)));
  const columns = Object.keys(data);
  if (options.table !== undefined || columnRoles(columns).some(({ role }) => TEXTS.has(role))) {
    const rows = [columns.map((name) => data[name] ?? null)];
    return [{ kind: 'rows' as const, table: options.table ?? 'rollouts', ...when, columns, rows }];
  }
  const { metrics, others } = scalars(data);
  Object.keys(others).forEach(leave);
  return [{ kind: 'metrics' as const, ...when, metrics }];
}

function choose(record: Record<string, unknown>, columns: ReadonlyMap<string, string>, leave: (name: string) => void) {
  const chosen = [...columns].map(([ours, theirs]) => [ours, reach(record, theirs)] as const);
  const roots = new Set([...columns.values()].flatMap((theirs) => [theirs, theirs.split('.')[0] ?? '']));
  Object.keys(record)
    .filter((name) => !roots.has(name))
    .forEach(leave);
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined));
}

/** The value under a name, or under a path with dots through objects. */
function reach(record: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(record, path)) {
    return record[path];
  }
  let value: unknown = record;
  for (const name of path.split('.')) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

const kind = (label: string, reads: FileKind['reads'], pattern: RegExp): FileKind => ({
  label,
  reads,
  match: byName(pattern),
  take,
});

export const plain: Format = {
  name: 'plain',
  title: 'plain JSONL or CSV',
  isFallback: true,
  files: [
    kind('*.jsonl', 'lines', /\.(?:jsonl|ndjson)$/),
    kind('*.csv', 'csv', /\.csv$/),
    kind('*.parquet', 'parquet', /\.parquet$/),
  ],
};
