import { LIMITS } from '@rolloscope/contract';
import type { RunPut } from '@rolloscope/contract/types';
import type { RunRecord } from '../engine/Engine';
import type { LeftOut } from '../formats/LeftOut';
import { rememberSize, type Size, sizeOf, sizeOfRecord } from '../runs/runSize';
import { Beyond } from './Beyond';

type Config = Record<string, unknown>;

/**
 * A run with what it is told to be: fields left out stay, `config` merges key by key, where null deletes; lists replace.
 * Throws `Beyond` for more than may gather over all calls; with `leftOut` that is left out and told there.
 */
export function describeRun(record: RunRecord, put: RunPut, now: number, leftOut?: LeftOut): RunRecord {
  const { project: _, config = {}, startedAt, resources, ...rest } = put;
  const described = { ...record, ...rest };
  if (resources) {
    const others = sizeOfRecord({ ...described, config: {}, resources }).bytes;
    if (fits(others <= LIMITS.runBytes, () => tooLong(others), 'resources', leftOut)) {
      described.resources = resources;
    }
  }
  const room = LIMITS.runBytes - sizeOfRecord({ ...described, config: {} }).bytes;
  return {
    ...described,
    config: mergeConfig(record.config, config, room, leftOut),
    createdAt: startedAt ?? record.createdAt,
    updatedAt: Math.max(record.updatedAt, now),
  };
}

/** `room`: bytes of JSON that the config may have. What was there before stays, even if that is more. */
function mergeConfig(known: Config, given: Config, room: number, leftOut?: LeftOut): Config {
  const entries = Object.entries(given);
  if (entries.length === 0) {
    return known;
  }
  // Keys go through a map, since one such as `__proto__` is a name like any other.
  const merged = new Map(Object.entries(known));
  let { bytes, keys } = sizeOf(known);
  for (const [key, value] of entries) {
    const before = merged.has(key) ? sizeOfEntry(key, merged.get(key)) : NOTHING;
    const most = Math.max(room, bytes) - bytes + before.bytes;
    const after = value === null ? NOTHING : sizeOfEntry(key, value, most);
    const next = { bytes: bytes + after.bytes - before.bytes, keys: keys + after.keys - before.keys };
    const isOneTooMany = next.keys > Math.max(LIMITS.configKeys, keys);
    const isTooLong = next.bytes > Math.max(room, bytes);
    const fault = () => (isOneTooMany ? tooMany(next.keys) : tooLong(next.bytes));
    if (fits(!isOneTooMany && !isTooLong, fault, key, leftOut)) {
      merged.set(key, value);
      ({ bytes, keys } = next);
      if (value === null) {
        merged.delete(key);
      }
    }
  }
  const config = Object.fromEntries(merged);
  rememberSize(config, { bytes, keys });
  return config;
}

const NOTHING: Size = { bytes: 0, keys: 0 };

/** Bytes of a key with its value, and what stands between them and the next. A text beyond `most` is not written to be measured. */
function sizeOfEntry(key: string, value: unknown, most = Number.POSITIVE_INFINITY): Size {
  const isTooLong = typeof value === 'string' && value.length > most;
  const { bytes, keys } = isTooLong ? { bytes: value.length, keys: 0 } : sizeOf(value);
  return { bytes: bytes + JSON.stringify(key).length + 2, keys: keys + 1 };
}

function fits(doesFit: boolean, fault: () => Beyond, name: string, leftOut?: LeftOut): boolean {
  if (!doesFit && !leftOut) {
    throw fault();
  }
  if (!doesFit) {
    leftOut?.add(fault().kind, name);
  }
  return doesFit;
}

const tooMany = (keys: number) =>
  new Beyond('configKeys', 'The run', keys, 'keys of config', 'Join what belongs together into one text.');
const tooLong = (bytes: number) =>
  new Beyond(
    'runBytes',
    'The run',
    bytes,
    'bytes of config, tags and resources',
    'Log long values as rows of a table.',
  );
