import type { SortedChanges } from '../../sortChanges';
import type { Keys } from './Catalogue';
import type { Ask } from './Postgres';
import { stored, told } from './storedText';

/** Keys of metrics or tables. Names are shared by all runs and never go, so what was read once is kept. */
export class Names {
  private readonly keys = new Map<string, number>();
  private readonly names = new Map<number, string>();

  constructor(
    private readonly table: 'metrics' | 'tables',
    private readonly column: 'metric' | 'tbl',
  ) {}

  async find(ask: Ask, names: Iterable<string>): Promise<Map<string, number>> {
    const wanted = [...new Set(names)];
    const unknown = wanted.filter((name) => !this.keys.has(name));
    if (unknown.length > 0) {
      const { table, column } = this;
      this.note(await ask(`SELECT ${column}, name FROM ${table} WHERE name = ANY($1)`, [unknown.map(stored)]));
    }
    return new Map(wanted.flatMap((name) => entry(name, this.keys.get(name))));
  }

  /** Those that nobody had get one. */
  async make(ask: Ask, names: Iterable<string>): Promise<Map<string, number>> {
    const wanted = [...new Set(names)];
    const known = await this.find(ask, wanted);
    const fresh = wanted.filter((name) => !known.has(name));
    if (fresh.length === 0) {
      return known;
    }
    await ask(`INSERT INTO ${this.table} (name) SELECT unnest($1::TEXT[]) ON CONFLICT (name) DO NOTHING`, [
      fresh.map(stored),
    ]);
    return this.find(ask, wanted);
  }

  async namesOf(ask: Ask, keys: readonly number[]): Promise<Map<number, string>> {
    const unknown = keys.filter((key) => !this.names.has(key));
    if (unknown.length > 0) {
      const { table, column } = this;
      this.note(await ask(`SELECT ${column}, name FROM ${table} WHERE ${column} = ANY($1)`, [unknown]));
    }
    return new Map(keys.flatMap((key) => entry(key, this.names.get(key))));
  }

  private note(lines: Array<[number, string]>): void {
    for (const [key, text] of lines) {
      const name = told(text);
      this.keys.set(name, key);
      this.names.set(key, name);
    }
  }
}

const entry = <K, V>(key: K, value: V | undefined): Array<[K, V]> => (value === undefined ? [] : [[key, value]]);

/** Keys of runs, by id; those that are not there are left out. */
export async function runKeys(ask: Ask, runs: Iterable<string>): Promise<Map<string, number>> {
  const wanted = [...new Set(runs)];
  if (wanted.length === 0) {
    return new Map();
  }
  const found = await ask<[string, number]>('SELECT id, run FROM runs WHERE id = ANY($1)', [wanted.map(stored)]);
  return new Map(found.map(([id, run]) => [told(id), run]));
}

/** Ids of runs, by key; those that are gone are left out. */
export async function runIds(ask: Ask, keys: readonly number[]): Promise<Map<number, string>> {
  const found = await ask<[number, string]>('SELECT run, id FROM runs WHERE run = ANY($1)', [keys]);
  return new Map(found.map(([run, id]) => [run, told(id)]));
}

/** Collects the names in a commit's changes. */
function namesIn({ records, points, rows, adoptions, events, batches, adapterState, labels }: SortedChanges) {
  return {
    runs: new Set([
      ...records.map(({ id }) => id),
      ...[...points, ...rows, ...adoptions, ...events, ...batches, ...adapterState].map(({ run }) => run),
      ...labels.map(({ rollout }) => rollout.run),
    ]),
    metrics: new Set(points.flatMap(({ metrics }) => metrics)),
    tables: new Set([
      ...[...rows, ...adoptions].map(({ table }) => table),
      ...labels.map(({ rollout }) => rollout.table),
    ]),
  };
}

/** Keys for all that a commit names, and which of its runs have none yet: theirs are reserved, and nobody's until then. */
export async function keysFor(
  ask: Ask,
  names: Readonly<Record<'metrics' | 'tables', Names>>,
  changes: SortedChanges,
): Promise<{ keys: Keys; freshRuns: ReadonlySet<string> }> {
  const { runs, metrics, tables } = namesIn(changes);
  const deleted = new Set(changes.deleted);
  const known = await runKeys(
    ask,
    [...runs].filter((id) => !deleted.has(id)),
  );
  const fresh = [...runs].filter((id) => !known.has(id));
  if (fresh.length > 0) {
    const reserved = await ask<[number]>("SELECT nextval('run_keys')::INTEGER FROM generate_series(1, $1)", [
      fresh.length,
    ]);
    fresh.forEach((id, i) => {
      known.set(id, reserved[i]?.[0] ?? 0);
    });
  }
  const keys = {
    runs: known,
    metrics: await names.metrics.make(ask, metrics),
    tables: await names.tables.make(ask, tables),
  };
  return { keys, freshRuns: new Set(fresh) };
}
