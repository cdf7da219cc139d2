import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';

/** The arguments of a call, by name. */
export type Arguments = Record<string, unknown>;

/**
 * Reads `{"args": […], "kwargs": {…}}`, as trackio clients call `POST /api/<name>`; `positions` names the arguments that
 * may come by position. Throws `route_not_found` for a body of another form: it is no call of trackio, and a client of
 * the contract that mistook a path must hear so.
 */
export function readCall(call: unknown, positions: readonly string[]): Arguments {
  if (!isObject(call) || !Array.isArray(call.args) || !isObject(call.kwargs)) {
    throw new StoreError(
      'route_not_found',
      'No such path, except for trackio clients. /api/v1/openapi.json lists all.',
    );
  }
  const { args, kwargs } = call;
  const placed = positions.filter((_, i) => i < args.length).map((name, i) => [name, args[i]] as const);
  return { ...Object.fromEntries(placed), ...kwargs };
}

/** The objects of a list that a call must have. */
export function objectsOf(call: Arguments, name: string): Record<string, unknown>[] {
  const list = call[name];
  if (!Array.isArray(list) || !list.every(isObject)) {
    throw new StoreError('invalid_request', `${name} must be a list of objects.`);
  }
  return list;
}
