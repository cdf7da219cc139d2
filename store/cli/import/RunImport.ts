import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { FileKind, Format, PlainOptions } from '../../formats/Format';
import { joinHints, rewardHints } from '../../formats/rewardFunctions';
import type { StoreClient } from '../StoreClient';
import { type Claim, Claims } from './Claims';
import type { Cursor } from './Cursor';
import { type FileReader, isText, openReader } from './FileReader';
import { isDiskTrouble } from './isDiskTrouble';
import { Journal } from './Journal';
import { ParquetProcess } from './ParquetProcess';
import type { ReadRecord, RecordPosition } from './ReadRecord';
import { type Owner, placeOf, RecordBatch } from './RecordBatch';
import { openFile, textRecords } from './readRecords';
import { firstRecord, matched, recognise, whatIsLookedFor } from './recognise';
import { isAnybodys, runOfFolder } from './runOfFolder';
import { type RunDefaults, Sender } from './Sender';
import { Summary, type ToldOfRun } from './Summary';
import { type Scan, type SeenFile, scanFolder } from './scanFolder';
import { textSource } from './textSource';

export interface ImportOptions {
  format?: Format;
  run?: string;
  project?: string;
  group?: string;
  plain: PlainOptions;
  /** Where journals are kept. */
  state: string;
  /** Forget how far it was. */
  again: boolean;
  signal: AbortSignal;
  tell(...lines: readonly string[]): void;
  /** Bytes of the source that were looked at in this pass, and all of them. */
  onProgress(done: number, total: number, summary: Summary): void;
}

/** A document that cannot be read and was not written to for so long is broken, not half written. */
const WRITING_MS = 10_000;
/** While files of a run change that are not imported, the store is told so often that the run lives. */
const LIFE_SIGN_MS = 60_000;

/** Folders that are listed. */
const SAID_FOLDERS = 8;

const START = { offset: 0, number: 0, line: 0 };
/** Records of which is kept what other files add to them. */
const MOST_ADDED = 1_000_000;
/** Numbers among these that are one a token or a few a turn, with what each list of them takes besides: 64 to 128 MB. */
const MOST_ADDED_NUMBERS = 16 * 2 ** 20;
const EACH_LIST = 32;
const isHeavy = (value: unknown): value is Float32Array | Float64Array =>
  value instanceof Float32Array || value instanceof Float64Array;

/** One folder or file that is imported into one run, pass by pass, and may be written to all the while. */
export class RunImport {
  readonly summary: Summary;
  readonly owner: Owner;
  format: Format | undefined;
  /** Newest modification of any file of the last pass, epoch milliseconds. */
  newestFile = 0;
  private mark: number | undefined;
  private readonly root: string;
  private readonly journal: Journal;
  private readonly claims: Claims;
  private readonly defaults: RunDefaults;
  private readonly sender: Sender;
  private readonly parquet = new ParquetProcess();
  private batch: RecordBatch;
  private sending: Promise<void> = Promise.resolve();
  /** By name, the modification at which a document was said to be broken. */
  private readonly broken = new Map<string, number>();
  /** The same of those that may be half written, and since when they are so, by `performance.now()`. */
  private readonly unread = new Map<string, { modified: number; since: number }>();
  /** By id, what files add to the records of others. */
  private readonly added = new Map<string, Record<string, unknown>>();
  /** Numbers in lists among these. */
  private addedNumbers = 0;
  /** Files that were looked at for what they tell of the others, with their modification then. */
  private readonly heard = new Map<string, number>();
  /** By name, the runs that files which were read are of. */
  private readonly runOfFile = new Map<string, string>();
  private sentAt = Number.NEGATIVE_INFINITY;
  private isReady = false;
  private saidFolders = '';

  constructor(
    path: string,
    private readonly client: StoreClient,
    private readonly options: ImportOptions,
  ) {
    // What was given may itself be a link; what is below it may not.
    this.root = realpathSync(path);
    const names = namesOf(resolve(path));
    const { run = names.run, project = names.project, plain, format, group } = options;
    this.owner = { run, project, plain };
    this.format = format;
    this.summary = new Summary(basename(this.root), options.tell);
    this.journal = Journal.open(options.state, run, [client.base, this.root, run, project]);
    this.claims = new Claims(this.journal.cursors, format && this.root);
    this.defaults = group === undefined ? {} : { group };
    const rememberRun = (id: string, createdAt: number) => this.journal.rememberRun(id, createdAt);
    this.sender = new Sender(client, this.summary, this.defaults, rememberRun);
    this.batch = new RecordBatch(this.owner, this.summary);
  }

  /**
   * Takes what is new, and says whether there was something. `isFinal`: nobody writes any more, so what is not finished
   * will not be.
   */
  async pass(isFinal: boolean): Promise<boolean> {
    const scan = await scanFolder(this.root);
    const isAlive = this.mark !== undefined && scan.mark !== this.mark;
    this.mark = scan.mark;
    this.newestFile = scan.newest;
    this.defaults.startedAt ??= scan.oldest;
    // A run begins with a file that any trainer could have written; what comes next may tell which.
    if (!this.format || (this.format.isFallback && !this.options.format)) {
      this.format = await recognise(scan.files);
    }
    if (!this.format) {
      this.summary.noteUnread(scan, new Set(), 'of no format that is known');
      return false;
    }
    const before = this.summary.entries;
    const claims = await this.prepare(scan, this.format);
    const total = claims.reduce((sum, { file }) => sum + file.size, 0);
    let done = 0;
    for (const claim of claims) {
      this.options.signal.throwIfAborted();
      this.summary.files.recognise(claim.file.below, claim.kind);
      await this.read(claim, isFinal, (bytes) => this.options.onProgress(done + bytes, total, this.summary));
      done += claim.file.size;
    }
    await this.flush();
    await this.sending;
    const claimed = new Set(claims.map(({ file }) => file.below));
    this.summary.noteUnread(scan, claimed, `which ${this.format.title} has no use for here`);
    await this.tellRun();
    await this.showLife(isAlive && this.summary.entries === before);
    return this.summary.entries > before;
  }

  /** Lets go of the journal. What is under way is left to be sent again. */
  close(): void {
    this.parquet.close();
    this.journal.close();
  }

  /** Where it goes, for a person. */
  get into(): string {
    const { run, project } = this.owner;
    const [first = run, ...others] = this.summary.runs;
    return others.length > 0
      ? `${others.length + 1} runs`
      : first === run
        ? `run ${run} of project ${project}`
        : `run ${first}`;
  }

  /** What there is to say when nothing is recognised. */
  get notRecognised(): string[] {
    return [
      `Nothing that can be imported is in ${this.root}. Looked for, by --format:`,
      ...whatIsLookedFor(),
      ...this.summary.knownLines(),
    ];
  }

  /** At first: forgets runs that the store no longer has, and sends again what was under way when a process was killed. */
  private async prepare(scan: Scan, format: Format): Promise<Claim[]> {
    if (!this.isReady) {
      await this.checkRuns();
      await this.resume();
      this.isReady = true;
    }
    for (const [name, cursor] of await this.claims.followRenames(scan, format)) {
      this.batch.intent.to[name] = cursor;
    }
    const claims = await this.claims.of(scan, format);
    this.sayFolders(claims);
    await this.listen(claims);
    return claims;
  }

  /** Says once where several folders went, or that they went into one run. */
  private sayFolders(claims: readonly Claim[]): void {
    const { label } = this.summary;
    const named = (folders: readonly string[]) =>
      `${folders.slice(0, SAID_FOLDERS).join(', ')}${folders.length > SAID_FOLDERS ? `, and ${folders.length - SAID_FOLDERS} more` : ''}`;
    // Of event files the folder always tells.
    const own = claims.filter(({ kind }) => !kind.folderOf);
    const folders = [...new Set(own.flatMap(({ folder }) => folder || []))];
    const isOne = folders.length < 2 && own.every(({ folder }) => folder !== undefined);
    const { joined } = this.claims;
    const lines = [
      ...(folders.length > 0 && !isOne
        ? [`${label}: folders in it that are runs of their own: ${named(folders)}`]
        : []),
      ...(joined.length > 0
        ? [`${label}: ${named(joined)} are read as one run; give each by itself where each is one`]
        : []),
    ];
    const said = lines.join('\n');
    if (lines.length > 0 && said !== this.saidFolders) {
      this.saidFolders = said;
      this.options.tell(...lines);
    }
  }

  /** Rows are read before the metrics that tell their reward functions; so these are looked at first. */
  private async listen(claims: readonly Claim[]): Promise<void> {
    for (const { file, kind } of claims) {
      if (!(kind.tells || kind.adds) || this.heard.get(file.below) === file.modified) {
        continue;
      }
      this.heard.set(file.below, file.modified);
      if (kind.adds) {
        await this.hearAdditions(file, kind);
      }
      if (!kind.tells) {
        continue;
      }
      const record = await firstRecord(file, kind);
      const { metrics = [], config, evalSteps } = (record && kind.tells(record)) ?? {};
      this.sender.hints = joinHints(this.sender.hints, rewardHints(metrics, config, evalSteps));
    }
  }

  private async hearAdditions(file: SeenFile, kind: FileKind): Promise<void> {
    const handle = await openFile(file.path);
    const place = kind.match(matched(file)) ?? { path: matched(file) };
    let before: string | undefined;
    try {
      for await (const { value } of textRecords(await textSource(handle), kind, START, true)) {
        if (!value) {
          continue;
        }
        const { id, fields } = kind.adds?.(value, { place, before }) ?? {};
        if (id !== undefined && this.added.size < MOST_ADDED) {
          this.added.set(id, { ...this.added.get(id), ...this.withinRoom(id, fields) });
        }
        before = kind.follows?.(value, before);
      }
    } finally {
      await handle.close();
    }
  }

  /** Without lists by token or turn, once those that are held are as many as memory is spent on. */
  private withinRoom(id: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
    const kept = Object.entries(fields).filter(([name, value]) => {
      if (!isHeavy(value)) {
        return true;
      }
      const known = this.added.get(id)?.[name];
      const more = value.length + EACH_LIST - (isHeavy(known) ? known.length + EACH_LIST : 0);
      const fits = this.addedNumbers + more <= MOST_ADDED_NUMBERS;
      this.addedNumbers += fits ? more : 0;
      if (!fits) {
        this.summary.leave('annotations of tokens and turns, of more rollouts than are held at once');
      }
      return fits;
    });
    return Object.fromEntries(kept);
  }

  private async checkRuns(): Promise<void> {
    const { journal, options, summary, owner } = this;
    const known = await this.sender.find(owner.run);
    this.sender.hints = rewardHints(Object.keys(known?.summary ?? {}), known?.config);
    for (const [run, createdAt] of [...journal.runs]) {
      if ((await this.sender.find(run))?.createdAt !== createdAt) {
        options.tell(`${summary.label}: the store has no run ${run} from here any more; all is taken anew`);
        journal.reset();
        break;
      }
    }
    if (options.again) {
      journal.reset();
    } else if (journal.isFresh && known) {
      options.tell(`${summary.label}: the store has a run ${owner.run}, which is logged to; --run gives another id`);
    }
  }

  /** Sends the batch that was under way, as it was read then. */
  private async resume(): Promise<void> {
    const kept = this.journal.kept();
    if (kept) {
      await this.sender.send(this.sender.prepare(kept));
      this.journal.done();
    }
  }

  private async read({ file, kind, folder }: Claim, isFinal: boolean, onBytes: (bytes: number) => void): Promise<void> {
    const from = this.journal.cursors.get(file.below);
    const isSeen = from?.size === file.size && from.modified === file.modified;
    if (isSeen && !(isFinal && kind.reads === 'csv' && from.hasRest)) {
      this.summary.noteEnd(file, from);
      return;
    }
    let reader: FileReader;
    try {
      reader = await openReader(file, kind, from, this.parquet);
    } catch (cause) {
      this.noteBroken(file, isFinal, cause);
      return;
    }
    try {
      if (reader.isRestarted) {
        this.options.tell(`${file.below}: began anew, and is read from its beginning`);
      }
      let at: RecordPosition = { offset: 0, number: 0, line: 0, ...(!reader.isRestarted && from) };
      const owner = folder === undefined ? this.owner : runOfFolder(folder, this.owner, this.options);
      const whose = folder !== undefined && kind.folderOf === undefined ? { folder } : {};
      this.runOfFile.set(file.below, owner.run);
      const head = await this.headOf(reader, file, kind, isFinal);
      let before = reader.isRestarted ? undefined : from?.before;
      const cursorAt = async (place: RecordPosition): Promise<Cursor> => ({
        ...(await reader.cursorAt(place)),
        ...whose,
        ...(before !== undefined && { before }),
      });
      for await (const record of head ? this.readable(reader, file, isFinal) : []) {
        if (this.isNew(kind, record.source)) {
          const place = kind.match(matched(file)) ?? { path: matched(file) };
          const id = placeOf(file, reader.generation, record);
          const context = { place, head: head ?? [], added: this.added, before };
          this.batch.add(`${file.below}:${record.firstLine}`, id, record, kind, context, file.modified, owner);
        }
        at = record;
        before = record.value && kind.follows ? kind.follows(record.value, before) : before;
        onBytes(isText(kind) ? Math.min(record.offset, file.size) : 0);
        if (this.batch.isFull) {
          this.batch.intent.to[file.below] = await cursorAt(at);
          await this.flush();
          this.options.signal.throwIfAborted();
        }
      }
      const cursor = await cursorAt(at);
      this.batch.intent.to[file.below] = cursor;
      if (this.broken.get(file.below) !== file.modified) {
        this.summary.noteEnd(file, cursor);
      }
      this.noteFault(file, reader.fault());
    } finally {
      await reader.close();
    }
  }

  /** The first records, where they tell how all are to be taken; undefined where not even these can be read. */
  private async headOf(reader: FileReader, file: SeenFile, kind: FileKind, isFinal: boolean) {
    try {
      return kind.looksAhead ? await reader.head() : [];
    } catch (cause) {
      if (!isFinal && isDiskTrouble(cause)) {
        throw cause;
      }
      this.noteBroken(file, true, cause);
      return undefined;
    }
  }

  /** Records of a file up to where it cannot be read any further, which is said of it alone: the other files go on. */
  private async *readable(reader: FileReader, file: SeenFile, isFinal: boolean): AsyncGenerator<ReadRecord> {
    try {
      yield* reader.records(isFinal);
    } catch (cause) {
      if (!isFinal && isDiskTrouble(cause)) {
        throw cause;
      }
      this.noteBroken(file, true, cause);
    }
  }

  /** False for a record that was taken before, of a kind that repeats its history. */
  private isNew(kind: FileKind, source: Buffer | string): boolean {
    if (!kind.once) {
      return true;
    }
    const digest = createHash('sha1').update(source).digest('base64url').slice(0, 16);
    const { seen } = this.batch.intent;
    const isNew = !this.journal.seen.has(digest) && !seen.includes(digest);
    if (isNew) {
      seen.push(digest);
    }
    return isNew;
  }

  private noteFault(file: SeenFile, fault: string | undefined): void {
    if (fault !== undefined && this.broken.get(file.below) !== file.modified) {
      this.broken.set(file.below, file.modified);
      this.summary.refuse(file.below, fault);
    }
  }

  /** Said once, and not while the file may still be written. */
  private noteBroken(file: SeenFile, isFinal: boolean, cause: unknown): void {
    const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const isOver = isFinal || this.isLeft(file);
    if (!isGone && isOver && this.broken.get(file.below) !== file.modified) {
      this.broken.set(file.below, file.modified);
      this.summary.refuse(file.below, cause instanceof Error ? cause.message : String(cause));
    }
  }

  /** Whether a file that could not be read has stayed as it is for a while: by a clock that nobody sets. */
  private isLeft({ below, modified }: SeenFile): boolean {
    const now = performance.now();
    const { since, ...seen } = this.unread.get(below) ?? { modified, since: now };
    const from = seen.modified === modified ? since : now;
    this.unread.set(below, { modified, since: from });
    return now - from > WRITING_MS;
  }

  /** Sends what was collected, once what was sent before is in the store: one batch under way while the next is read. */
  private async flush(): Promise<void> {
    const { batch, journal } = this;
    if (Object.keys(batch.intent.to).length === 0) {
      return;
    }
    this.batch = new RecordBatch(this.owner, this.summary);
    const kept = { id: batch.takeId(), units: batch.units, hints: this.sender.hints };
    const prepared = this.sender.prepare(kept);
    if (kept.units.length > 0) {
      await journal.batches.keep(kept);
      batch.intent.batch = kept.id;
    }
    await this.sending;
    journal.intend(batch.intent);
    this.sending = this.sender.send(prepared).then(() => {
      journal.done();
      this.sentAt = batch.units.length > 0 ? performance.now() : this.sentAt;
    });
    // Whoever waits for it hears of a failure; until then it is nobody's.
    this.sending.catch(() => undefined);
  }

  /** Who reads the run is told what the import told, each once, however often it is imported. */
  private async tellRun(): Promise<void> {
    const byRun = new Map<string, ToldOfRun[]>();
    for (const told of this.summary.takeFresh()) {
      const run = this.runOfFile.get(told.file) ?? this.owner.run;
      byRun.set(run, [...(byRun.get(run) ?? []), told]);
    }
    for (const [run, told] of byRun) {
      if (this.journal.runs.has(run)) {
        await this.client.send('POST', `/runs/${encodeURIComponent(run)}/events`, { events: told.map(eventOf) });
      }
    }
  }

  private async showLife(isDue: boolean): Promise<void> {
    const { run } = this.owner;
    if (isDue && performance.now() - this.sentAt > LIFE_SIGN_MS && this.journal.runs.has(run)) {
      await this.client.send('POST', `/runs/${encodeURIComponent(run)}/log`, { entries: [] });
      this.sentAt = performance.now();
    }
  }
}

/** Its id tells it from all others: the same is told once. */
function eventOf({ type, title }: ToldOfRun) {
  const digest = createHash('sha256').update(title).digest('hex').slice(0, 24);
  return { id: `import ${digest}`, type, title: [...title].slice(0, 1_000).join('') };
}

/** Names that say nothing of the run: the folder's name does. */
const GENERIC = /^(metrics|trainer_state|rollouts?|traces|logs?|train|history|results)$/i;

/** A folder is a run of the project that its parent is; a file is one by its name, or by its folder's. */
function namesOf(root: string): { run: string; project: string } {
  const parent = dirname(root);
  if (statSync(root).isDirectory()) {
    if (isAnybodys(basename(root)) && parent !== root) {
      return namesOf(parent);
    }
    return { run: basename(root) || 'imported', project: basename(parent) || 'imported' };
  }
  const stem = basename(root).replace(/\.\w{1,8}$/, '');
  return GENERIC.test(stem) ? namesOf(parent) : { run: stem || 'imported', project: basename(parent) || 'imported' };
}
