import type { RunPut } from '@rolloscope/contract/types';
import type { LeftOut } from '../formats/LeftOut';
import { nameOf } from '../formats/nameOf';
import { configValue } from './configValue';

/** The key under which the config has a run's id as MLflow clients know it. */
export const RUN_ID = 'mlflow.runId';
export const PARENT = 'mlflow.parentRunId';
const NAME = 'mlflow.runName';
const NOTES = 'mlflow.note.content';
const GROUP = 'group';

const MOST_LABELS = 100;
/** Tags of a run, and characters of one that is remembered; MLflow's servers take 8,000. */
const MOST_TAGS = 1_000;
const LONGEST_TAG = 100_000;
/** Characters of all tags of a run. */
const MOST_TAG_CHARS = 1_000_000;
/** Tags that stand elsewhere than in the config, or that clients note for MLflow's own pages. */
const NOT_CONFIG = new Set([NAME, NOTES, GROUP, PARENT, RUN_ID, 'mlflow.loggedArtifacts', 'mlflow.log-model.history']);

/** Returns parameters as they are in the store's config. Nothing overwrites the run's id. */
export function paramConfig(params: ReadonlyMap<string, string>): Record<string, unknown> {
  const kept = [...params].filter(([key]) => key !== RUN_ID);
  return Object.fromEntries(kept.map(([key, text]) => [key, configValue(text)]));
}

/** A run's tags with those that a client sets; what does not fit is told. */
export function mergeTags(
  known: Readonly<Record<string, string>>,
  tags: ReadonlyMap<string, string>,
  leftOut: LeftOut,
): Record<string, string> {
  const all = new Map(Object.entries(known));
  let chars = [...all].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  for (const [key, value] of tags) {
    const more = value.length - (all.get(key)?.length ?? -key.length);
    if (value.length > LONGEST_TAG) {
      leftOut.add(`tags longer than ${LONGEST_TAG} characters`, key);
    } else if (all.size >= MOST_TAGS && !all.has(key)) {
      leftOut.add(`tags beyond ${MOST_TAGS}`, key);
    } else if (more > 0 && chars + more > MOST_TAG_CHARS) {
      leftOut.add(`tags beyond ${MOST_TAG_CHARS} characters`, key);
    } else {
      chars += more;
      all.set(key, value);
    }
  }
  return Object.fromEntries(all);
}

/**
 * Sorts all tags of a run into the store's fields: MLflow's own go into the config, under their keys; the others, as
 * `key=value`, among the tags where that fits, else into the config, too.
 */
export function tagFields(tags: Readonly<Record<string, string>>): { tags: string[]; config: Record<string, string> } {
  const labels = new Set<string>();
  const config: [string, string][] = [];
  for (const [key, value] of Object.entries(tags)) {
    const label = value === '' ? key : `${key}=${value}`;
    if (NOT_CONFIG.has(key)) {
      continue;
    }
    if (!key.startsWith('mlflow.') && nameOf(label) === label && labels.size < MOST_LABELS) {
      labels.add(label);
    } else {
      config.push([key, value]);
    }
  }
  return { tags: [...labels], config: Object.fromEntries(config) };
}

/** Reads what tags that a client sets say of the run itself. Trinity-RFT tells the runs of one job by `group`. */
export function describedBy(tags: ReadonlyMap<string, string>): Pick<RunPut, 'name' | 'group' | 'notes'> {
  const name = nameOf(tags.get(NAME));
  const group = nameOf(tags.get(GROUP));
  const notes = tags.get(NOTES);
  return {
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(notes !== undefined && { notes: [...notes].slice(0, 10_000).join('') }),
  };
}
