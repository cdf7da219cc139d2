import { NO_HINTS, type RewardHints, rewardHints } from '../formats/rewardFunctions';
import type { RunEntry } from './RunEntry';

/** Gives what a run has logged so far that tells its reward functions. */
export const rewardHintsOf = (entry: RunEntry | undefined): RewardHints =>
  entry ? rewardHints(entry.latest.keys(), entry.record.config) : NO_HINTS;
