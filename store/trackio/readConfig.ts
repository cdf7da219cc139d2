import { LIMITS } from '@rolloscope/contract';
import type { RunPut } from '@rolloscope/contract/types';
import { nameOf } from '../formats/nameOf';
import { readTime } from './readEntry';

/** A run's config as trackio clients send it: group and time of creation are among it, under names that begin with `_`. */
export function readConfig(config: Record<string, unknown>): Omit<RunPut, 'project'> {
  const { _Group, _Created, ...values } = config;
  const group = nameOf(_Group);
  const startedAt = readTime(_Created);
  const kept = Object.entries(values).filter(
    ([key, value]) => value !== null && key !== '' && [...key].length <= LIMITS.nameChars,
  );
  return {
    ...(group !== undefined && { group }),
    ...(startedAt !== undefined && { startedAt }),
    ...(kept.length > 0 && { config: Object.fromEntries(kept) }),
  };
}
