/** The result of one check. */
export interface Finding {
  /** The thing that was looked at, in a word or two. */
  check: string;
  /** `skipped` is what could not be looked at, or what nobody asked for. */
  level: 'ok' | 'warning' | 'problem' | 'skipped';
  /** A sentence: what was found, and what it means. */
  message: string;
  /** Words that say what to do about it. */
  advice?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, level: 'ok', message });
export const warning = (check: string, message: string, advice: string): Finding => ({
  check,
  level: 'warning',
  message,
  advice,
});
export const problem = (check: string, message: string, advice: string): Finding => ({
  check,
  level: 'problem',
  message,
  advice,
});
export const skipped = (check: string, message: string, advice?: string): Finding => ({
  check,
  level: 'skipped',
  message,
  ...(advice !== undefined && { advice }),
});
