import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FULL_ACCESS } from '../Access';
import type { Caller } from '../http/Tokens';
import type { RunBook } from '../runs/RunBook';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { FileStream } from './FileStream';
import { GraphQl } from './GraphQl';
import { LeftOut } from './LeftOut';
import { publicOrigin } from './publicOrigin';
import { RunSessions } from './RunSessions';
import { readJson } from './readObject';
import { readOperation } from './readOperation';
import { streamRequest } from './streamRequest';
import { TABLE_BYTES, TableFiles } from './TableFiles';
import { TableJoin } from './TableJoin';
import { UploadTickets } from './UploadTickets';

/** What is needed of the server that the routes are mounted on. */
interface Doors {
  fastify: FastifyInstance;
  admit(request: FastifyRequest, scope: 'write'): Caller;
  readBody(request: FastifyRequest, reply: FastifyReply): Promise<Buffer>;
}

export interface WandbOptions {
  /** A folder of this adapter's own. */
  folder: string;
  book: RunBook;
  writing: Writing;
  notesOf(run: string): Promise<Map<string, string>>;
}

const UPLOADS = '/wandb/uploads/';
/** Bytes of a file that is read into memory. */
const METADATA_BYTES = 1024 * 1024;

/** The endpoints that unmodified W&B clients talk to (`WANDB_BASE_URL`). */
export async function openWandb(options: WandbOptions): Promise<(doors: Doors) => void> {
  const { folder, book, writing, notesOf } = options;
  const files = await TableFiles.open(join(folder, 'tables'));
  const tickets = new UploadTickets(folder);
  const sessions = new RunSessions(book, notesOf);
  const tables = new TableJoin(files, writing);
  const stream = new FileStream(book, writing, tables);
  const graphQl = new GraphQl(book, writing, sessions);

  return ({ fastify, admit, readBody }) => {
    const callers = new WeakMap<FastifyRequest, Caller>();
    const onRequest = async (request: FastifyRequest) => {
      callers.set(request, admit(request, 'write'));
    };
    const accessOf = (request: FastifyRequest) => {
      const caller = callers.get(request);
      if (!caller) {
        throw new Error('The gate was not asked.');
      }
      return caller.access;
    };
    const readBodyJson = async (request: FastifyRequest, reply: FastifyReply) =>
      readJson((await readBody(request, reply)).toString(), 'The body');

    fastify.post('/graphql', { onRequest }, async (request, reply) => {
      const operation = readOperation(await readBodyJson(request, reply));
      const origin = publicOrigin(request);
      const data = await graphQl.answer({
        operation,
        access: accessOf(request),
        isShared: request.headers['x-wandb-use-async-filestream'] === 'true',
        uploadUrl: (run, name) => `${origin}${UPLOADS}${tickets.issue({ run, name })}`,
      });
      return { data };
    });

    fastify.post<{ Params: { project: string; run: string } }>(
      '/files/:entity/:project/:run/file_stream',
      { onRequest },
      async (request, reply) => {
        const access = accessOf(request);
        const { project, run } = request.params;
        const body = streamRequest(await readBodyJson(request, reply));
        const session = await sessions.require(project, run, access);
        const writer = request.headers['x-wandb-async-client-id'];
        await stream.take(session, body, typeof writer === 'string' ? writer.slice(0, 100) : '', access);
        return {};
      },
    );

    // Whoever has the address may bring the file: W&B clients send no key with it.
    fastify.put<{ Params: { ticket: string } }>(`${UPLOADS}:ticket`, async (request) => {
      const { run, name } = tickets.read(request.params.ticket);
      const project = book.get(run)?.record.project;
      if (project === undefined) {
        throw new StoreError('run_not_found', 'The run that the file belongs to is not there any more.');
      }
      const session = await sessions.open(run, project);
      if (/^media\/table\/.+\.json$/.test(name)) {
        const kept = await files.receive(run, name, request.raw);
        await session.alone(async () => {
          if (kept) {
            await tables.join(session, FULL_ACCESS);
          } else {
            const leftOut = new LeftOut(session.told);
            leftOut.add(`a table larger than ${TABLE_BYTES / 1024 / 1024} MB`, name);
            await writing.logEvents(run, { events: leftOut.events() }, FULL_ACCESS);
          }
        });
      } else if (name === 'wandb-metadata.json') {
        const text = await readSmall(request.raw);
        await graphQl.addMachines(session, text === undefined ? [] : [readJson(text, name)], FULL_ACCESS);
      } else {
        await readSmall(request.raw);
      }
      return {};
    });
  };
}

/** Reads to the end, and keeps what is not too large. */
async function readSmall(source: AsyncIterable<unknown>): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += (chunk as Buffer).length;
    if (size <= METADATA_BYTES) {
      chunks.push(chunk as Buffer);
    }
  }
  return size <= METADATA_BYTES ? Buffer.concat(chunks).toString() : undefined;
}
