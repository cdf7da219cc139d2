import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { FileKind, Format, PlainOptions } from '../../formats/Format';
import { joinHints, rewardHints } from '../../formats/rewardFunctions';
import type { StoreClient } from '../StoreClient';
import { AddedFields } from './AddedFields';
import { BrokenFiles } from './BrokenFiles';
import { type Claim, Claims } from './Claims';
import type { Cursor } from './Cursor';
import { type FileReader, isText, openReader } from './FileReader';
import { folderLines } from './folderLines';
import { Journal } from './Journal';
import { MediaBeside } from './MediaBeside';
import { namesOf } from './namesOf';
import { Outbox } from './Outbox';
import { ParquetProcess } from './ParquetProcess';
import type { ReadRecord, RecordPosition } from './ReadRecord';
import { type Owner, RecordBatch, recordKey } from './RecordBatch';
import { RunTold } from './RunTold';
import { firstRecord, matched, recognise, whatIsLookedFor } from './recognise';
import { runOfFolder } from './runOfFolder';
import { type RunDefaults, Sender } from './Sender';
import { Summary } from './Summary';
import { type Scan, type SeenFile, scanFolder } from './scanFolder';

export interface ImportOptions {
  format?: Format;
  run?: string;
  project?: string;
  group?: string;
  plain: PlainOptions;
  /** The folder of the journals. */
  state: string;
  /** True to forget how far it was. */
  again: boolean;
  signal: AbortSignal;
  tell(...lines: readonly string[]): void;
  /** Bytes of the source that were looked at in this pass, and all of them. */
  onProgress(done: number, total: number, summary: Summary): void;
}

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
  private readonly mediaBeside: MediaBeside;
  private readonly parquet = new ParquetProcess();
  private readonly outbox: Outbox;
  private readonly broken: BrokenFiles;
  private readonly added: AddedFields;
  private readonly told: RunTold;
  /** Files that were looked at for what they tell of the others, with their modification then. */
  private readonly heard = new Map<string, number>();
  private isReady = false;
  private saidFolders = '';

  constructor(
    path: string,
    client: StoreClient,
    private readonly options: ImportOptions,
  ) {
    // What was given may itself be a link; what is below it may not.
    this.root = realpathSync(path);
    this.mediaBeside = new MediaBeside(this.root);
    const names = namesOf(resolve(path));
    const { run = names.run, project = names.project, plain, format, group } = options;
    this.owner = { run, project, plain };
    this.format = format;
    this.summary = new Summary(basename(this.root), options.tell);
    this.broken = new BrokenFiles(this.summary);
    this.added = new AddedFields(this.summary);
    this.journal = Journal.open(options.state, run, [client.base, this.root, run, project]);
    this.told = new RunTold(client, run, this.journal.runs);
    this.claims = new Claims(this.journal.cursors, format && this.root);
    this.defaults = group === undefined ? {} : { group };
    const rememberRun = (id: string, createdAt: number) => this.journal.rememberRun(id, createdAt);
    this.sender = new Sender(client, this.summary, this.defaults, rememberRun);
    this.outbox = new Outbox(
      this.journal,
      this.sender,
      () => new RecordBatch(this.owner, this.summary),
      () => this.told.sent(),
    );
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
      this.summary.leaveUnread(scan, new Set(), 'of no format that is known');
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
    await this.outbox.flush();
    await this.outbox.settled();
    const claimed = new Set(claims.map(({ file }) => file.below));
    this.summary.leaveUnread(scan, claimed, `which ${this.format.title} has no use for here`);
    await this.told.tell(this.summary.takeFresh());
    if (isAlive && this.summary.entries === before) {
      await this.told.showLife();
    }
    return this.summary.entries > before;
  }

  /** Lets go of the journal. What is under way is left to be sent again. */
  close(): void {
    this.parquet.close();
    this.journal.close();
  }

  /** Says where it goes, for a person. */
  get into(): string {
    const { run, project } = this.owner;
    const [first = run, ...others] = this.summary.runs;
    return others.length > 0
      ? `${others.length + 1} runs`
      : first === run
        ? `run ${run} of project ${project}`
        : `run ${first}`;
  }

  /** The lines to say when nothing is recognised. */
  get notRecognised(): string[] {
    return [
      `Nothing that can be imported is in ${this.root}. Looked for, by --format:`,
      ...whatIsLookedFor(),
      ...this.summary.knownLines(),
    ];
  }

  /**
   * Claims the files of a pass. The first one forgets runs that the store no longer has, and sends again what was under
   * way when a process was killed.
   */
  private async prepare(scan: Scan, format: Format): Promise<Claim[]> {
    if (!this.isReady) {
      await this.checkRuns();
      await this.outbox.resume();
      this.isReady = true;
    }
    for (const [name, cursor] of await this.claims.followRenames(scan, format)) {
      this.outbox.reached(name, cursor);
    }
    const claims = await this.claims.of(scan, format);
    this.sayFolders(claims);
    await this.listen(claims);
    return claims;
  }

  /** Says once where several folders went, or that they went into one run. */
  private sayFolders(claims: readonly Claim[]): void {
    const lines = folderLines(this.summary.label, claims, this.claims.joined);
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
        await this.added.read(file, kind);
      }
      if (!kind.tells) {
        continue;
      }
      const record = await firstRecord(file, kind);
      const { metrics = [], config, evalSteps } = (record && kind.tells(record)) ?? {};
      this.sender.hints = joinHints(this.sender.hints, rewardHints(metrics, config, evalSteps));
    }
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

  private async read({ file, kind, folder }: Claim, isFinal: boolean, onBytes: (bytes: number) => void): Promise<void> {
    const from = this.journal.cursors.get(file.below);
    const isSeen = from?.size === file.size && from.modified === file.modified;
    if (isSeen && !(isFinal && kind.reads === 'csv' && from.hasRest)) {
      this.summary.endsAt(file, from);
      return;
    }
    let reader: FileReader;
    try {
      reader = await openReader(file, kind, from, this.parquet);
    } catch (cause) {
      this.broken.addUnopened(file, isFinal, cause);
      return;
    }
    try {
      if (reader.isRestarted) {
        this.options.tell(`${file.below}: began anew, and is read from its beginning`);
      }
      let at: RecordPosition = { offset: 0, number: 0, line: 0, ...(!reader.isRestarted && from) };
      const owner = folder === undefined ? this.owner : runOfFolder(folder, this.owner, this.options);
      const whose = folder !== undefined && kind.folderOf === undefined ? { folder } : {};
      this.told.file(file.below, owner.run);
      const head = await this.headOf(reader, file, kind, isFinal);
      let before = reader.isRestarted ? undefined : from?.before;
      const cursorAt = async (place: RecordPosition): Promise<Cursor> => ({
        ...(await reader.cursorAt(place)),
        ...whose,
        ...(before !== undefined && { before }),
      });
      for await (const read of head ? this.readable(reader, file, isFinal) : []) {
        const record = await this.mediaBeside.fill(read, file);
        if (this.outbox.isNew(kind, record.source)) {
          const place = kind.match(matched(file)) ?? { path: matched(file) };
          const id = recordKey(file, reader.generation, record);
          const context = { place, head: head ?? [], added: this.added.byId, before };
          this.outbox.batch.add(`${file.below}:${record.firstLine}`, id, record, kind, context, file.modified, owner);
        }
        at = record;
        before = record.value && kind.follows ? kind.follows(record.value, before) : before;
        onBytes(isText(kind) ? Math.min(record.offset, file.size) : 0);
        if (this.outbox.batch.isFull) {
          this.outbox.reached(file.below, await cursorAt(at));
          await this.outbox.flush();
          this.options.signal.throwIfAborted();
        }
      }
      const cursor = await cursorAt(at);
      this.outbox.reached(file.below, cursor);
      if (!this.broken.has(file)) {
        this.summary.endsAt(file, cursor);
      }
      const fault = reader.fault();
      if (fault !== undefined) {
        this.broken.add(file, fault);
      }
    } finally {
      await reader.close();
    }
  }

  /** The first records, where they tell how all are to be taken; undefined where not even these can be read. */
  private async headOf(reader: FileReader, file: SeenFile, kind: FileKind, isFinal: boolean) {
    try {
      return kind.looksAhead ? await reader.head() : [];
    } catch (cause) {
      this.broken.addUnread(file, isFinal, cause);
      return undefined;
    }
  }

  /** Records of a file up to where it cannot be read any further, which is said of it alone: the other files go on. */
  private async *readable(reader: FileReader, file: SeenFile, isFinal: boolean): AsyncGenerator<ReadRecord> {
    try {
      yield* reader.records(isFinal);
    } catch (cause) {
      this.broken.addUnread(file, isFinal, cause);
    }
  }
}
