import fc from 'fast-check';
import { judgeElsewhere } from './contract';
import { type Endpoint, inPath } from './Endpoint';
import { anyJson } from './fitting';
import { onTheWire } from './onTheWire';
import type { WireRequest } from './WireRequest';
import { oddName } from './words';

const part = fc.oneof(
  fc.constantFrom('api', 'v1', 'v2', 'runs', 'query', 'metrics', 'opentsdb', 'graphql', 'files', 'wandb', 'uploads'),
  fc.constantFrom('2.0', 'mlflow', 'log', 'exports', 'version', '..', '.', '', 'openapi.json', 'favicon.ico'),
  oddName.map(inPath),
);

/** Paths and methods that nothing may be at. */
export const NOWHERE: Endpoint = {
  name: 'nowhere',
  requests: onTheWire(
    fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'), fc.array(part, { maxLength: 6 }), anyJson).map(
      ([method, parts, body]): WireRequest => ({
        to: 'nowhere',
        method,
        path: `/${parts.join('/')}`,
        headers: { 'content-type': 'application/json' },
        ...(method !== 'GET' && { body: JSON.stringify(body) }),
        kind: 'elsewhere',
      }),
    ),
  ),
  judge: judgeElsewhere,
};
