import { Readable } from 'node:stream';
import type { ExportRequest } from '@rolloscope/contract/types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReadOptions } from '../engine/ReadOptions';
import type { ExportSlots } from './ExportSlots';
import type { ExportTicket } from './ExportTickets';
import { exportParquet } from './exportParquet';
import { exportText } from './exportText';
import type { Log } from './Log';

const MEDIA_TYPES: Record<ExportRequest['format'], string> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * Streams an export as an attachment. It reads on only as fast as the client takes it, and stops when the client goes.
 * A fault midway cuts the connection, so that half a file is never taken for a whole one.
 */
export function sendExport(
  request: FastifyRequest,
  reply: FastifyReply,
  ticket: ExportTicket,
  asker: ReadOptions,
  slots: ExportSlots,
  log: Log,
): void {
  const { format } = ticket.request;
  reply.header('content-type', MEDIA_TYPES[format]).header('content-disposition', attachment(ticket.request));
  if (request.method === 'HEAD') {
    reply.send();
    return;
  }
  const slot = slots.begin(ticket.caller, (reason) => body.destroy(reason));
  const body = Readable.from(
    slot.pass(format === 'parquet' ? exportParquet(ticket.stream, asker) : exportText(ticket.stream, format, asker)),
    { objectMode: false },
  );
  body.once('close', slot.done);
  body.once('error', ({ message, stack }) => log({ event: 'export_cut', table: ticket.request.table, message, stack }));
  reply.send(body);
}

/** A name that every file system and header takes, and the real one for those who read RFC 5987. */
function attachment({ table, format, runs }: ExportRequest): string {
  const of = Array.isArray(runs) && runs.length === 1 ? `${runs[0]}-` : '';
  const name = `${of}${table}`.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*\s]+/gu, '_').replace(/^[.\s]+|[.\s]+$/g, '');
  const full = `${[...name].slice(0, 100).join('') || 'rollouts'}.${format}`;
  const plain = full.replace(/[^\w.-]+/g, '_');
  const encoded = encodeURIComponent(full).replace(/['()]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
