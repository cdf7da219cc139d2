import { ALERT_LABELS, INFO_LABELS, RUN_LABELS } from '@rolloscope/contract';
import { ownerOf, runLabels } from '../exposition/labels';
import type { RunEntry } from '../runs/RunEntry';
import type { SeenRuns } from '../runs/SeenRuns';

export type Tags = Record<string, string>;

/** Every tag that some series has. */
export const TAG_KEYS: readonly string[] = [...new Set([...INFO_LABELS, ...ALERT_LABELS, 'state'])];

/** Those that all series of one run share. */
export const RUN_KEYS: readonly string[] = [...RUN_LABELS, 'run_name', 'owner'];

/**
 * Tags of everything about a run. Its name and owner come along, since OpenTSDB has no joins and an alert must say whose
 * it is.
 */
export function runTags(seen: SeenRuns, entry: RunEntry): Tags {
  const { record } = entry;
  return withoutEmpty({ ...runLabels(seen, entry), run_name: record.name, owner: ownerOf(record) });
}

export const withoutEmpty = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
