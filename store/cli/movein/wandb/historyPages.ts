import { isObject } from '../../../formats/readObject';
import { RemoteRefusal, TooMuch } from '../Remote';
import type { WandbAccount } from './WandbAccount';

/** Steps of one page, as W&B's own client asks for them: as many lines at the most, so none is left out. */
const PAGE = 1_000;
const WIDEST = 2 ** 40;
const SMALLER = 4;
/** Statuses by which a server says that a page is too large for it. */
const TOO_LARGE = [400, 413, 422];

export interface HistoryPage {
  /** The JSON of each line, in order. */
  lines: string[];
  /** The step that the next page begins with. */
  next: number;
}

/**
 * All of a run's history from a step on. A page that is too much for the server is asked for in parts; where nothing is,
 * larger stretches are asked for, and what one has is read again as pages: of a stretch with more lines than asked for W&B
 * would give a sample. Ends where the run is gone.
 */
export async function* historyPages(
  account: Pick<WandbAccount, 'history'>,
  run: string,
  from: number,
  lastStep: number,
): AsyncGenerator<HistoryPage> {
  let span = PAGE;
  for (let min = from; min <= lastStep; ) {
    const max = Math.min(min + span, lastStep + 1);
    let lines: string[] | undefined;
    try {
      lines = await account.history(run, min, max);
    } catch (cause) {
      const isTooMuch =
        cause instanceof TooMuch || (cause instanceof RemoteRefusal && TOO_LARGE.includes(cause.status));
      if (!isTooMuch || max - min <= 1) {
        throw cause;
      }
      span = Math.max(1, Math.floor((max - min) / SMALLER));
      continue;
    }
    if (lines === undefined) {
      return;
    }
    if (lines.length === 0) {
      min = max;
      span = Math.min(WIDEST, span * SMALLER);
    } else if (max - min > PAGE) {
      min = Math.max(min, stepOf(lines[0]) ?? min);
      span = PAGE;
    } else {
      yield { lines, next: max };
      min = max;
      span = Math.min(PAGE, Math.max(1, span) * 2);
    }
  }
}

function stepOf(line: string | undefined): number | undefined {
  const value: unknown = JSON.parse(line ?? '{}');
  return isObject(value) && Number.isSafeInteger(value._step) ? (value._step as number) : undefined;
}

/** Paths of the tables that a line of history names, each once. */
export function tablesOf(line: string): string[] {
  const paths = new Set<string>();
  const look = (value: unknown, depth: number) => {
    if (!isObject(value) || depth > 10) {
      return;
    }
    const isTable = value._type === 'table-file' || value._type === 'incremental-table-file';
    if (isTable && typeof value.path === 'string') {
      paths.add(value.path);
      return;
    }
    for (const one of Object.values(value)) {
      look(one, depth + 1);
    }
  };
  // Most lines have none, and are not parsed.
  if (line.includes('table-file')) {
    look(JSON.parse(line), 0);
  }
  return [...paths];
}
