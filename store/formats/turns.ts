import { type Role, readTurns } from '@rolloscope/contract';
import type { Turn } from '@rolloscope/contract/types';
import { isObject } from './readObject';

/** Roles of the columns under which adapters give turns and per-token data. */
export const AGENT_ROLES: Readonly<Record<string, Role>> = { turns: 'turns', tokens: 'tokens' };

/** Epoch milliseconds of epoch seconds, to the microsecond; undefined for what is none, such as a 0 for never. */
export const secondsAt = (seconds: unknown): number | undefined =>
  typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds) ? Math.round(seconds * 1e6) / 1e3 : undefined;

/** Puts an error into one line, however a trainer wrote it; undefined where there is none. */
export function errorText(error: unknown): string | undefined {
  if (typeof error === 'string') {
    return error === '' ? undefined : error;
  }
  if (!isObject(error)) {
    return undefined;
  }
  const said = [error.type ?? error.error_type ?? error.code, error.message].filter((one) => typeof one === 'string');
  return said.length > 0 ? said.join(': ') : JSON.stringify(error);
}

type Loose = { [K in keyof Turn]?: unknown };

/** Turns of what a trainer says of them, without what is not there or not sound; undefined where there is none. */
export function soundTurns(turns: readonly Loose[]): Turn[] | undefined {
  const read = readTurns(turns.map((turn) => Object.fromEntries(Object.entries(turn).filter(isThere))));
  return read && [...read.turns];
}

const isThere = ([, value]: [string, unknown]) => value !== undefined && value !== null;

/** The turns in the order of their starts; as they are where one of them has none. */
export const inTime = <T extends { start?: unknown }>(turns: readonly T[]): T[] =>
  turns.every(({ start }) => typeof start === 'number')
    ? turns.toSorted((a, b) => Number(a.start) - Number(b.start))
    : [...turns];
