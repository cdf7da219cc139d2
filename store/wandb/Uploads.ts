import { LIMITS } from '@rolloscope/contract';
import type { Access } from '../Access';
import { readJson } from '../formats/readObject';
import { MediaFault } from '../media/MediaFault';
import { whyLeft } from '../media/MediaIntake';
import type { MediaLibrary } from '../media/MediaLibrary';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { isTableFile, MANIFEST, nameInArtifact } from './artifactFiles';
import type { Forwarder } from './Forwarder';
import { TABLE_BYTES, type TableFiles } from './TableFiles';
import type { TableJoin } from './TableJoin';
import type { Upload } from './UploadTickets';
import type { WandbRuns } from './WandbRuns';
import type { WandbSession } from './WandbSession';
import { isMediaPath } from './wandbMedia';

/** Bytes of a file that is read into memory. */
const METADATA_BYTES = 1024 * 1024;
/** Bytes of any other file, where it is forwarded. */
const FORWARDED_BYTES = 32 * 1024 * 1024;

/** Takes the files that clients bring: tables and what they tell of the machine. Others are read to the end, and forgotten. */
export class Uploads {
  constructor(
    private readonly files: TableFiles,
    private readonly tables: TableJoin,
    private readonly writing: Writing,
    private readonly runs: WandbRuns,
    private readonly media: MediaLibrary,
    private readonly forwarder: Forwarder | undefined,
  ) {}

  async take(upload: Upload, session: WandbSession, source: AsyncIterable<unknown>, access: Access): Promise<void> {
    const { name } = upload;
    const inner = nameInArtifact(name);
    if (inner !== undefined) {
      await this.takeOfArtifact(inner, upload, session, source, access);
      return;
    }
    if (/^media\/table\/.+\.json$/.test(name)) {
      await this.takeTable(upload, session, source, access);
      return;
    }
    if (isMediaPath(name)) {
      await this.takeMedia(upload, session, source, access);
      return;
    }
    const isMetadata = name === 'wandb-metadata.json';
    const bytes = await readWhole(source, this.forwarder ? FORWARDED_BYTES : isMetadata ? METADATA_BYTES : 0);
    if (isMetadata && bytes) {
      await this.runs.addMachines(session, [await readJson(bytes, name)], access);
    }
    this.forward(upload, bytes);
  }

  /** Takes the table and the media of a table's artifact; the rest of it is read to the end, and forgotten. */
  private async takeOfArtifact(
    inner: string,
    upload: Upload,
    session: WandbSession,
    source: AsyncIterable<unknown>,
    access: Access,
  ): Promise<void> {
    if (isTableFile(inner)) {
      await this.takeTable(upload, session, source, access);
    } else if (isMediaPath(inner)) {
      await this.takeMedia(upload, session, source, access);
    } else {
      await readWhole(source, 0);
    }
    if (inner === MANIFEST) {
      // It comes when all other files have.
      session.endArtifact(upload.name);
      await session.alone(() => this.tables.join(session, access));
    }
  }

  /** An image or a sound is kept by its content, whatever the client calls it; what is not kept is told. */
  private async takeMedia(
    upload: Upload,
    session: WandbSession,
    source: AsyncIterable<unknown>,
    access: Access,
  ): Promise<void> {
    const { name } = upload;
    const isHere = await this.files.receive(session, name, source, LIMITS.mediaBytes);
    await session.alone(async () => {
      const bytes = isHere ? await this.files.read(session, name) : undefined;
      this.forward(upload, bytes);
      try {
        if (!bytes) {
          throw new MediaFault(`has more than ${LIMITS.mediaBytes} bytes (mediaBytes)`);
        }
        await this.media.keep(session, bytes);
      } catch (cause) {
        const leftOut = session.leavesOut();
        leftOut.add('images or sounds', `${name}: it ${whyLeft(cause)}`);
        await session.tell(this.writing, access, leftOut);
      } finally {
        await this.files.remove(session, name);
      }
      if (Object.values(session.state.pending).some(({ images }) => images)) {
        await this.tables.join(session, access);
      }
    });
  }

  private async takeTable(
    upload: Upload,
    session: WandbSession,
    source: AsyncIterable<unknown>,
    access: Access,
  ): Promise<void> {
    const { name } = upload;
    const kept = await this.files.receive(session, name, source);
    if (!this.runs.isThere(session)) {
      await this.files.remove(session, name);
      throw new StoreError('run_not_found', 'The run that the file belongs to was deleted meanwhile.');
    }
    await session.alone(async () => {
      if (this.forwarder) {
        const bytes = kept ? await this.files.read(session, name) : undefined;
        this.forward(upload, bytes);
      }
      if (kept) {
        await this.tables.join(session, access);
        return;
      }
      const leftOut = session.leavesOut();
      leftOut.add(`a table larger than ${TABLE_BYTES / 1024 / 1024} MB`, name);
      await session.tell(this.writing, access, leftOut);
    });
  }

  private forward({ name, entity, project, run }: Upload, bytes: Buffer | undefined): void {
    if (nameInArtifact(name) !== undefined) {
      return;
    }
    const path = { entity, project, name: run };
    if (bytes) {
      this.forwarder?.file(path, name, bytes);
    } else {
      this.forwarder?.tooLarge(path, name);
    }
  }
}

/** Reads to the end; undefined for more than `most` bytes. */
async function readWhole(source: AsyncIterable<unknown>, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += (chunk as Buffer).length;
    if (size <= most) {
      chunks.push(chunk as Buffer);
    }
  }
  return size <= most ? Buffer.concat(chunks) : undefined;
}
