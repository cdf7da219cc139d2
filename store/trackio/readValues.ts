import { LIMITS } from '@rolloscope/contract';
import type { LogEntry, LoggedTable, Role } from '@rolloscope/contract/types';
import { byStep } from '../formats/byStep';
import { textOf } from '../formats/coerce';
import { clientTable } from '../formats/completionsTable';
import { tableOfCompletions } from '../formats/evalCompletions';
import type { LeftOut } from '../formats/LeftOut';
import { isObject } from '../formats/readObject';
import { NO_HINTS, type RewardHints } from '../formats/rewardFunctions';
import { scalars } from '../formats/scalars';
import { spanTurns } from '../formats/spanTurns';
import { tableOf } from '../formats/tableOf';
import { readTexts, textsTable } from '../formats/texts';
import { AGENT_ROLES } from '../formats/turns';
import { jsonBytes } from '../json/jsonBytes';
import type { Steps } from '../Turn';
import { readStep } from './readEntry';

/** The metric that counts the training beside what the Trainer of transformers (and so of TRL) logs; it gives no step. */
const TRAINING_STEP = 'train/global_step';

type Media = Record<string, unknown> & { _type: string };
const isMedia = (value: unknown): value is Media => isObject(value) && typeof value._type === 'string';
const isTrace = (value: unknown): value is Media => isMedia(value) && value._type === 'trackio.trace';

/**
 * Reads what one call of `trackio.log` logs: numbers, texts, a table a `trackio.Table`, and a table a key of traces.
 * The step is that of the training where it is logged, too, else trackio's own; rows that have a step are of that. The
 * rest goes to `leftOut`.
 */
export function* readValues(
  values: Record<string, unknown>,
  step: unknown,
  leftOut: LeftOut,
  hints = NO_HINTS,
  isEval = false,
): Steps<LogEntry[]> {
  const plain: [string, unknown][] = [];
  const tables: [string, LoggedTable][] = [];
  for (const [name, value] of Object.entries(values)) {
    const list = Array.isArray(value) ? value.filter((one) => one !== null) : [value];
    const media = list.find(isMedia);
    const traces = list.filter(isTrace);
    if (media === undefined) {
      plain.push([name, value]);
    } else if (traces.length > 0) {
      tables.push([
        name,
        yield* readTable(traces.map(traceRow), leftOut, hints, traces.some(hasSpans) ? AGENT_ROLES : {}),
      ]);
    } else if (media._type === 'trackio.table' && Array.isArray(media._value)) {
      tables.push([name, yield* readTable(media._value.filter(isObject), leftOut, hints)]);
    } else if (media._type === 'trackio.markdown') {
      plain.push([name, media._value]);
    } else {
      leftOut.add(media._type, name);
    }
  }
  const { metrics, others } = scalars(Object.fromEntries(plain));
  const { texts, oversized } = readTexts(others);
  for (const name of oversized) {
    leftOut.add('oversized values', name);
  }
  const own = readStep(metrics[TRAINING_STEP]) ?? readStep(step);
  if (own === undefined && step !== null && step !== undefined) {
    leftOut.add('steps that are no whole numbers', textOf(step));
  }
  const entries: LogEntry[] = [{ ...at(own), metrics }];
  if (Object.keys(texts).length > 0) {
    entries.push({ ...at(own), tables: textsTable(Object.entries(texts)) });
  }
  for (const [name, table] of tables.filter(([, { rows }]) => rows.length > 0)) {
    if (name === '' || [...name].length > LIMITS.nameChars || table.columns.length > LIMITS.columns) {
      leftOut.add(`tables of more than ${LIMITS.columns} columns, or whose name is too long`, name.slice(0, 200));
    } else {
      entries.push(...(yield* byStep(tableOfCompletions(name, isEval), table, own)));
    }
  }
  return entries;
}

const at = (step: number | undefined) => (step === undefined ? {} : { step });

const hasSpans = ({ spans }: Record<string, unknown>) => Array.isArray(spans) && spans.length > 0;

/** A trace is a row: its messages, its metadata by name, and its spans, as turns, too, where it has any. */
function traceRow({ messages, metadata, spans }: Media): Record<string, unknown> {
  const turns = spanTurns(spans);
  const own = { messages, ...(hasSpans({ spans }) && { spans }), ...(turns && { turns }) };
  const named = Object.entries(isObject(metadata) ? metadata : {}).map(
    ([name, value]) => [Object.hasOwn(own, name) ? `metadata.${name}` : name, value] as const,
  );
  return { ...own, ...Object.fromEntries(named) };
}

function* readTable(
  records: Record<string, unknown>[],
  leftOut: LeftOut,
  hints: RewardHints,
  roles: Readonly<Record<string, Role>> = {},
): Steps<LoggedTable> {
  for (const [i, record] of records.entries()) {
    const cells = Object.entries(record).map(([column, value]) => {
      const media = (Array.isArray(value) ? value : [value]).find(isMedia);
      const fault = media?._type ?? (isOversized(value) ? 'oversized cells of tables' : undefined);
      if (fault !== undefined) {
        leftOut.add(fault, `the column ${column}`);
      }
      return [column, fault === undefined ? value : null] as const;
    });
    records[i] = Object.fromEntries(cells);
    yield;
  }
  return yield* clientTable(yield* tableOf(records), hints, roles);
}

function isOversized(value: unknown): boolean {
  return jsonBytes(value, LIMITS.cellBytes) > LIMITS.cellBytes;
}
