import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import type { Learnt } from './Learnt';
import type { Transfer, WireAnswer, WireRequest } from './WireRequest';

/** A request as its bytes are: marks filled in, compressed, with its headers. */
export interface Prepared {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Milliseconds after which a request counts as never answered. */
const PATIENCE = 60_000;
/** Milliseconds after which a client that promised more bytes than it has hangs up. */
const HANG_UP = 30;

export function prepare(request: WireRequest, learnt: Learnt, token?: string): Prepared {
  const { method, transfer = 'plain' } = request;
  const path = learnt.fill(request.path, encodeURIComponent);
  const text = typeof request.body === 'string' ? learnt.fill(request.body, inJson) : request.body;
  const plain = Buffer.from(text ?? '');
  const { bytes, headers } = packed(plain, transfer);
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { method, path, headers: { ...authorization, ...headers, ...request.headers }, body: bytes };
}

const inJson = (value: string) => JSON.stringify(value).slice(1, -1);

function packed(plain: Buffer, transfer: Transfer): { bytes: Buffer; headers: Record<string, string> } {
  switch (transfer) {
    case 'gzip':
      return { bytes: gzipSync(plain), headers: { 'content-encoding': 'gzip' } };
    case 'deflate':
      return { bytes: deflateSync(plain), headers: { 'content-encoding': 'deflate' } };
    case 'cut': {
      const whole = gzipSync(plain);
      return { bytes: whole.subarray(0, whole.length - 9), headers: { 'content-encoding': 'gzip' } };
    }
    case 'notGzip':
      return { bytes: plain, headers: { 'content-encoding': 'gzip' } };
    default:
      return { bytes: plain, headers: {} };
  }
}

/** Sends what was prepared, in the way its request says. Never throws: a connection without an answer has status 0. */
export function sendRequest(url: string, agent: Agent, prepared: Prepared, how: WireRequest): Promise<WireAnswer> {
  const begin = performance.now();
  const { hostname, port } = new URL(url);
  const { method, path, body } = prepared;
  const length = body.length + (how.transfer === 'short' ? 10 : 0);
  const sized = how.transfer !== 'chunked' && (length > 0 || !['GET', 'HEAD'].includes(method));
  const headers = { ...prepared.headers, ...(sized && { 'content-length': String(length) }) };
  return new Promise((resolve) => {
    const end = (status: number, answer: Partial<WireAnswer>) =>
      resolve({ status, headers: {}, text: '', took: performance.now() - begin, ...answer });
    const request = httpRequest({ agent, hostname, port, method, path, headers, setHost: true }, (response) =>
      readAnswer(response).then(
        (text) => end(response.statusCode ?? 0, { headers: response.headers, text }),
        (cause) => end(0, { text: `the answer broke off: ${cause}` }),
      ),
    );
    request.setTimeout(PATIENCE, () => request.destroy(new Error(`no answer within ${PATIENCE} ms`)));
    request.once('error', (cause) => {
      if (request.reusedSocket && (cause as NodeJS.ErrnoException).code === 'ECONNRESET' && how.transfer !== 'short') {
        // The store closed a connection that was idle just as it was taken again.
        resolve(sendRequest(url, new Agent(), prepared, how));
        return;
      }
      end(0, { text: String(cause) });
    });
    write(request, body, how);
  });
}

function write(request: ClientRequest, body: Buffer, { transfer, leaves }: WireRequest): void {
  if (leaves !== undefined) {
    setTimeout(() => request.destroy(), leaves);
  }
  if (transfer === 'short') {
    request.write(body);
    setTimeout(() => request.destroy(), HANG_UP);
    return;
  }
  if (transfer === 'chunked') {
    const half = body.length >> 1;
    request.write(body.subarray(0, half));
    request.write(body.subarray(half));
    request.end();
    return;
  }
  request.end(body);
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  const bytes = Buffer.concat(chunks);
  const isPacked = response.headers['content-encoding'] === 'gzip' && bytes.length > 0;
  return (isPacked ? gunzipSync(bytes) : bytes).toString();
}
