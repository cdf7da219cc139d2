import type { LogEntry } from '@rolloscope/contract/types';
import type { Cursor } from './Cursor';
import { counted } from './counted';
import { FileCounts } from './FileCounts';
import { isPickle } from './isPickle';
import type { Scan, SeenFile } from './scanFolder';
import { whyUnread } from './whyUnread';

/** Refusals that are told one by one; beyond it they are counted, but for the first of each of so many files. */
const TOLD = 20;
const TOLD_FILES = 500;
/** Names that are listed. */
const LISTED = 8;

/** A line that a reader of the run is told, too: of a record that could not be read, or a guess that could be wrong. */
export interface ToldOfRun {
  type: 'left_out' | 'note';
  title: string;
  /** The file of which it is told. */
  file: string;
}

/** The file of a place such as `metrics.jsonl:12`. */
const fileOf = (where: string) => where.replace(/:\d+$/, '');

/** The account of an import: what it took, what it did not, and why. */
export class Summary {
  entries = 0;
  points = 0;
  refused = 0;
  private told = 0;
  /** Files of which a refusal was told. */
  private readonly faulty = new Set<string>();
  private readonly rows = new Map<string, number>();
  readonly runs = new Set<string>();
  readonly files = new FileCounts();
  private readonly metrics = new Set<string>();
  private readonly left = new Map<string, number>();
  private unread: { rest: SeenFile[]; links: number; closed: number; reason: string } = {
    rest: [],
    links: 0,
    closed: 0,
    reason: '',
  };
  /** Files that end in the middle of a record, with the line where that begins. */
  private readonly unfinished = new Map<string, number>();
  /** Remarks on records that are taken, once a file. */
  readonly remarks = new Set<string>();
  private lastStep: number | undefined;
  /** Lines that were told and the run does not know yet. */
  private fresh: ToldOfRun[] = [];

  constructor(
    readonly label: string,
    private readonly tell: (line: string) => void,
  ) {}

  take(run: string, entries: readonly LogEntry[]): void {
    this.runs.add(run);
    this.entries += entries.length;
    for (const { step, metrics, tables } of entries) {
      for (const name of Object.keys(metrics ?? {})) {
        this.points++;
        this.metrics.add(name);
      }
      for (const [name, table] of Object.entries(tables ?? {})) {
        this.rows.set(name, (this.rows.get(name) ?? 0) + table.rows.length);
      }
      if (step !== undefined) {
        this.lastStep = Math.max(this.lastStep ?? step, step);
      }
    }
  }

  refuse(where: string, reason: string): void {
    this.refused++;
    const file = fileOf(where);
    const isFirst = !this.faulty.has(file) && this.faulty.size < TOLD_FILES;
    if (isFirst || this.refused <= TOLD) {
      this.faulty.add(file);
      this.told++;
      this.say('left_out', where, reason);
    }
  }

  /** Returns what was told since it was asked last. */
  takeFresh(): ToldOfRun[] {
    const { fresh } = this;
    this.fresh = [];
    return fresh;
  }

  private say(type: ToldOfRun['type'], where: string, what: string): void {
    const title = `${where}: ${what}`;
    this.tell(title);
    this.fresh.push({ type, title, file: fileOf(where) });
  }

  leave(name: string): void {
    this.left.set(name, (this.left.get(name) ?? 0) + 1);
  }

  /** Tells a remark on a record that is taken: once a file, with the first place. */
  remark(where: string, text: string): void {
    const key = `${fileOf(where)}\0${text}`;
    if (!this.remarks.has(key)) {
      this.remarks.add(key);
      this.say('note', where, text);
    }
  }

  /** Notes where reading of a file ended. */
  endsAt(file: SeenFile, { hasRest, number, line = number }: Cursor): void {
    if (hasRest) {
      this.unfinished.set(file.below, line + 1);
    } else {
      this.unfinished.delete(file.below);
    }
  }

  /** Notes what of a scan nobody claimed, and why. */
  leaveUnread(scan: Scan, claimed: ReadonlySet<string>, reason: string): void {
    this.unread = {
      rest: scan.files.filter(({ below }) => !claimed.has(below)),
      links: scan.links,
      closed: scan.closed,
      reason,
    };
  }

  private unreadLines(): string[] {
    const { rest, links, closed, reason } = this.unread;
    const pickles = rest.filter(({ path }) => isPickle(path));
    const known = this.known(rest.filter((file) => !pickles.includes(file)));
    const others = rest.filter((file) => !pickles.includes(file) && !known.has(file)).map(({ below }) => below);
    const more = others.length > LISTED ? `, and ${others.length - LISTED} more` : '';
    const why: [number, string][] = [
      [pickles.length, 'pickles, which are never loaded: they could run code'],
      [others.length, `${reason}: ${others.slice(0, LISTED).join(', ')}${more}`],
      [links, 'links, which are not followed: give what they point to by itself'],
    ];
    const lines = [
      ...this.knownLines(known),
      ...why
        .filter(([number]) => number > 0)
        .map(([number, text]) => `  not read: ${counted(number, 'file')}, ${text}`),
    ];
    return closed > 0 ? [...lines, `  not read: ${counted(closed, 'folder')} that cannot be opened`] : lines;
  }

  /** Files that are not read as they are, and what to do with them. */
  private known(files: readonly SeenFile[]): Map<SeenFile, string> {
    return new Map(
      files.flatMap((file): [SeenFile, string][] => {
        const why = whyUnread(file.path);
        return why === undefined ? [] : [[file, why]];
      }),
    );
  }

  /** Returns a line for each of the first of them, and one for how many more there are. */
  knownLines(known: ReadonlyMap<SeenFile, string> = this.known(this.unread.rest)): string[] {
    const lines = [...known].slice(0, LISTED).map(([{ below }, why]) => `  not read: ${below}, ${why}`);
    const more = known.size - lines.length;
    return more > 0 ? [...lines, `  not read: ${counted(more, 'file')} more of such`] : lines;
  }

  /** The counts of what was taken so far, for a progress line. */
  get taken(): string {
    const rows = [...this.rows.values()].reduce((sum, one) => sum + one, 0);
    const parts = [
      ...(this.points > 0 ? [counted(this.points, 'point')] : []),
      ...(rows > 0 ? [counted(rows, 'row')] : []),
      ...(this.refused > 0 ? [`${counted(this.refused, 'record')} refused`] : []),
    ];
    return parts.length > 0 ? parts.join(', ') : 'nothing new';
  }

  lines(): string[] {
    const rows = [...this.rows].map(([table, number]) => `${counted(number, 'row')} of ${table}`);
    const points =
      this.points > 0 ? [`${counted(this.points, 'point')} of ${counted(this.metrics.size, 'metric')}`] : [];
    const what =
      [...points, ...rows].join(', ') || (this.entries > 0 ? counted(this.entries, 'entry', 'entries') : 'nothing new');
    const until = this.lastStep === undefined ? '' : `, up to step ${this.lastStep}`;
    const into = this.runs.size > 1 ? ` into ${this.runs.size} runs` : '';
    const lines = [`${this.label}: took ${what}${into}${until}`];
    if (this.refused > 0) {
      const more = this.refused > this.told ? ` (${this.refused - this.told} of them not shown)` : '';
      lines.push(`  refused ${counted(this.refused, 'record')}${more}`);
    }
    if (this.left.size > 0) {
      const names = [...this.left].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
      const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : '';
      lines.push(`  left out: ${names.slice(0, LISTED).join(', ')}${more}`);
    }
    if (this.unfinished.size > 0) {
      const files = [...this.unfinished].map(([file, line]) => `${file}:${line}`);
      const more = files.length > LISTED ? `, and ${files.length - LISTED} more` : '';
      lines.push(`  not finished, the rest is taken when it is: ${files.slice(0, LISTED).join(', ')}${more}`);
    }
    return [...lines.slice(0, 1), ...this.files.lines(), ...lines.slice(1), ...this.unreadLines()];
  }
}
