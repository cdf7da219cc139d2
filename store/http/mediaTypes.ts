import type { IncomingHttpHeaders } from 'node:http';
import { StoreError } from '../StoreError';

export const JSON_TYPE = 'application/json';
export const NDJSON_TYPES = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
];

/**
 * The media type of a body that must be one of `types`, before it is read. Throws `unsupported_media_type`, also where
 * none is given: what a page of the web can send without being asked for leave is never taken for JSON.
 */
export function requireType(headers: IncomingHttpHeaders, types: readonly string[] = [JSON_TYPE]): string {
  const given = headers['content-type'];
  const mediaType = given?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!(types.includes(mediaType) && isUtf8Charset(given))) {
    const what = given === undefined ? 'has no Content-Type' : `is ${given}`;
    throw new StoreError('unsupported_media_type', `The body ${what}; send ${types.slice(0, 2).join(' or ')}.`);
  }
  return mediaType;
}

function isUtf8Charset(contentType = ''): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
  return charset === undefined || /^(utf-?8|us-ascii)$/i.test(charset);
}

/** Says whether a request has no body, by its headers. */
export function hasNoBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}
