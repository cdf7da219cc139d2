// What the keeper, which plain Node runs, and the tests share; marked.d.mts says what it is.
import { readdirSync, readFileSync } from 'node:fs';

export const MARK = 'ROLLOSCOPE_TEST_PROCESS';

export const markOf = (run, own) => (own === undefined ? `${run}.` : `${run}.${own}.`);

export function markedProcesses(mark) {
  if (process.platform !== 'linux') {
    return [];
  }
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const marked = new Set(all.filter((pid) => `\0${read(pid, 'environ')}`.includes(`\0${MARK}=${mark}`)));
  // Some write their title over their environment, as the service of older W&B clients: their parent tells of them.
  const parents = new Map(all.map((pid) => [pid, /\) \S (\d+)/.exec(read(pid, 'stat'))?.[1]]));
  for (let before = -1; before !== marked.size; ) {
    before = marked.size;
    for (const [pid, parent] of parents) {
      if (marked.has(parent)) {
        marked.add(pid);
      }
    }
  }
  return [...marked].map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').split('\0').join(' ').trim() }));
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has just ended, or belongs to somebody else.
    return '';
  }
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

export function endMarked(mark, groups = []) {
  const marked = markedProcesses(mark);
  for (const id of [...groups.map((group) => -group), ...marked.map(({ pid }) => pid)]) {
    end(id);
  }
  return marked.length;
}
