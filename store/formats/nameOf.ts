import { LIMITS } from '@rolloscope/contract';

/** An id or a name that is not empty, cut to what a name may have. */
export function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? [...value].slice(0, LIMITS.nameChars).join('') : undefined;
}

/** Says whether a text may be an id or a name as it is: one that is put together of others may be too long. */
export const isName = (text: string) => nameOf(text) === text;
