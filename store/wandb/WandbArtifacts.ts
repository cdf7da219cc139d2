import { LRUCache } from 'lru-cache';
import { type Access, sees } from '../Access';
import { nameOf } from '../formats/nameOf';
import type { Writing } from '../services';
import { isClientId } from './artifactFiles';
import { PROJECT, projectOf } from './runNames';
import type { WandbSessions } from './WandbSessions';

type Answer = Record<string, unknown>;

/** An artifact as it is known. All of it stands in its id, so that nothing has to be kept. */
interface Artifact {
  project: string;
  name: string;
  type: string;
  digest: string;
  /** The run that logged the table, and the id by which its history line names the artifact; empty for no table. */
  run: string;
  client: string;
}

/** Types that clients give the artifacts that they make of every table. */
const TABLE_TYPES: readonly string[] = ['run_table', 'wandb-run-incremental-table'];

/** Ids of artifacts that are found by name, too, until the store ends. */
const MOST = 5_000;

/**
 * Artifacts as far as scripts need them to go on: one that is logged is there at once, can be waited for and used, and has
 * no files, which are not kept. That is told once a type, in a notice of the run. Those of logged tables are asked for, as
 * only they have the tables' images and sounds.
 */
export class WandbArtifacts {
  private readonly named = new LRUCache<string, string>({ max: MOST });

  constructor(
    private readonly writing: Writing,
    private readonly sessions: WandbSessions,
  ) {}

  /** Says that the artifact is there already, so that its files are not sent; one of a table is still to come. */
  async create(variables: Answer, access: Access): Promise<Answer> {
    const type = nameOf(variables.artifactTypeName) ?? '';
    const name = nameOf(variables.artifactCollectionName) ?? nameOf(variables.artifactCollectionNames) ?? 'an artifact';
    const project = nameOf(variables.projectName) ?? PROJECT;
    const session = await this.sessions.find(project, nameOf(variables.runName) ?? '', access);
    const client = nameOf(variables.clientID) ?? '';
    const isTable = session !== undefined && TABLE_TYPES.includes(type) && isClientId(client);
    const run = isTable ? (nameOf(variables.runName) ?? '') : '';
    const id = idOf({
      project,
      name,
      type,
      digest: nameOf(variables.digest) ?? '',
      run,
      client: isTable ? client : '',
    });
    if (session) {
      this.named.set(`${project}/${name}`, id);
      // Tables come as files of the run, too; metadata of the code and the job is nobody's loss.
      const leftOut = session.leavesOut();
      if (!TABLE_TYPES.includes(type) && !/^(code|job|wandb-.*)$/.test(type)) {
        leftOut.add(`W&B artifacts of type ${type}`, name);
      }
      await session.tell(this.writing, access, leftOut);
    }
    const state = isTable ? 'PENDING' : 'COMMITTED';
    return { artifact: { id, state, artifactSequence: { id, latestArtifact: null } } };
  }

  /** The table's artifact by its id; undefined for any other. */
  tableOf(id: unknown): Pick<Artifact, 'project' | 'run' | 'client'> | undefined {
    const artifact = typeof id === 'string' ? artifactOf(id) : undefined;
    return artifact?.run ? artifact : undefined;
  }

  /** Answers an operation; returns undefined for one that is none of artifacts. */
  answer(name: string, variables: Answer, access: Access): Answer | undefined {
    switch (name) {
      case 'ArtifactByID':
        return { artifact: this.read(variables.id, access) };
      case 'UseArtifact':
      case 'useArtifact': {
        const artifact = this.read(variables.artifactID, access);
        return { useArtifact: artifact && { artifact } };
      }
      case 'ArtifactByName':
      case 'ArtifactMembershipByName': {
        const project = nameOf(variables.project) ?? PROJECT;
        const collection = nameOf(variables.name)?.replace(/:[^:]*$/, '');
        const artifact = this.read(this.named.get(`${project}/${collection}`), access);
        const membership = artifact && { ...membershipOf(artifact), artifact };
        return { project: { ...projectOf(project), artifact, artifactCollectionMembership: membership } };
      }
      default:
        return undefined;
    }
  }

  private read(id: unknown, access: Access): Answer | null {
    const artifact = typeof id === 'string' ? artifactOf(id) : undefined;
    return artifact && sees(access, artifact.project) ? describe(artifact, String(id)) : null;
  }
}

const idOf = ({ project, name, type, digest, run, client }: Artifact) =>
  Buffer.from(JSON.stringify([project, name, type, digest, run, client])).toString('base64url');

function artifactOf(id: string): Artifact | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(id, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === 6 && parts.every((part) => typeof part === 'string')) {
      const [project = '', name = '', type = '', digest = '', run = '', client = ''] = parts as string[];
      return { project, name, type, digest, run, client };
    }
  } catch {
    // An id that this store did not give: there is no such artifact.
  }
  return undefined;
}

const MADE_AT = '1970-01-01T00:00:00';

function describe({ project, name, type, digest }: Artifact, id: string): Answer {
  const collection = { __typename: 'ArtifactSequence', id: name, name, project: projectOf(project) };
  return {
    ...{ __typename: 'Artifact', id, digest, digestAlgorithm: 'MANIFEST_MD5', state: 'COMMITTED', commitHash: null },
    ...{ artifactSequence: collection, artifactType: { name: type }, versionIndex: 0, description: null },
    ...{ metadata: '{}', ttlDurationSeconds: -2, ttlIsInherited: true, tags: [], historyStep: null },
    ...{ size: 0, fileCount: 0, createdAt: MADE_AT, updatedAt: null },
    aliases: [{ __typename: 'ArtifactAlias', id: `${id}-latest`, alias: 'latest', artifactCollection: collection }],
  };
}

const membershipOf = ({ id, aliases, artifactSequence }: Answer): Answer => ({
  ...{ __typename: 'ArtifactCollectionMembership', id: `${id}-in`, versionIndex: 0, createdAt: MADE_AT },
  ...{ aliases, artifactCollection: artifactSequence },
});
