import { isLargeInteger, LIMITS, NON_FINITE } from '@rolloscope/contract';
import type { LogEntry, MetricValue } from '@rolloscope/contract/types';
import type { LeftOut } from '../formats/LeftOut';
import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';

/** Metrics, parameters and tags of one call, as they go into the store. */
interface ClientBatch {
  entries: LogEntry[];
  params: Map<string, string>;
  tags: Map<string, string>;
}

/** Machine metrics of the client's monitor count samples, and not training steps. */
const SYSTEM = /^system\//;
const LATEST = 8_640_000_000_000_000;

const refuse = (where: string, what: string) => new StoreError('invalid_request', `${where} ${what}.`);

/** Reads the body of `runs/log-batch`. Throws `invalid_request`, so that all of a call is taken or nothing. */
export function readBatch(body: Record<string, unknown>, now: number, leftOut: LeftOut): ClientBatch {
  return {
    entries: readMetrics(readList(body.metrics, 'metrics'), now, leftOut),
    params: readPairs(body.params, 'params', leftOut),
    tags: readPairs(body.tags, 'tags', leftOut),
  };
}

/** Reads `[{"key", "value"}, …]`; a key that comes twice has its last value. */
export function readPairs(value: unknown, where: string, leftOut: LeftOut): Map<string, string> {
  const pairs = new Map<string, string>();
  readList(value, where).forEach((pair, i) => {
    const { key, value: text = '' } = pair;
    if (typeof key !== 'string' || typeof text !== 'string') {
      throw refuse(`${where}[${i}]`, 'must have a key and a value that are strings');
    }
    if (isName(key)) {
      pairs.set(key, text);
    } else {
      leftOut.add(`${where} whose names are empty or too long`, key.slice(0, 200));
    }
  });
  return pairs;
}

/** Points of one step and time go together; `step` is 0 where nobody gave one, as MLflow has it. */
function readMetrics(metrics: Record<string, unknown>[], now: number, leftOut: LeftOut): LogEntry[] {
  const entries: Array<LogEntry & { names: Map<string, MetricValue> }> = [];
  metrics.forEach((metric, i) => {
    const where = `metrics[${i}]`;
    const { key } = metric;
    if (typeof key !== 'string') {
      throw refuse(where, 'must have a key that is a string');
    }
    const value = readValue(metric.value, where);
    const step = whole(metric.step ?? 0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, `${where}.step`);
    const time = whole(metric.timestamp ?? now, 0, LATEST, `${where}.timestamp`);
    if (!isName(key)) {
      leftOut.add('metrics whose names are empty or too long', key.slice(0, 200));
      return;
    }
    const axis = { time, ...(!SYSTEM.test(key) && { step }) };
    const last = entries.at(-1);
    if (last && last.step === axis.step && last.time === time && !last.names.has(key)) {
      last.names.set(key, value);
    } else {
      entries.push({ ...axis, names: new Map([[key, value]]) });
    }
  });
  return entries.map(({ names, ...axis }) => ({ ...axis, metrics: Object.fromEntries(names) }));
}

/** Protocol buffers write numbers that JSON has no word for as texts. */
function readValue(value: unknown, where: string): MetricValue {
  if (typeof value === 'number' && Number.isFinite(value)) {
    return value;
  }
  if ((NON_FINITE as readonly unknown[]).includes(value)) {
    return value as MetricValue;
  }
  if (typeof value === 'string' && isLargeInteger(value)) {
    return Number(value);
  }
  throw refuse(`${where}.value`, 'must be a number');
}

/** Protocol buffers write 64-bit numbers as texts, too. */
function whole(value: unknown, least: number, most: number, where: string): number {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || (number as number) < least || (number as number) > most) {
    throw refuse(where, `must be a whole number from ${least} to ${most}`);
  }
  return number as number;
}

function readList(value: unknown, where: string): Record<string, unknown>[] {
  const list = value ?? [];
  if (!Array.isArray(list) || !list.every(isObject)) {
    throw refuse(where, 'must be a list of objects');
  }
  if (list.length > LIMITS.entries) {
    throw new StoreError('limit_exceeded', `${where} has ${list.length} entries; the limit is ${LIMITS.entries}.`);
  }
  return list;
}

const isName = (key: string) => key !== '' && [...key].length <= LIMITS.nameChars;
