import { LIMITS } from '@rolloscope/contract';
import type { Access } from '../Access';
import { nameOf } from '../formats/nameOf';
import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { Allowance } from './Allowance';
import type { RunReads } from './RunReads';
import type { Operation } from './readOperation';
import { ENTITY, ownerOf, PROJECT } from './runNames';
import type { TableArtifacts } from './TableArtifacts';
import type { Upload } from './UploadTickets';
import type { WandbArtifacts } from './WandbArtifacts';
import type { WandbRuns } from './WandbRuns';
import type { WandbSessions } from './WandbSessions';

/** Answers that are the same for everybody, by field: clients ask for them under several operation names, or none. */
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
      admin: false,
      deletedAt: null,
      apiKeys: { edges: [] },
    },
    // The newest client that is spoken to, which none is newer than; old ones wait for artifacts where it is not told.
    serverInfo: { features: [], cliVersionInfo: { max_cli_version: '999.0.0' } },
  }),
);

const WRITING: ReadonlySet<string> = new Set([
  'UpsertBucket',
  'CreateRunFiles',
  'CreateArtifact',
  'CreateArtifactManifest',
  'UpdateArtifactManifest',
  'CreateArtifactFiles',
  'CommitArtifact',
  'NotifyScriptableRunAlert',
]);

const typeOf = (name: string, fields: string[] = []) => {
  const named = fields.map((field) => ({ name: field, args: [] }));
  return { name, fields: named, inputFields: named };
};

/** Types that older clients (before 0.25) probe the server for, by the names they ask under. */
const KNOWN_TYPES: ReadonlyMap<string, unknown> = new Map(
  Object.entries({
    QueryType: typeOf('QueryType', ['viewer', 'serverInfo', 'model']),
    MutationType: typeOf('MutationType', ['upsertBucket', 'createRunFiles', 'createArtifact']),
    ServerInfoType: typeOf('ServerInfoType', ['cliVersionInfo', 'features']),
  }),
);

export interface GraphQlCall {
  operation: Operation;
  access: Access;
  /** Several processes write to one run. */
  isShared: boolean;
  /** The address that a client brings a file to. */
  uploadUrl(upload: Upload): string;
  /** The address that a file of a run, by its id, is read at. */
  fileUrl(id: string, path: string): string;
  /** Keeps room for what the answer holds until it is sent; throws where there is none. */
  hold(bytes: number): void;
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
    private readonly sessions: WandbSessions,
    private readonly runReads: RunReads,
    private readonly artifacts: WandbArtifacts,
    private readonly tableArtifacts: TableArtifacts,
  ) {}

  /** Says whether an operation writes; the others read, or ask for what is the same for everybody. */
  writes({ name }: Operation): boolean {
    return WRITING.has(name);
  }

  /** Says whether an operation reads of runs. */
  reads(operation: Operation): boolean {
    return this.runReads.has(operation);
  }

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
        return { createArtifact: await this.artifacts.create(inputOf(call.operation), call.access) };
      case 'NotifyScriptableRunAlert':
        return { notifyScriptableRunAlert: await this.alert(call) };
      default:
        return (
          (this.reads(call.operation)
            ? await this.runReads.answer(call.operation, call.access, new Allowance(call.hold), call.fileUrl)
            : ((await this.tableArtifacts.answer(call.operation.name, {
                ...call,
                variables: inputOf(call.operation),
              })) ?? this.artifacts.answer(call.operation.name, inputOf(call.operation), call.access))) ??
          unknown(call.operation)
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
}

const unknown = ({ fields }: Operation): Answer =>
  Object.fromEntries(
    fields.map(({ alias, field }) => [
      alias,
      field === '__type' ? (KNOWN_TYPES.get(alias) ?? typeOf(alias)) : (KNOWN_FIELDS.get(field) ?? null),
    ]),
  );

/** Variables, which some versions wrap into `input`. */
function inputOf({ variables }: Operation): Record<string, unknown> {
  return isObject(variables.input) ? { ...variables, ...variables.input } : variables;
}
