import type { FastifyReply, FastifyRequest } from 'fastify';
import { jsonPieces } from '../json/jsonPieces';
import { sendText, TURN } from './sendText';

/**
 * Sends an answer as JSON, compressed where the client takes that; a large one as a stream. `depth`: how deep its long
 * lists lie; see `jsonPieces`.
 */
export function sendJson(request: FastifyRequest, reply: FastifyReply, answer: unknown, depth?: number): Promise<void> {
  return sendText(request, reply, 'application/json; charset=utf-8', inTurns(jsonPieces(answer, depth)));
}

/** Pieces are small and many: joined here, since awaiting each would cost more than writing it. */
function* inTurns(pieces: Iterable<string>): Generator<string, undefined> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length >= TURN) {
      yield text;
      text = '';
    }
  }
  if (text !== '') {
    yield text;
  }
}
