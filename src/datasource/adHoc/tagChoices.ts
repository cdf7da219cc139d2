import type { AdHocVariableFilter, MetricFindValue } from '@grafana/data';
import { listChoices } from '../choices/listChoices';
import { toFailure } from '../http/failure';
import { NOT_THERE, type StoreClient } from '../http/StoreClient';
import type { RunChoice } from '../query';
import { adHocFilter, keyLabel, runKey } from './adHocFilter';

/** Times and such, which nobody filters by as texts. */
const UNFIT: ReadonlySet<string> = new Set(['createdAt', 'updatedAt', 'finishedAt', 'lastTime']);

const groupOf = (key: string) =>
  key.startsWith('config.') ? 'Config' : key.startsWith('resources.') ? 'Ran on' : 'Run';

/** Chooses the runs that the other filters leave. */
const among = (filters: readonly AdHocVariableFilter[]): RunChoice => ({ by: 'filter', where: adHocFilter(filters) });

/** Returns an empty list where no run is there (any more); throws any other failure. */
async function orNone(list: Promise<MetricFindValue[]>): Promise<MetricFindValue[]> {
  try {
    return await list;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code && NOT_THERE.has(failure.code)) {
      return [];
    }
    throw failure;
  }
}

/** The keys that a filter can be about: attributes of runs, what they ran on, and their config. */
export const tagKeys = (client: StoreClient, filters: readonly AdHocVariableFilter[]): Promise<MetricFindValue[]> =>
  orNone(
    listChoices(client, { kind: 'keys', runs: among(filters) }).then((keys) =>
      keys
        .filter(({ value }) => !UNFIT.has(value))
        .map(({ value }) => ({ text: keyLabel(value), value, group: groupOf(value) })),
    ),
  );

/** The values under a key, the most frequent first. */
export const tagValues = (
  client: StoreClient,
  key: string,
  filters: readonly AdHocVariableFilter[],
): Promise<MetricFindValue[]> =>
  orNone(
    listChoices(client, { kind: 'values', key: runKey(key), runs: among(filters) }).then((values) =>
      values.map(({ value }) => ({ text: value, value })),
    ),
  );
