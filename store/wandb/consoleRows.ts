import type { LoggedTable } from '@rolloscope/contract/types';

export const CONSOLE_TABLE = 'console';
/** Lines of a run that are kept as they come; of what follows, the last ones when the run ends. */
export const CONSOLE_LINES = 20_000;
const CONSOLE_TAIL = 200;
/** Characters of those. */
const TAIL_CHARS = 100_000;
/** Characters of a line. */
const LINE_CHARS = 4_000;

const LINE = /^(ERROR )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?) (.*)$/s;

/** Lines of `output.log`: `ERROR 2026-11-25T02:21:04.647163 Traceback …`, times in UTC. */
export function consoleRows(lines: ReadonlyArray<{ number: number; text: string }>, now: number): LoggedTable {
  const rows = lines.map(({ number, text }) => {
    const [, error, stamp, rest] = LINE.exec(text) ?? [];
    const time = stamp === undefined ? Number.NaN : Date.parse(`${stamp.slice(0, 23)}Z`);
    return [Number.isNaN(time) ? now : time, number + 1, error ? 'stderr' : 'stdout', rest ?? text];
  });
  return { columns: ['time', 'line', 'stream', 'text'], rows };
}

/** A line without what is beyond the characters that one is kept with. */
export function cutLine(text: string): string {
  return text.length <= LINE_CHARS
    ? text
    : `${text.slice(0, LINE_CHARS).toWellFormed()}… (${text.length - LINE_CHARS} more characters)`;
}

/** The last lines, as many as are kept for the end of a run. */
export function lastLines<L extends { text: string }>(lines: readonly L[]): L[] {
  let chars = 0;
  const from = lines.findLastIndex(({ text }, i) => {
    chars += text.length;
    return i < lines.length - CONSOLE_TAIL || chars > TAIL_CHARS;
  });
  return lines.slice(from + 1);
}
