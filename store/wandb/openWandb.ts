import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asker } from '../Access';
import type { Engine } from '../engine/Engine';
import { textOf } from '../formats/coerce';
import { nameOf } from '../formats/nameOf';
import type { Mount } from '../http/createServer';
import type { Log } from '../http/Log';
import type { Caller } from '../http/Tokens';
import type { MediaLibrary } from '../media/MediaLibrary';
import { Room } from '../pacing/Room';
import type { RunIndex } from '../runs/RunIndex';
import { rewardHintsOf } from '../runs/rewardHintsOf';
import { SecretFile } from '../SecretFile';
import { StoreError } from '../StoreError';
import type { Reading, Writing } from '../services';
import { MOST_BYTES } from './Allowance';
import { FileStream } from './FileStream';
import { Forks } from './Forks';
import { Forwarder, type ForwardTarget, type RunPath } from './Forwarder';
import { GraphQl, type GraphQlCall } from './GraphQl';
import { LoggedBefore } from './LoggedBefore';
import { publicOrigin } from './publicOrigin';
import { RunReads } from './RunReads';
import { RunTables, readTablePath } from './RunTables';
import { type Operation, readOperation } from './readOperation';
import { ownerOf, PROJECT } from './runNames';
import { streamRequest } from './streamRequest';
import { TableArtifacts } from './TableArtifacts';
import { TableFiles } from './TableFiles';
import { TableJoin } from './TableJoin';
import { Uploads } from './Uploads';
import { UploadTickets } from './UploadTickets';
import { WandbArtifacts } from './WandbArtifacts';
import { WandbRuns } from './WandbRuns';
import { WandbSessions } from './WandbSessions';

interface WandbOptions {
  /** The data folder, in which it has a folder of its own. */
  data: string;
  runIndex: RunIndex;
  writing: Writing;
  reading: Reading;
  engine: Engine;
  media: MediaLibrary;
  log: Log;
  /** Everything goes to this server, too. */
  forward?: ForwardTarget;
}

export interface Wandb {
  mount: Mount;
  /** Runs were deleted: their files go. */
  forget(): Promise<void>;
  /** Files that wait for too long go; `now` is of the steady clock. To be called every hour. */
  forgetOld(now: number): Promise<void>;
  /** Copies files whose rows are not stored yet into another data folder, beside what `copy` copies; see `TableFiles`. */
  copied(to: string, copy: Parameters<TableFiles['copied']>[1]): Promise<void>;
  close(): Promise<void>;
}

const FOLDER = 'wandb';
const UPLOADS = '/wandb/uploads/';
const FILES = '/wandb/files/';
/** Tells the processes that write to one run apart. */
const WRITER_HEADER = 'x-wandb-async-client-id';
const SHARED_HEADER = 'x-wandb-use-async-filestream';
/** The depth of the long lists of an answer: lines of a run of a project, and runs of one. */
const DEPTH = 6;
/** Bytes that answers hold until they are sent: one caller may have half of it, which is what one answer has at the most. */
const HELD_BYTES = 2 * MOST_BYTES;

/** The endpoints that unmodified W&B clients talk to (`WANDB_BASE_URL`). */
export async function openWandb(options: WandbOptions): Promise<Wandb> {
  const { data, runIndex, writing, engine } = options;
  const [folder, tablesFolder] = [join(data, FOLDER), join(data, FOLDER, 'tables')];
  const forwarder = options.forward && new Forwarder(options.forward, options.log);
  const files = await TableFiles.open(tablesFolder, {
    data,
    runs: () => [...runIndex.all()].map(({ record }) => record),
    requireRoom: async (bytes) => engine.requireRoom?.(bytes),
  });
  const secret = new SecretFile(join(folder, 'upload.key'), options.log);
  secret.check();
  const tickets = new UploadTickets(secret);
  const sessions = new WandbSessions(runIndex, (run) => engine.adapterState(run));
  const tables = new TableJoin(files, writing, options.media, (run) => rewardHintsOf(runIndex.get(run)));
  const stream = new FileStream(runIndex, writing, tables, new LoggedBefore(engine));
  const forks = new Forks(options.reading, writing, runIndex, sessions);
  const runs = new WandbRuns(runIndex, writing, sessions, forks);
  const runTables = new RunTables(options.reading);
  const artifacts = new WandbArtifacts(writing, sessions);
  const graphQl = new GraphQl(
    runs,
    writing,
    sessions,
    new RunReads(options.reading, runIndex, sessions, runTables),
    artifacts,
    new TableArtifacts(artifacts, sessions, options.media),
  );
  const uploads = new Uploads(files, tables, writing, runs, options.media, forwarder);
  const room = new Room('answers to W&B clients', HELD_BYTES);

  const mount: Mount = (doors) => {
    const { fastify, admit, callerOf, callers: callersNow, readJson, arriving, follow, sendJson, sendText } = doors;
    const onRequest = async (request: FastifyRequest) => {
      admit(request, 'write');
    };
    // A token that only reads, or only writes, may ask; what writes is looked at again once it is known.
    const onQuestion = async (request: FastifyRequest) => {
      admitWriter(
        () => admit(request, 'write'),
        () => admit(request, 'read'),
      );
    };

    const callOf = (
      operation: Operation,
      { key }: Caller,
      asker: Asker,
      request: FastifyRequest,
      reply: FastifyReply,
    ): GraphQlCall => {
      const origin = publicOrigin(request);
      return {
        operation,
        access: asker,
        isShared: request.headers[SHARED_HEADER] === 'true',
        uploadUrl: (upload) => `${origin}${UPLOADS}${tickets.issue(upload, key)}`,
        fileUrl: (id, path) => `${origin}${FILES}${encodeURIComponent(id)}/${encodeURIComponent(path)}`,
        hold: (bytes) => room.hold(reply, bytes, asker.caller),
      };
    };

    fastify.post('/graphql', { onRequest: onQuestion }, async (request, reply) => {
      const operation = readOperation((await readJson(request, reply)).value);
      if (graphQl.writes(operation)) {
        admit(request, 'write');
      }
      const caller = callerOf(request);
      const answer = async (asker: Asker) => {
        const data = await graphQl.answer(callOf(operation, caller, asker, request, reply));
        const { variables } = operation;
        if (operation.name === 'UpsertBucket') {
          const project = nameOf(variables.project) ?? PROJECT;
          const run = { entity: ownerOf(variables.entity), project, name: textOf(variables.name) };
          forwarder?.upsert(run, operation.query, variables);
        }
        await sendJson(request, reply, { data }, DEPTH);
      };
      // What is written is not undone because nobody waits for the answer.
      await (graphQl.reads(operation) ? follow({ request, reply, caller }, answer) : answer(caller.access));
      return reply;
    });

    fastify.post<{ Params: { entity: string; project: string; run: string } }>(
      '/files/:entity/:project/:run/file_stream',
      { onRequest },
      async (request, reply) => {
        const { access } = callerOf(request);
        const { entity, project, run } = request.params;
        const { value, bytes } = await readJson(request, reply);
        const body = streamRequest(value);
        const session = await sessions.require(project, run, access);
        const writer = String(request.headers[WRITER_HEADER] ?? '').slice(0, 100);
        await stream.take(session, body, writer, access);
        const path: RunPath = { entity: ownerOf(entity), project, name: run };
        forwarder?.stream(path, bytes, writer === '' ? {} : { [WRITER_HEADER]: writer, [SHARED_HEADER]: 'true' });
        return {};
      },
    );

    fastify.get<{ Params: { run: string; path: string } }>(
      `${FILES}:run/:path`,
      { onRequest: onQuestion },
      async (request, reply) => {
        const caller = callerOf(request);
        const path = readTablePath(request.params.path);
        await follow({ request, reply, caller }, async (asker) => {
          const pieces = path && (await runTables.file(request.params.run, path, asker));
          if (!pieces) {
            throw new StoreError('route_not_found', 'There is no such file of a run.');
          }
          await sendText(request, reply, 'application/json', pieces);
        });
        return reply;
      },
    );

    // Whoever has the address may bring the file: W&B clients send no key with it.
    fastify.put<{ Params: { ticket: string } }>(`${UPLOADS}:ticket`, async (request) => {
      const { upload, caller } = tickets.read(request.params.ticket, callersNow());
      const session = await sessions.find(upload.project, upload.run, caller.access);
      if (!session || session.key !== upload.runKey) {
        throw new StoreError('run_not_found', 'The run that the file belongs to is not there any more.');
      }
      await uploads.take(upload, session, arriving(request), caller.access);
      return {};
    });
  };
  return {
    mount,
    forget: () => files.sweep(),
    forgetOld: (now) => files.forgetOld(now),
    copied: (to, copy) => files.copied(join(to, FOLDER, 'tables'), copy),
    close: async () => forwarder?.close(),
  };
}

/** Admits who may write, with bodies as large as a writer's, or else who may read. */
function admitWriter(asWriter: () => void, asReader: () => void): void {
  try {
    asWriter();
  } catch (cause) {
    if (!(cause instanceof StoreError && (cause.code === 'not_allowed' || cause.code === 'proxied_write'))) {
      throw cause;
    }
    asReader();
  }
}
