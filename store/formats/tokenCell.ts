import { LIMITS } from '@rolloscope/contract';
import { jsonBytes } from '../json/jsonBytes';

/** Decimals that are kept of numbers a token: a float of 32 bits has no more of a log probability. */
const DECIMALS = 1e6;

/** The name of per-token data that is not taken, as it is told. */
const TOO_MANY_TOKENS = 'tokens of rollouts, where they are more than a cell takes';

type Numbers = ArrayLike<unknown>;

/**
 * A cell of the role `tokens` of lists side by side. Lists of another length than the first are left out: nothing tells
 * which of their numbers belong to which token. Undefined where there is no more than ids and a mask, which say nothing
 * by themselves, or where it would be larger than a cell may be, which `leave` is told.
 */
export function tokenCell(
  lists: Readonly<Record<string, unknown>>,
  leave: (name: string) => void,
): Record<string, unknown[]> | undefined {
  const all = Object.entries(lists).filter(
    (entry): entry is [string, Numbers] => isList(entry[1]) && entry[1].length > 0,
  );
  const length = all[0]?.[1].length;
  const kept = all.filter(([, list]) => list.length === length);
  for (const [name] of all.filter(([, list]) => list.length !== length)) {
    leave(`${name} of tokens, of another length than the others`);
  }
  if (!kept.some(([name]) => name !== 'id' && name !== 'mask')) {
    return undefined;
  }
  // The shortest that it could be: what is far too large is not written to see by how much.
  if ((length ?? 0) * kept.length * 2 > LIMITS.cellBytes) {
    leave(TOO_MANY_TOKENS);
    return undefined;
  }
  const cell = Object.fromEntries(kept.map(([name, list]) => [name, Array.from(list, numberOf)]));
  if (jsonBytes(cell, LIMITS.cellBytes) > LIMITS.cellBytes) {
    leave(TOO_MANY_TOKENS);
    return undefined;
  }
  return cell;
}

const isList = (value: unknown): value is Numbers => Array.isArray(value) || value instanceof Float32Array;

/** Masks are 0 and 1; NaN stands for nothing in lists of floats. */
function numberOf(value: unknown): unknown {
  if (typeof value === 'boolean') {
    return Number(value);
  }
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return typeof value === 'string' ? value : null;
  }
  return Number.isInteger(value) || !Number.isFinite(value) ? value : Math.round(value * DECIMALS) / DECIMALS;
}
