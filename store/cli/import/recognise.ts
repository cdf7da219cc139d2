import type { FileKind, Format } from '../../formats/Format';
import { FORMATS } from '../../formats/formats';
import { openFile, readDocument, sourceOf, textRecords } from './readRecords';
import type { SeenFile } from './scanFolder';

/** Files of a kind that are looked into; a folder may have thousands. */
const LOOKED_INTO = 20;
/** Bytes of a file's head, behind which nothing more is looked at to tell what it is. */
const HEAD_BYTES = 1024 * 1024;
const HEAD_RECORDS = 1_000;
const START = { offset: 0, number: 0, line: 0 };

/**
 * Adapters match what stands above the given folder, too: `rollouts/step_3` may itself be given. What a file is packed
 * with is told by its content, so the end of its name that says so does not count.
 */
export const matched = (file: SeenFile) =>
  file.path
    .split('\\')
    .join('/')
    .replace(/\.(?:gz|zst)$/, '');

/**
 * The format of a folder or a file. Throws, saying what was looked for, when several fit as well as each other. Undefined
 * when nothing fits, which may change while a run begins.
 */
export async function recognise(files: readonly SeenFile[]): Promise<Format | undefined> {
  const firsts = new Map<string, Promise<Record<string, unknown> | undefined>>();
  const first = (file: SeenFile, kind: FileKind) => {
    const known = firsts.get(file.path) ?? firstRecord(file, kind);
    firsts.set(file.path, known);
    return known;
  };
  const fits = await Promise.all(
    FORMATS.map(async (format) => {
      const claimed = new Set<string>();
      let kinds = 0;
      // Event files say nothing of the trainer whose metrics they are.
      for (const kind of format.files.filter(({ reads }) => reads !== 'events' || format.isBeside)) {
        const named = files
          .filter((file) => kind.match(matched(file)) && !claimed.has(file.path))
          .slice(0, LOOKED_INTO);
        const taken: SeenFile[] = [];
        for (const file of named) {
          const record = await first(file, kind);
          if (record && (kind.accepts?.(record) ?? true)) {
            taken.push(file);
          }
        }
        for (const { path } of taken) {
          claimed.add(path);
        }
        kinds += taken.length > 0 ? 1 : 0;
      }
      return { format, files: claimed.size, kinds };
    }),
  );
  const found = fits.filter((fit) => fit.files > 0);
  const firstRank = Math.min(...found.map(({ format }) => rankOf(format)));
  const candidates = found.filter(({ format }) => rankOf(format) === firstRank);
  const best = candidates.toSorted(
    (a, b) =>
      b.kinds - a.kinds ||
      Number(b.format.isPrecise ?? false) - Number(a.format.isPrecise ?? false) ||
      b.files - a.files,
  );
  const [winner, second] = best;
  const isAlike = winner?.kinds === second?.kinds && winner?.files === second?.files;
  if (winner && second && isAlike && !winner.format.isPrecise) {
    const names = [winner, second]
      .map(({ format }) => `${format.title} (--format ${format.name})`)
      .join(' as well as ');
    throw new Error(`It looks like ${names}; say which.`);
  }
  return winner?.format;
}

/** A trainer's own files tell more than those that many write, and these more than files of anybody. */
const rankOf = ({ isBeside, isFallback }: Format) => (isFallback ? 2 : isBeside ? 1 : 0);

/** Says what was looked for, one line a format. */
export function whatIsLookedFor(): string[] {
  return FORMATS.map(({ name, files }) => `  ${name.padEnd(11)} ${files.map(({ label }) => label).join(', ')}`);
}

/** The first record of a file, as far as it is there; undefined for one that is empty, broken or not finished. */
export async function firstRecord(file: SeenFile, kind: FileKind): Promise<Record<string, unknown> | undefined> {
  if (kind.reads === 'parquet' || kind.reads === 'events') {
    return file.size > 0 ? {} : undefined;
  }
  try {
    if (kind.reads === 'json') {
      const { document } = await readDocument(file.path, kind);
      return document;
    }
    const [first] = await headRecords(file.path, kind, 1);
    return first ?? (kind.reads === 'csv' && file.size > 0 ? {} : undefined);
  } catch {
    return undefined;
  }
}

/** The first records of a text, those with a fault left out. */
async function headRecords(path: string, kind: FileKind, most: number): Promise<Record<string, unknown>[]> {
  const handle = await openFile(path);
  const records: Record<string, unknown>[] = [];
  try {
    for await (const { value, offset, number } of textRecords(await sourceOf(handle, kind), kind, START, true)) {
      if (value) {
        records.push(value);
      }
      if (records.length >= most || offset > HEAD_BYTES || number > HEAD_RECORDS) {
        break;
      }
    }
  } finally {
    await handle.close();
  }
  return records;
}
