import { ERRORS, ErrorAnswer, type ErrorCode } from './errors';
import { MediaBytes } from './media';
import { MEDIA_TYPES } from './mediaTypes';
import { API_BASE } from './names';
import { COMMON_ERRORS, ROUTES, type Route } from './routes';

const json = (schema: object) => ({ 'application/json': { schema } });

function errorAnswers(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, meaning } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${meaning}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [
      String(status),
      { description: lines.join('\n\n'), content: json({ $ref: '#/components/schemas/Error' }) },
    ]),
  );
}

function parameters(route: Route): object[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const properties: Record<string, object> = (route.query as { properties?: Record<string, object> })?.properties ?? {};
  return [...inPath, ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }))];
}

function operation(name: string, route: Route): object {
  const codes = [...new Set([...COMMON_ERRORS, ...route.errors])];
  const answer = route.answer
    ? { description: 'Done', content: json(route.answer) }
    : name === 'media'
      ? { description: 'The bytes', content: Object.fromEntries(MEDIA_TYPES.map((type) => [type, {}])) }
      : { description: 'The rows, streamed', content: { 'text/csv': {}, 'application/x-ndjson': {} } };
  const body = route.body === MediaBytes ? { '*/*': { schema: route.body } } : route.body && json(route.body);
  return {
    operationId: name,
    summary: route.summary,
    parameters: parameters(route),
    ...(body && { requestBody: { content: body } }),
    ...(route.scope === 'none' ? { security: [] } : { 'x-scope': route.scope }),
    responses: { '200': answer, ...errorAnswers(codes) },
  };
}

/** The OpenAPI 3.1 page of the API, made from the routes. `version` is the store's. */
export function openApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const operations = paths[route.path] ?? {};
    operations[route.method.toLowerCase()] = operation(name, route);
    paths[route.path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Rolloscope run store', version, license: { name: 'Apache-2.0' } },
    servers: [{ url: API_BASE }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: { Error: ErrorAnswer },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}
