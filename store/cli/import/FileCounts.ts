import { type FileKind, type Item, isObject } from '../../formats/Format';
import { FORMATS } from '../../formats/formats';
import { counted } from './counted';

/** Files of one kind that have a line each; more share one. */
const EACH = 5;

interface Taken {
  kind: FileKind;
  points: number;
  /** Rows by table. */
  rows: Map<string, number>;
}

/** Counts by file: what each was taken for, by which sign, and what came of it, to see a wrong guess at once. */
export class FileCounts {
  private readonly files = new Map<string, Taken>();

  /** Notes what a file that is read is taken for; what it was taken for before stays. */
  recognise(file: string, kind: FileKind | undefined): void {
    if (kind && !this.files.has(file)) {
      this.files.set(file, { kind, points: 0, rows: new Map() });
    }
  }

  /** Counts an item that is in the store. */
  take(file: string, item: Item): void {
    const taken = this.files.get(file);
    if (!taken || item.kind === 'run') {
      return;
    }
    if (item.kind === 'rows') {
      add(taken.rows, item.table, item.rows.length);
      return;
    }
    const { metrics, tables = {} } = item.kind === 'entry' ? item.entry : { metrics: item.metrics };
    taken.points += Object.keys(metrics ?? {}).length;
    for (const [name, table] of Object.entries(tables)) {
      add(taken.rows, name, isObject(table) && Array.isArray(table.rows) ? table.rows.length : 0);
    }
  }

  lines(): string[] {
    const byKind = new Map<FileKind, [string, Taken][]>();
    for (const file of this.files) {
      const { kind } = file[1];
      byKind.set(kind, [...(byKind.get(kind) ?? []), file]);
    }
    return [...byKind].flatMap(([kind, files]) => {
      if (files.length <= EACH) {
        return files.map(([name, taken]) => `  ${name}: ${describe(kind)}: ${countsOf([taken])}`);
      }
      const all = files.map(([, taken]) => taken);
      return [`  ${files.length} files, ${files[0]?.[0]} to ${files.at(-1)?.[0]}: ${describe(kind)}: ${countsOf(all)}`];
    });
  }
}

/** Says what a file was taken for: `verl's <step>.jsonl with input and output, by its name and first record`. */
function describe(kind: FileKind): string {
  const format = FORMATS.find(({ files }) => files.includes(kind));
  const sign = format?.isFallback
    ? 'by its ending alone'
    : kind.accepts
      ? 'by its name and first record'
      : 'by its name';
  return `${format?.name}, ${kind.label} (${sign})`;
}

function countsOf(all: readonly Taken[]): string {
  const points = all.reduce((sum, one) => sum + one.points, 0);
  const rows = new Map<string, number>();
  for (const [table, number] of all.flatMap((one) => [...one.rows])) {
    add(rows, table, number);
  }
  const counts = [
    ...(points > 0 ? [counted(points, 'point')] : []),
    ...[...rows].map(([table, number]) => `${counted(number, 'row')} of ${table}`),
  ];
  return counts.join(', ') || 'nothing new';
}

const add = (counts: Map<string, number>, name: string, number: number) =>
  counts.set(name, (counts.get(name) ?? 0) + number);
