import type { RunRecord } from '../engine/Engine';
import type { RunEntry } from './RunEntry';

/** The size of what a run is described with: bytes as JSON, and keys, nested ones counted. */
export interface Size {
  bytes: number;
  keys: number;
}

/** Bytes of memory that a run takes, that a key of its config, a metric and a column of a table take, roughly. */
const RUN = 2_000;
const KEY = 50;
export const METRIC = 150;
export const COLUMN = 100;

/** Sizes of objects that never change: a config is measured once, and not whenever its run logs. */
const measured = new WeakMap<object, Size>();

export function sizeOf(value: unknown): Size {
  if (typeof value !== 'object' || value === null) {
    return { bytes: (JSON.stringify(value) ?? '').length, keys: 0 };
  }
  const size = measured.get(value) ?? { bytes: JSON.stringify(value).length, keys: keysOf(value) };
  measured.set(value, size);
  return size;
}

/** Notes the size of an object that was put together of parts whose sizes are known. */
export function rememberSize(value: object, size: Size): void {
  measured.set(value, size);
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const inner: unknown[] = Object.values(value);
  return inner.reduce((sum: number, one) => sum + keysOf(one), Array.isArray(value) ? 0 : inner.length);
}

/** All that a run is described with. */
export function sizeOfRecord({ config, resources = [], tags, notes = '' }: RunRecord): Size {
  const { bytes, keys } = sizeOf(config);
  return { bytes: bytes + sizeOf(resources).bytes + tags.join().length + notes.length, keys };
}

/** Bytes of memory that a run takes with what it is described with. */
export const memoryOfRecord = (record: RunRecord): number => {
  const { bytes, keys } = sizeOfRecord(record);
  return RUN + 2 * bytes + KEY * keys;
};

/** Bytes of memory that what is known of a run takes, roughly. */
export const memoryOf = ({ record, latest }: Pick<RunEntry, 'record' | 'latest'>): number =>
  memoryOfRecord(record) + METRIC * latest.size;
