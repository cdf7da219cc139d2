import { StoreError } from '../StoreError';

/** A failure under a code of MLflow's that clients act on. */
export class MlflowError extends StoreError {
  constructor(
    readonly mlflowCode: 'RESOURCE_DOES_NOT_EXIST' | 'ENDPOINT_NOT_FOUND',
    message: string,
  ) {
    super('route_not_found', message);
  }
}

/** MLflow's words for HTTP statuses (`databricks.proto`, `ErrorCode`). */
const CODES: ReadonlyMap<number, string> = new Map([
  [400, 'INVALID_PARAMETER_VALUE'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'RESOURCE_DOES_NOT_EXIST'],
  [409, 'RESOURCE_CONFLICT'],
  [429, 'REQUEST_LIMIT_EXCEEDED'],
  [503, 'TEMPORARILY_UNAVAILABLE'],
]);

/**
 * A failure in MLflow's shape. A full disk is told as 503: clients retry 408, 429, 500, 502, 503 and 504, and raise
 * everything else in the trainer.
 */
export function mlflowError(failure: StoreError): { status: number; body: object } {
  const status = failure.code === 'disk_full' ? 503 : failure.status;
  const code = failure instanceof MlflowError ? failure.mlflowCode : CODES.get(status);
  const fallback = status < 500 ? 'BAD_REQUEST' : 'INTERNAL_ERROR';
  return { status, body: { error_code: code ?? fallback, message: failure.message } };
}
