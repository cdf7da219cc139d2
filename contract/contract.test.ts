import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors';
import { LogRequest } from './log';
import { MetricsRequest } from './metrics';
import { DERIVED_COLUMNS, guessRole, ROW_COLUMNS } from './names';
import { openApi } from './openapi';
import { COMMON_ERRORS, ROUTES, type Route } from './routes';

const routes = Object.values<Route>(ROUTES);

describe('routes', () => {
  it('use every error code, each only from the table', () => {
    const used = new Set<string>([...COMMON_ERRORS, ...routes.flatMap((route) => [...route.errors])]);
    // Told for paths that are no routes, and when the store starts.
    const any = ['route_not_found', 'method_not_allowed', 'data_damaged'];
    expect([...used, ...any].sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it('refuse unknown fields in every object of every body', () => {
    const open: string[] = [];
    const walk = (schema: unknown, path: string) => {
      if (typeof schema !== 'object' || schema === null) {
        return;
      }
      const { type, properties, additionalProperties } = schema as Record<string, unknown>;
      if (type === 'object' && properties && additionalProperties !== false) {
        open.push(path);
      }
      for (const [key, value] of Object.entries(schema)) {
        walk(value, `${path}/${key}`);
      }
    };
    for (const route of routes) {
      walk(route.body, route.path);
    }
    expect(open).toEqual([]);
  });

  it('have in every answer the field by which it is known', () => {
    const without = routes.filter(({ has, answer }) => {
      const { properties, required } = { properties: {}, required: [], ...answer };
      // The page of the API itself has no schema.
      const isOpen = Object.keys(properties).length === 0;
      return has === undefined ? answer !== undefined : !isOpen && !(required as string[]).includes(has);
    });
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it('are all on the OpenAPI page, with their answers and errors', () => {
    const page = openApi('1.2.3') as { paths: Record<string, Record<string, { responses: object }>> };
    for (const route of routes) {
      const responses = page.paths[route.path]?.[route.method.toLowerCase()]?.responses;
      expect(Object.keys(responses ?? {}), route.path).toContain('200');
      for (const code of route.errors) {
        expect(Object.keys(responses ?? {}), `${route.path} ${code}`).toContain(String(ERRORS[code].status));
      }
    }
    expect(JSON.parse(JSON.stringify(page))).toEqual(page);
  });
});

describe('schemas', () => {
  const log = Compile(LogRequest);
  const metrics = Compile(MetricsRequest);
  const entry = (partial: object) => ({ entries: [partial] });

  it.each([
    ['a heartbeat', { entries: [] }],
    ['non-finite numbers as strings', entry({ step: 1, metrics: { loss: 'NaN', 'critic/lr(1e-4)': 1e-4 } })],
    [
      'a column with a role',
      entry({ tables: { t: { columns: ['a', { name: 'b', role: 'reward' }], rows: [[1, 2]] } } }),
    ],
  ])('take %s', (_, body) => {
    expect(log.Check(body)).toBe(true);
  });

  it.each([
    ['an unknown field', entry({ metric: {} })],
    ['a step as text', entry({ step: '5' })],
    ['a step beyond the safe integers', entry({ step: 2 ** 53 })],
    ['a step of 1e300', entry({ step: 1e300 })],
    ['a fraction of a step', entry({ step: 1.5 })],
    ['null as a value', entry({ metrics: { a: null } })],
    ['a word as a value', entry({ metrics: { a: 'nan' } })],
    ['an empty metric name', entry({ metrics: { '': 1 } })],
    ['an unknown role', entry({ tables: { t: { columns: [{ name: 'b', role: 'prize' }], rows: [] } } })],
  ])('refuse %s', (_, body) => {
    expect(log.Check(body)).toBe(false);
  });

  it('tell an x axis by metric from a name', () => {
    expect(metrics.Check({ runs: ['a'], metrics: ['m'], x: { metric: 'tokens' } })).toBe(true);
    expect(metrics.Check({ runs: ['a'], metrics: ['m'], x: 'tokens' })).toBe(false);
  });
});

describe('guessRole', () => {
  it.each([
    ['prompt', 'prompt'],
    ['Response', 'response'],
    ['score', 'reward'],
    ['reward_format', 'rewardPart'],
    ['rewards/format', 'rewardPart'],
    ['group_id', 'groupId'],
    ['ground_truth', 'groundTruth'],
    ['step', undefined],
    ['constructor', undefined],
  ])('%s is %s', (column, role) => {
    expect(guessRole(column)).toBe(role);
  });

  it('gives the store its own columns no role', () => {
    expect([...ROW_COLUMNS, ...DERIVED_COLUMNS].map(guessRole).filter(Boolean)).toEqual([]);
  });
});
