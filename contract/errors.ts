import { type Static, Type } from 'typebox';
import { strict } from './scalars';

/** Every error code, once: its HTTP status and what it means. */
export const ERRORS = {
  invalid_request: {
    status: 400,
    meaning: 'A field is missing, unknown or of the wrong type; the message says where.',
  },
  invalid_json: { status: 400, meaning: 'The body is not JSON; for NDJSON the message gives the line.' },
  limit_exceeded: { status: 400, meaning: 'The request is beyond a limit; the message names the limit.' },
  unknown_column: { status: 400, meaning: 'A filter, order or search names a column that no selected run has.' },
  invalid_pattern: { status: 400, meaning: 'A regular expression is not valid RE2 syntax.' },
  invalid_cursor: { status: 400, meaning: 'The cursor is not one that this list gave out.' },
  invalid_as_of: { status: 400, meaning: 'The commit position is not one that this store gave out.' },
  token_missing: { status: 401, meaning: 'The store wants a token and the request has none.' },
  token_wrong: { status: 401, meaning: 'The token is not one that the store knows.' },
  not_allowed: { status: 403, meaning: 'The token does not allow this kind of call.' },
  proxied_write: { status: 403, meaning: 'A store without tokens takes no write that came through a proxy.' },
  run_not_found: { status: 404, meaning: 'No such run, or not in a project that the token may see.' },
  metric_not_found: { status: 404, meaning: 'None of the metrics asked for exists in the selected runs.' },
  table_not_found: { status: 404, meaning: 'The table exists in none of the selected runs.' },
  row_not_found: { status: 404, meaning: 'No such row.' },
  media_not_found: { status: 404, meaning: 'No such media, or of no run of a project that the token may see.' },
  export_not_found: { status: 404, meaning: 'No such export, or it has expired.' },
  route_not_found: { status: 404, meaning: 'No such path in this API.' },
  method_not_allowed: { status: 405, meaning: 'The path exists, with another method.' },
  label_conflict: {
    status: 409,
    meaning: 'The person’s label was changed meanwhile, in another window; read it again. Nothing was changed.',
  },
  project_conflict: { status: 409, meaning: 'The run exists in another project; a run never moves.' },
  body_too_large: { status: 413, meaning: 'The body is beyond the limit, which the message names.' },
  unsupported_media_type: { status: 415, meaning: 'The body is neither JSON nor NDJSON.' },
  media_not_kept: {
    status: 415,
    meaning: 'The bytes are no image or sound that the store keeps; the message says why.',
  },
  query_too_slow: { status: 422, meaning: 'The read takes longer than the limit; ask for less at one time.' },
  too_busy: { status: 429, meaning: 'Too much is waiting already; retry after `Retry-After` seconds.' },
  internal: { status: 500, meaning: 'A fault of the store; the message carries an id that its log has too.' },
  data_damaged: {
    status: 500,
    meaning: 'A file of the store is damaged; `rolloscope-store check` tells how far, and the message what to do.',
  },
  unavailable: { status: 503, meaning: 'The store is starting or stopping; retry after `Retry-After` seconds.' },
  out_of_memory: {
    status: 503,
    meaning: 'The database has too little memory for this; retry, ask for less, or give the store a larger --cache.',
  },
  disk_full: { status: 507, meaning: 'The disk is full; nothing of the request was stored. Delete runs, and retry.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** The shape of every answer that is not a success. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Enum(Object.keys(ERRORS) as ErrorCode[]),
        message: Type.String({ description: 'What failed, where, and what to do.' }),
      },
      strict,
    ),
  },
  strict,
);
export type ErrorAnswer = Static<typeof ErrorAnswer>;
