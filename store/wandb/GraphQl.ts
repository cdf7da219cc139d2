import { LIMITS } from '@rolloscope/contract';
import type { Access } from '../Access';
import { LeftOut } from '../formats/LeftOut';
import { nameOf } from '../formats/nameOf';
import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import type { RunSessions } from './RunSessions';
import type { Operation } from './readOperation';
import { ENTITY, ownerOf, PROJECT } from './runNames';
import type { Upload } from './UploadTickets';
import type { WandbRuns } from './WandbRuns';

/** What is the same for everybody, by the field that asks for it; clients ask under several operation names, or none. */
const KNOWN_FIELDS: ReadonlyMap<string, unknown> = new Map(
  Object.entries({
    viewer: {
      id: ENTITY,
      entity: ENTITY,
      username: ENTITY,
      name: 'Rolloscope run store',
      email: '',
      flags: '{}',
      teams: { edges: [] },
    },
    // The newest client that is spoken to, which none is newer than; old ones wait for artifacts where it is not told.
    serverInfo: { features: [], cliVersionInfo: { max_cli_version: '999.0.0' } },
  }),
);

const typeOf = (fields: string[]) => {
  const named = fields.map((name) => ({ name }));
  return { fields: named, inputFields: named };
};

/** What older clients (before 0.25) probe the server for, by the names they ask under. */
const KNOWN_TYPES: ReadonlyMap<string, unknown> = new Map(
  Object.entries({
    QueryType: typeOf(['viewer', 'serverInfo', 'model']),
    MutationType: typeOf(['upsertBucket', 'createRunFiles', 'createArtifact']),
    ServerInfoType: typeOf(['cliVersionInfo', 'features']),
  }),
);

export interface GraphQlCall {
  operation: Operation;
  access: Access;
  /** Several processes write to one run. */
  isShared: boolean;
  /** The address that a client brings a file to. */
  uploadUrl(upload: Upload): string;
}

type Answer = Record<string, unknown>;

/**
 * Answers the GraphQL operations of W&B clients by their names. Their variables differ between versions, so they are
 * read tolerantly. An operation that is not known gets null for every field it asks for: nothing is there.
 */
export class GraphQl {
  constructor(
    private readonly runs: WandbRuns,
    private readonly writing: Writing,
    private readonly sessions: RunSessions,
  ) {}

  async answer(call: GraphQlCall): Promise<Answer> {
    const { variables } = call.operation;
    switch (call.operation.name) {
      case 'UpsertBucket':
        return { upsertBucket: await this.runs.upsert(variables, call.access, call.isShared) };
      case 'RunResumeStatus':
        return { model: await this.runs.resumeStatus(variables, call.access) };
      case 'CreateRunFiles':
        return { createRunFiles: await this.createFiles(call) };
      case 'CreateArtifact':
        return { createArtifact: await this.createArtifact(call) };
      case 'NotifyScriptableRunAlert':
        return { notifyScriptableRunAlert: await this.alert(call) };
      default:
        return Object.fromEntries(
          call.operation.fields.map(({ alias, field }) => [
            alias,
            field === '__type' ? (KNOWN_TYPES.get(alias) ?? typeOf([])) : (KNOWN_FIELDS.get(field) ?? null),
          ]),
        );
    }
  }

  private async createFiles({ operation, access, uploadUrl }: GraphQlCall): Promise<Answer> {
    const variables = inputOf(operation);
    const project = nameOf(variables.project) ?? nameOf(variables.projectName) ?? PROJECT;
    const name = nameOf(variables.run) ?? nameOf(variables.runName) ?? '';
    const session = await this.sessions.require(project, name, access);
    const files = Array.isArray(variables.files) ? variables.files : [];
    if (files.length > LIMITS.entries || !files.every((file) => typeof file === 'string' && file.length <= 4_096)) {
      throw new StoreError('invalid_request', `files must be at most ${LIMITS.entries} paths.`);
    }
    const upload = { project, run: name, runKey: session.key, entity: ownerOf(variables.entity) };
    return {
      runID: this.sessions.shownId(session, access),
      uploadHeaders: [],
      files: files.map((file: string) => ({
        name: file,
        uploadUrl: uploadUrl({ ...upload, name: file }),
      })),
    };
  }

  /** `run.alert()` is an event of the run. */
  private async alert({ operation, access }: GraphQlCall): Promise<Answer> {
    const { title, text, severity, ...variables } = inputOf(operation);
    const project = nameOf(variables.projectName) ?? PROJECT;
    const session = await this.sessions.require(project, nameOf(variables.runName) ?? '', access);
    const event = {
      type: 'alert',
      title: nameOf(title) ?? 'Alert',
      ...(typeof text === 'string' && { text: text.slice(0, 10_000) }),
      ...(typeof severity === 'string' && { values: { severity: severity.slice(0, 100) } }),
    };
    await this.writing.logEvents(session.id, { events: [event] }, access);
    return { success: true };
  }

  /** Says that the artifact is there already, so that its files are not sent: they are not kept. */
  private async createArtifact({ operation, access }: GraphQlCall): Promise<Answer> {
    const variables = inputOf(operation);
    const type = nameOf(variables.artifactTypeName) ?? '';
    const name = nameOf(variables.artifactCollectionName) ?? nameOf(variables.artifactCollectionNames) ?? 'an artifact';
    const project = nameOf(variables.projectName) ?? PROJECT;
    const session = await this.sessions.find(project, nameOf(variables.runName) ?? '', access);
    // Tables come as files of the run, too; metadata of the code and the job is nobody's loss.
    if (session && !/^(run_table|code|job|wandb-.*)$/.test(type)) {
      const leftOut = new LeftOut(session.told);
      leftOut.add(`W&B artifacts of type ${type}`, name);
      const events = leftOut.events();
      if (events.length > 0) {
        await this.writing.logEvents(session.id, { events }, access);
        leftOut.settle();
      }
    }
    const id = `${project}/${name}`;
    return { artifact: { id, state: 'COMMITTED', artifactSequence: { id, latestArtifact: null } } };
  }
}

/** Variables, which some versions wrap into `input`. */
function inputOf({ variables }: Operation): Record<string, unknown> {
  return isObject(variables.input) ? { ...variables, ...variables.input } : variables;
}
