import { nameOf } from '../formats/nameOf';
import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';
import type { RunKey } from './RunKey';

/** One call of `trackio.log` or `trackio.log_system`. */
export interface Entry {
  run: RunKey;
  values: Record<string, unknown>;
  /** The step as it came; a number that is no step of the contract is none. */
  step: unknown;
  /** Epoch milliseconds; only what was kept while the store was away has one. */
  time?: number;
  /** Tells the call from all others, however often it comes. */
  logId?: string;
  /** Comes with the first call of a client's process. */
  config?: Record<string, unknown>;
}

/** Throws `invalid_request` for what no trackio client sends. */
export function readEntry(entry: Record<string, unknown>): Entry {
  const { metrics, step, timestamp, log_id: id, config } = entry;
  if (!isObject(metrics)) {
    throw new StoreError('invalid_request', 'metrics must be an object.');
  }
  const time = readTime(timestamp);
  const logId = nameOf(id);
  return {
    run: readRunKey(entry),
    values: metrics,
    step,
    ...(time !== undefined && { time }),
    ...(logId !== undefined && { logId }),
    ...(isObject(config) && { config }),
  };
}

/** Throws `invalid_request` for an entry that names no run. */
export function readRunKey({ project, run, run_id: id }: Record<string, unknown>): RunKey {
  const [projectName, name] = [nameOf(project), nameOf(run)];
  if (projectName === undefined || name === undefined) {
    throw new StoreError('invalid_request', 'An entry must have project and run, both of them names.');
  }
  const key = { project: projectName, name, id: nameOf(id) ?? name };
  // Lone surrogates would not be found again under the name that is stored.
  return { project: key.project.toWellFormed(), name: key.name.toWellFormed(), id: key.id.toWellFormed() };
}

/** Reads an ISO timestamp, which is of UTC where it does not say, as epoch milliseconds. */
export function readTime(timestamp: unknown): number | undefined {
  if (typeof timestamp !== 'string') {
    return undefined;
  }
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`);
  return time >= 0 ? time : undefined;
}

export const readStep = (step: unknown): number | undefined =>
  Number.isSafeInteger(step) ? (step as number) : undefined;
