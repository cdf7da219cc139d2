import { LIMITS } from '@rolloscope/contract';
import type { Access } from '../Access';
import { isObject } from '../formats/readObject';
import type { MediaLibrary } from '../media/MediaLibrary';
import { StoreError } from '../StoreError';
import { artifactFile, hashStart, isTableFile, MANIFEST } from './artifactFiles';
import type { Upload } from './UploadTickets';
import type { WandbArtifacts } from './WandbArtifacts';
import type { WandbSessions } from './WandbSessions';
import { isMediaPath } from './wandbMedia';

type Answer = Record<string, unknown>;

/** Whoever sends files of artifacts, and where they are to be brought. */
export interface FilesCall {
  variables: Answer;
  access: Access;
  uploadUrl(upload: Upload): string;
}

/** Characters of a file's name. */
const LONGEST = 1_000;

/** Asks for the files of tables' artifacts that the store keeps: images, sounds, and the table that names them. */
export class TableArtifacts {
  constructor(
    private readonly artifacts: WandbArtifacts,
    private readonly sessions: WandbSessions,
    private readonly media: MediaLibrary,
  ) {}

  /** Answers an operation; returns undefined for one that is none of an artifact's files. */
  async answer(name: string, call: FilesCall): Promise<Answer | undefined> {
    switch (name) {
      case 'CreateArtifactManifest':
      case 'UpdateArtifactManifest': {
        const file = { id: MANIFEST, uploadUrl: await this.manifestUrl(call), uploadHeaders: [] };
        const key = name === 'CreateArtifactManifest' ? 'createArtifactManifest' : 'updateArtifactManifest';
        return {
          [key]: { artifactManifest: { id: call.variables.artifactID ?? call.variables.artifactManifestID, file } },
        };
      }
      case 'CreateArtifactFiles':
        return { createArtifactFiles: { files: { edges: await this.files(call) } } };
      case 'CommitArtifact': {
        const id = call.variables.artifactID;
        return { commitArtifact: { artifact: { id, digest: '' } } };
      }
      default:
        return undefined;
    }
  }

  /** Throws `invalid_request` for what is no artifact that this store asked for. */
  private async require(id: unknown, access: Access) {
    const table = this.artifacts.tableOf(id);
    if (!table) {
      throw new StoreError('invalid_request', 'There is no artifact of that id whose files are to come.');
    }
    const session = await this.sessions.require(table.project, table.run, access);
    const upload = (name: string): Upload => ({
      ...{ project: table.project, run: table.run, runKey: session.key, entity: undefined },
      name: artifactFile(table.client, name),
    });
    return { session, upload };
  }

  private async manifestUrl({ variables, access, uploadUrl }: FilesCall): Promise<string> {
    const { upload } = await this.require(variables.artifactID ?? variables.artifactManifestID, access);
    return uploadUrl(upload(MANIFEST));
  }

  /** Files in the order in which they are asked for; those without an address are not sent. */
  private async files({ variables, access, uploadUrl }: FilesCall): Promise<Answer[]> {
    const files = Array.isArray(variables.artifactFiles) ? variables.artifactFiles : [];
    const isFile = (file: unknown) => isObject(file) && typeof file.name === 'string' && file.name.length <= LONGEST;
    if (files.length > LIMITS.entries || !files.every(isFile)) {
      throw new StoreError('invalid_request', `artifactFiles must be at most ${LIMITS.entries} files with names.`);
    }
    const ids = new Set(files.map(({ artifactID }) => artifactID));
    const of = new Map(await Promise.all([...ids].map(async (id) => [id, await this.require(id, access)] as const)));
    // A table without media has all that is needed in its file of the run.
    const hasMedia = files.some(({ name }) => isMediaPath(name));
    return files.map(({ name, artifactID }) => {
      const { session, upload } = of.get(artifactID) ?? {};
      const isHere = session && this.media.startingWith(session, hashStart(name) ?? '') !== undefined;
      const isWanted = isMediaPath(name) ? !isHere : hasMedia && isTableFile(name);
      const node = {
        ...{ id: name, name, displayName: name, storagePath: name, uploadHeaders: [], uploadMultipartUrls: null },
        ...{ uploadUrl: upload && isWanted ? uploadUrl(upload(name)) : null, artifact: { id: artifactID } },
      };
      return { node };
    });
  }
}
