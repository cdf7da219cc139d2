import { epochMilliseconds } from './epochMilliseconds';
import { byName, type FileKind, type Format, type Item, isObject, type TakeContext } from './Format';
import { hasTextNames, isRollout } from './isRollout';
import { isValidation } from './isValidation';
import { numberOfText } from './numberOfText';
import { scalars } from './scalars';
import { isEmpty, otherStep, stepField, stepRank, timeField, timeRank, wholeStep } from './stepNames';
import { wrappedRecords } from './wrappedRecords';

/** Steps by these names are the trainer's own beyond doubt; of any other, what was taken is told. */
const SURE_RANK = 2;

/**
 * Records that say nothing of their trainer. One that has a prompt, a response or messages, as texts, is a rollout; any
 * other is metrics of a step. `--columns` chooses and renames, `--table` makes rows of everything.
 */
function take(record: Record<string, unknown>, context: TakeContext): Item[] {
  // Each record of a file with several is one, whatever it holds.
  const { columns, table } = context.options;
  const wrapped = context.head.length > 1 || columns ? undefined : wrappedRecords(record, table !== undefined);
  if (!wrapped) {
    return takeOne(record, context);
  }
  const { name, records, left } = wrapped;
  context.remark(`Its records are those of ${JSON.stringify(name)}.`);
  left.forEach(context.leave);
  return records.flatMap((one, i) => takeOne(one, { ...context, head: records, order: i + 1 }));
}

function takeOne(record: Record<string, unknown>, context: TakeContext): Item[] {
  const { options, place, leave } = context;
  const chosen = options.columns ? choose(record, options.columns, leave) : record;
  const fields = fieldsOf(context);
  const at = fields.time === undefined ? undefined : epochMilliseconds(chosen[fields.time]);
  const isAbsent = fields.step !== undefined && isEmpty(chosen[fields.step]);
  const other = isAbsent ? otherStep(chosen) : undefined;
  const own = other?.step ?? (fields.step === undefined ? place.step : wholeStep(chosen[fields.step]));
  const ofStep = own === undefined ? [] : [fields.step, other?.name];
  const used = new Set([...ofStep, ...(at === undefined ? [] : [fields.time])]);
  const data = Object.fromEntries(Object.entries(chosen).filter(([name]) => !used.has(name)));
  const columns = Object.keys(data);
  const time = at === undefined ? {} : { time: at };
  if (options.table !== undefined || isRollout(data) || (fields.areRollouts && hasTextNames(data))) {
    const rows = [columns.map((name) => data[name] ?? null)];
    const step = own === undefined ? {} : { step: own };
    return [
      { kind: 'rows' as const, table: options.table ?? tableOfPath(place.path), ...step, ...time, columns, rows },
    ];
  }
  const step = own ?? orderOf(fields, context);
  if (step === undefined && fields.step !== undefined && !isEmpty(chosen[fields.step])) {
    context.remark(`${fields.step} is no whole number here: such records are read by time alone.`);
  }
  const { metrics, others } = scalars(numbersOf(namedByFile(data, fields.time, place.path)));
  Object.entries(others)
    .filter(([, value]) => value !== null)
    .forEach(([name]) => {
      leave(name);
    });
  return [{ kind: 'metrics' as const, ...(step !== undefined && { step }), ...time, metrics }];
}

/** Rollouts of an evaluation, told by the file's name or its folder's, are no rows of the training. */
const tableOfPath = (path: string) => (path.split('/').slice(-2).some(isValidation) ? 'eval_rollouts' : 'rollouts');

interface Fields {
  /** The texts of one record may be missing, or look like numbers. */
  areRollouts: boolean;
  step?: string;
  time?: string;
}

/** The fields of each file, by the list of its first records. */
const known = new WeakMap<TakeContext['head'], Fields>();

/** Finds the fields with the step and the time: one rule for all records of a file. */
function fieldsOf({ head, options, remark }: TakeContext): Fields {
  const before = known.get(head);
  if (before) {
    return before;
  }
  const { columns } = options;
  const records = columns ? head.map((record) => choose(record, columns, () => {})) : head;
  const areRollouts = options.table !== undefined || records.some(isRollout);
  const step = stepField(records, !areRollouts);
  const time = timeField(records, (cell) => epochMilliseconds(cell) !== undefined);
  const fields = { areRollouts, ...(step !== undefined && { step }), ...(time !== undefined && { time }) };
  known.set(head, fields);
  if (step !== undefined && (stepRank(step) ?? 0) > SURE_RANK) {
    remark(`${step} is taken for the step.`);
  }
  return fields;
}

/** Where a file of several records has no step at all, their order is what there is. */
function orderOf({ step }: Fields, { head, order, remark, place }: TakeContext): number | undefined {
  if (step !== undefined || place.step !== undefined || head.length < 2) {
    return undefined;
  }
  remark('No step was found in it: the order of its records counts as the step.');
  return order;
}

const numbersOf = (data: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'string' ? (numberOfText(value) ?? value) : value,
    ]),
  );

/** TensorBoard names a metric in the file's name alone: `run-<run>-tag-<metric>.csv`, where it is downloaded. */
function namedByFile(data: Record<string, unknown>, time: string | undefined, path: string): Record<string, unknown> {
  const [only, more] = Object.keys(data);
  if (
    only === undefined ||
    more !== undefined ||
    only.toLowerCase() !== 'value' ||
    time?.toLowerCase() !== 'wall time'
  ) {
    return data;
  }
  const stem = (path.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
  const name = /^run-.*?-tag-(.+)$/.exec(stem)?.[1] ?? stem;
  return { [name === '' ? only : name]: data[only] };
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

const isOfRun = (record: Record<string, unknown>) =>
  hasTextNames(record) ||
  Object.entries(record).some(
    ([name, value]) => typeof value === 'number' || stepRank(name) !== undefined || timeRank(name) !== undefined,
  );

const kind = (label: string, reads: FileKind['reads'], pattern: RegExp, rest: Partial<FileKind> = {}): FileKind => ({
  label,
  reads,
  match: byName(pattern),
  looksAhead: true,
  take,
  ...rest,
});

/** JSON files that say how something is set up, and nothing of what it did. */
const SETTINGS =
  /(?:^|[/_.-])(?:config|args|params|hparams|settings|manifest|metadata|index|schema|package(?:-lock)?|tokenizer|vocab|special_tokens_map|added_tokens|trainer_state|wandb-summary)\.json$/i;

export const plain: Format = {
  name: 'plain',
  title: 'plain JSONL, JSON, CSV or parquet',
  isFallback: true,
  files: [
    kind('*.jsonl', 'lines', /\.(?:jsonl|ndjson)$/),
    kind('*.csv', 'csv', /\.(?:csv|tsv)$/),
    kind('*.parquet', 'parquet', /\.parquet$/),
    kind('*.json', 'values', /\.json$/, {
      match: (path) => (/\.json$/.test(path) && !SETTINGS.test(path) ? { path } : undefined),
      // A document whose every field is a list, a text or an object is somebody's own.
      accepts: (record) => isOfRun(wrappedRecords(record)?.records[0] ?? record),
    }),
  ],
};
