import { LIMITS } from '@rolloscope/contract';
import type { LogEntry, LoggedTable, LogRequest } from '@rolloscope/contract/types';
import type { RunOfFile } from '../disk/ownFolder';
import type { LeftOut } from '../formats/LeftOut';
import { StoreError } from '../StoreError';
import type { Steps } from '../Turn';
import { type Slot, withoutData } from './inlineMedia';
import { MediaFault } from './MediaFault';
import type { MediaFiles, NewMedia } from './MediaFiles';
import { describeMedia } from './MediaLibrary';

/** Data that stood in cells of a log call: of equal ones the first. */
interface Found {
  base64: string;
  slot: Slot;
  /** The column, as a refusal names it. */
  where: string;
}

/** A log call, and the media that stood in its cells; the very same call where there were none. */
export interface Searched {
  found: Found[];
  /** The call with references in their place, once the slots are filled. */
  request(): LogRequest;
}

type Later = () => string;
type Cells = unknown[][];

/** Looks for data of images and sounds in the cells of a log call, in small steps. Numbers and plain texts cost nothing. */
export function* searchMedia(request: LogRequest): Steps<Searched> {
  const found = new Map<string, Found>();
  const later: Array<() => void> = [];
  const entries: LogEntry[] = [];
  for (const entry of request.entries) {
    let tables: Record<string, LoggedTable> | undefined;
    for (const [name, table] of Object.entries(entry.tables ?? {})) {
      const rows = yield* searchRows(name, table, found, later);
      if (rows) {
        tables ??= Object.fromEntries(Object.entries(entry.tables ?? {}));
        Object.defineProperty(tables, name, { value: { ...table, rows }, enumerable: true });
      }
    }
    entries.push(tables ? { ...entry, tables } : entry);
  }
  const whole = found.size === 0 ? request : { ...request, entries };
  return {
    found: [...found.values()],
    request: () => {
      for (const fill of later) {
        fill();
      }
      return whole;
    },
  };
}

/** Gives the rows with slots in place of inline media, the others as they are; undefined where nothing is found. */
function* searchRows(
  name: string,
  { columns, rows }: LoggedTable,
  found: Map<string, Found>,
  later: Array<() => void>,
): Steps<Cells | undefined> {
  let copy: Cells | undefined;
  for (const [r, row] of rows.entries()) {
    let cells: unknown[] | undefined;
    for (const [c, cell] of row.entries()) {
      if (typeof cell !== 'string' && (typeof cell !== 'object' || cell === null)) {
        continue;
      }
      const take = (base64: string, isTold: boolean) => {
        const known = found.get(base64);
        if (known) {
          return known.slot;
        }
        if (!isTold && !beginsAsMedia(base64)) {
          return undefined;
        }
        const column = columns[c];
        const where = `${name}, ${typeof column === 'string' ? column : column?.name}`;
        const slot: Slot = {};
        found.set(base64, { base64, slot, where });
        return slot;
      };
      const changed = yield* withoutData(cell, take);
      if (changed !== cell) {
        cells ??= [...row];
        if (typeof changed === 'function') {
          const own = cells;
          later.push(() => {
            own[c] = (changed as Later)();
          });
        } else {
          cells[c] = changed;
        }
      }
    }
    if (cells) {
      copy ??= [...rows];
      copy[r] = cells;
    }
    yield;
  }
  return copy;
}

/** Says whether base64 begins with the sign of some kind of media: text that only looks like data is left as it is. */
const beginsAsMedia = (base64: string) =>
  /^(iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|Qk[01]|SUQz|\/\/[uvqrs]|T2dnU|ZkxhQ)/.test(base64);

/** Keeps what was found for a run, and fills the slots; what is not kept is added to `leftOut`. Throws `disk_full`. */
export async function keepFound(
  files: MediaFiles,
  run: RunOfFile,
  found: readonly Found[],
  leftOut: LeftOut,
): Promise<void> {
  const leave = ({ slot, where }: Found, cause: unknown) => {
    const why = whyLeft(cause);
    Object.assign(slot, { media: null, why });
    leftOut.add('images or sounds in cells', `${where}: it ${why}`);
  };
  let some: Array<{ one: Found; media: NewMedia }> = [];
  const keep = async () => {
    const all = some;
    some = [];
    try {
      await files.keep(
        run,
        all.map(({ media }) => media),
      );
    } catch (cause) {
      whyLeft(cause);
      // A limit is reached within them: as many as have room are kept.
      for (const { one, media } of all) {
        await files.keep(run, [media]).catch((reason: unknown) => leave(one, reason));
      }
    }
    for (const { one, media } of all.filter(({ one: { slot } }) => slot.media !== null)) {
      Object.assign(one.slot, media.ref);
    }
  };
  for (const [n, one] of found.entries()) {
    try {
      if (n >= LIMITS.mediaOfCall) {
        throw new MediaFault(`is beyond the ${LIMITS.mediaOfCall} of a log call (mediaOfCall)`);
      }
      some.push({ one, media: await describeMedia(Buffer.from(one.base64, 'base64')) });
    } catch (cause) {
      leave(one, cause);
    }
    if (some.length === AT_ONCE || n === found.length - 1) {
      await keep();
    }
  }
}

/** Files that are written together. */
const AT_ONCE = 64;

/** Says why media are left out. Throws on what is no fault of theirs or of a limit, such as a full disk. */
export function whyLeft(cause: unknown): string {
  if (cause instanceof MediaFault) {
    return cause.message;
  }
  if (cause instanceof StoreError && cause.code === 'limit_exceeded') {
    return `is beyond a limit: ${cause.message}`;
  }
  throw cause;
}
