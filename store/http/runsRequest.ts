import { LIMITS } from '@rolloscope/contract';
import type { Condition, RunsQuery, RunsRequest } from '@rolloscope/contract/types';
import { StoreError } from '../StoreError';

/** Writes `GET /runs` as the `POST /query/runs` that it is short for. */
export function runsRequest(query: RunsQuery): RunsRequest {
  const { project, state, group, tag, archived, q, include, limit, cursor } = query;
  const wanted = { project, state, group, tag };
  const where = Object.entries(wanted).flatMap(([column, value]): Condition[] =>
    value === undefined ? [] : [{ column, op: 'eq', value }],
  );
  if (archived !== undefined) {
    where.push({ column: 'archived', op: 'eq', value: archived === 'true' });
  }
  return {
    ...(where.length > 0 && { where }),
    ...(q !== undefined && { q }),
    ...(include !== undefined && { include: parseInclude(include) }),
    ...(limit !== undefined && { limit: parseLimit(limit) }),
    ...(cursor !== undefined && { cursor }),
  };
}

function parseInclude(text: string): ('config' | 'summary')[] {
  return text.split(',').map((part) => {
    if (part !== 'config' && part !== 'summary') {
      throw new StoreError('invalid_request', `include must be config, summary or config,summary, not "${text}".`);
    }
    return part;
  });
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (limit > LIMITS.listEntries) {
    throw new StoreError('limit_exceeded', `limit is ${text}; the limit is ${LIMITS.listEntries} (listEntries).`);
  }
  return limit;
}
