import { readdirSync, readFileSync } from 'node:fs';

const LOOK_MS = 25;
const PAGE_BYTES = 4_096;

/** Of a process and what it started: bytes of resident memory at the most. Linux only, as `/proc` is. */
export function watchMemory(pid: number): { end(): number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, residentOf(pid));
  }, LOOK_MS);
  return {
    end() {
      clearInterval(timer);
      return most;
    },
  };
}

function residentOf(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(read(`/proc/${name}/stat`))?.[1];
    if (parent !== undefined) {
      parents.set(Number(name), Number(parent));
    }
  }
  const isOf = (pid: number | undefined): boolean => pid !== undefined && (pid === root || isOf(parents.get(pid)));
  return [...parents.keys()]
    .filter(isOf)
    .reduce((sum, pid) => sum + Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES, 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
