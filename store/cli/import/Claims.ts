import type { FileKind, Format } from '../../formats/Format';
import type { Cursor } from './Cursor';
import { beginsAs, isText } from './FileReader';
import { firstRecord, matched } from './recognise';
import { runFolders } from './runFolders';
import type { Scan, SeenFile } from './scanFolder';

/** A file that is to be read, and as what. */
export interface Claim {
  file: SeenFile;
  kind: FileKind;
  step: number;
  /** The folder of its run below the one that was given, where each folder is a run. */
  folder?: string;
}

/** The files of a folder that are of a format. */
export class Claims {
  /** Identities of files that are of no kind of the format, by name. */
  private readonly rejected = new Map<string, string>();
  /** Folders that are read as one run, though each may be one. */
  joined: readonly string[] = [];

  /** `given`: the path of a single file whose format was named, which may be called anything. */
  constructor(
    private readonly cursors: Map<string, Cursor>,
    private readonly given: string | undefined,
  ) {}

  /**
   * Lists the claims in the order of reading: rollouts by step, then metrics, whose points tell of new attempts. Event
   * files of one run are read in the order of the times in their names.
   */
  async of(scan: Scan, format: Format): Promise<Claim[]> {
    const claims: Claim[] = [];
    for (const file of scan.files) {
      const kind = await this.kindOf(file, format.files);
      if (kind) {
        claims.push({ file, kind, step: kind.match(matched(file))?.step ?? Number.POSITIVE_INFINITY });
      }
    }
    findFolders(claims);
    this.divide(claims);
    if (this.cursors.size === 0) {
      refuseSeveralRuns(claims);
    }
    return claims.sort((a, b) => (a.step === b.step ? byFolder(a, b) : a.step - b.step));
  }

  /** Folders that are runs of their own, of formats that do not say so; what was read before stays where it went. */
  private divide(claims: readonly Claim[]): void {
    const open = claims.filter(({ folder }) => folder === undefined);
    const { folders, joined } = runFolders(open.map(({ file, kind }) => ({ below: file.below, label: kind.label })));
    this.joined = joined;
    const known = new Set(open.flatMap(({ file }) => this.cursors.get(file.below)?.folder ?? []));
    const isRead = (below: string) => this.cursors.has(below) && this.cursors.get(below)?.folder === undefined;
    const ofOne = new Set([...folders].flatMap(([below, folder]) => (isRead(below) ? folder : [])));
    for (const claim of open) {
      const { below } = claim.file;
      const cursor = this.cursors.get(below);
      const own = folders.get(below);
      const fresh =
        [...known].find((folder) => below.startsWith(`${folder}/`)) ?? (own && !ofOne.has(own) ? own : undefined);
      const folder = cursor ? cursor.folder : fresh;
      if (folder !== undefined) {
        claim.folder = folder;
      }
    }
  }

  private async kindOf(file: SeenFile, kinds: readonly FileKind[]): Promise<FileKind | undefined> {
    const label = this.cursors.get(file.below)?.kind;
    const known = kinds.find((kind) => kind.label === label);
    if (known || this.rejected.get(file.below) === file.id) {
      return known;
    }
    const byName = kinds.filter((kind) => kind.match(matched(file)));
    const isGiven = byName.length === 0 && file.path === this.given;
    let hasBegun = byName.length === 0;
    for (const kind of isGiven ? kinds.filter(({ reads }) => reads !== 'csv' && reads !== 'parquet') : byName) {
      const first = kind.accepts ? await firstRecord(file, kind) : undefined;
      if (!kind.accepts || (first && kind.accepts(first))) {
        return kind;
      }
      hasBegun ||= first !== undefined;
    }
    if (label !== undefined) {
      // It was read so far as a file of anybody, before there was more to tell its format by.
      return byName.at(-1);
    }
    if (hasBegun) {
      this.rejected.set(file.below, file.id);
    }
    return undefined;
  }

  /**
   * A file that goes by another name is read on under that, and its old name is free for a new one. Gives the changes:
   * null for a name that is free. What tells a file is soon given to another one when it is gone, so it must look like it,
   * too: a text by how it begins, a document by its name.
   */
  async followRenames(scan: Scan, { files: kinds }: Format): Promise<Map<string, Cursor | null>> {
    const byId = new Map(scan.files.map((file) => [file.id, file]));
    const byName = new Map(scan.files.map((file) => [file.below, file]));
    const changes = new Map<string, Cursor | null>();
    for (const [name, cursor] of [...this.cursors]) {
      const now = byId.get(cursor.id);
      const isOther = now && now.below !== name && byName.get(name)?.id !== cursor.id && !this.cursors.has(now.below);
      const kind = kinds.find(({ label }) => label === cursor.kind);
      if (
        isOther &&
        (kind && !isText(kind) ? kind.match(matched(now)) !== undefined : await beginsAs(now.path, cursor))
      ) {
        this.cursors.delete(name);
        this.cursors.set(now.below, cursor);
        changes.set(name, null).set(now.below, cursor);
      }
    }
    return changes;
  }
}

/** Names as people sort them: 2 before 10. */
const NUMBERED = new Intl.Collator('en', { numeric: true });

/** Orders claims by folder: what a run's own folder has comes before what is below it. */
function byFolder(a: Claim, b: Claim): number {
  if (a.folder === undefined || b.folder === undefined) {
    return 0;
  }
  const depth = ({ file }: Claim) => file.below.split('/').length;
  return NUMBERED.compare(a.folder, b.folder) || depth(a) - depth(b) || NUMBERED.compare(a.file.below, b.file.below);
}

function findFolders(claims: Claim[]): void {
  const folders = new Set(claims.filter(({ kind }) => kind.folderOf).map(({ file }) => aboveOf(file.below)));
  for (const claim of claims) {
    const folder = claim.kind.folderOf?.(claim.file.below, folders);
    if (folder !== undefined) {
      claim.folder = folder;
    }
  }
}

const aboveOf = (path: string) => path.split('/').slice(0, -1).join('/');

function refuseSeveralRuns(claims: readonly Claim[]): void {
  const byKind = new Map<string, { label: string; runs: Set<string> }>();
  for (const { kind, file, folder = '' } of claims) {
    if (kind.runOf) {
      const key = JSON.stringify([kind.label, folder]);
      const known = byKind.get(key) ?? { label: kind.label, runs: new Set<string>() };
      byKind.set(key, known);
      known.runs.add(kind.runOf(file.below));
    }
  }
  for (const { label, runs } of byKind.values()) {
    if (runs.size > 1) {
      const some = [...runs].slice(0, 3).join(', ');
      const more = runs.size > 3 ? ', …' : '';
      throw new Error(`There are ${runs.size} runs in it, by its files ${label}: ${some}${more}. Give each by itself.`);
    }
  }
}
