// What the keeper, which plain Node runs, and the tests share; marked.d.mts says what it is.
import { readdirSync, readFileSync } from 'node:fs';

export const MARK = 'ROLLOSCOPE_TEST_PROCESS';

export const markOf = (run, own) => (own === undefined ? `${run}.` : `${run}.${own}.`);

export function markedProcesses(mark) {
  if (process.platform !== 'linux') {
    return [];
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => `\0${read(pid, 'environ')}`.includes(`\0${MARK}=${mark}`))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').split('\0').join(' ').trim() }));
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has just ended, or belongs to somebody else.
    return '';
  }
}

export function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
