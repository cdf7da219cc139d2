import type { EngineServers } from '../engine/openEngine';
import { UsageError } from './UsageError';

const FORMS = {
  clickhouse: { pattern: /^https?:\/\/[^\s/]/, form: 'http://HOST:8123/DATABASE' },
  postgres: { pattern: /^postgres(ql)?:\/\/\S/, form: 'postgres://HOST/DATABASE' },
} as const;
const OTHER = { clickhouse: 'postgres', postgres: 'clickhouse' } as const;

/** The servers that have the runs; undefined where the folder has them. Neither does alone. Throws `UsageError`. */
export function engineServers(values: Record<string, string | undefined>): EngineServers | undefined {
  const { clickhouse, postgres, cache } = values;
  if (clickhouse === undefined && postgres === undefined) {
    return undefined;
  }
  for (const name of ['clickhouse', 'postgres'] as const) {
    const { pattern, form } = FORMS[name];
    const url = values[name];
    if (url === undefined) {
      throw new UsageError(`--${OTHER[name]} wants --${name} beside it, such as ${form}.`, 'serve');
    }
    if (!pattern.test(url)) {
      throw new UsageError(
        `--${name} takes an address such as ${form}, with USER:PASSWORD@ before the host; in STORE_${name.toUpperCase()} nobody sees it.`,
        'serve',
      );
    }
  }
  if (cache !== undefined) {
    throw new UsageError('--cache is for a store on this disk; ClickHouse has settings of its own.', 'serve');
  }
  return { clickhouse: clickhouse ?? '', postgres: postgres ?? '' };
}
