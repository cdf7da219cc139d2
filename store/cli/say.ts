import { disarmed, withoutSecrets } from '../plainText';

/*
 * Everything that a command writes goes through here, line by line: what a line quotes (names of runs, files and columns,
 * messages of a store) neither breaks it nor controls the terminal, and shows no credentials.
 */

/** Goes back to the begin of the line and clears it, where a progress bar may stand. */
const CLEAR_LINE = '\r\u001b[K';

export const shown = (text: string): string => disarmed(withoutSecrets(text));

/** Prints the result of a command, on stdout. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${shown(line)}\n`).join(''));
}

/** Writes what a command has to say beside its result, on stderr. */
export function tell(...lines: readonly string[]): void {
  const clear = process.stderr.isTTY ? CLEAR_LINE : '';
  process.stderr.write(lines.map((line) => `${clear}${shown(line)}\n`).join(''));
}

/** A line that the next one takes the place of, cut to the width of the terminal. */
export function tellForNow(line: string): void {
  process.stderr.write(`${CLEAR_LINE}${shown(line).slice(0, (process.stderr.columns || 80) - 1)}`);
}

/** Returns what an error says: a line, or the several that it was made of. */
export function linesOf(cause: unknown): readonly string[] {
  return cause instanceof SaidInLines ? cause.lines : [cause instanceof Error ? cause.message : String(cause)];
}

/** An error that takes several lines to say. */
export class SaidInLines extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join(' '));
  }
}
