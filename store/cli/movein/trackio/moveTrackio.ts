import { counted } from '../../import/counted';
import { tell } from '../../say';
import type { Move } from '../Move';
import { MoveState } from '../MoveState';
import { Tally } from '../Tally';
import { findProjects, type TrackioProject } from './findProjects';
import type { TrackioRow } from './TrackioTables';

/** A record of how far a project came: numbers of the last rows, by table, and prints of the files as they were. */
interface Moved {
  rows: Record<string, number>;
  prints?: Record<string, string>;
}

/** Calls of `trackio.log` that are sent in one, and characters. */
const BATCH = 500;
const BATCH_CHARS = 4 * 2 ** 20;

/**
 * Brings what trackio keeps in a folder (a SQLite file for each project, or what it exported) into the store, through the
 * calls that its client would have made: each has an id, under which the store takes it once.
 */
export async function moveTrackio(move: Move): Promise<number> {
  const { place, flags, values } = move;
  const projects = findProjects(place);
  const tally = new Tally(place);
  for (const project of projects) {
    const state = new MoveState<Moved>(move.state, project.file, `${move.api.base} ${values.project ?? ''}`);
    if (flags.has('again')) {
      state.forget();
    }
    await moveProject(project, state, move, tally);
  }
  return tally.end();
}

async function moveProject(
  { name, file, open }: TrackioProject,
  state: MoveState<Moved>,
  move: Move,
  tally: Tally,
): Promise<void> {
  const tables = await open();
  try {
    if (!tables.has('metrics')) {
      throw new Error(`${file} has no table of metrics: trackio did not write it.`);
    }
    const project = move.values.project ?? name;
    const moved = state.read(name) ?? { rows: {} };
    const configs = new Map<string, TrackioRow>();
    for await (const row of tables.has('configs') ? tables.rows('configs', 0) : []) {
      configs.set(keyOf(row), row);
    }
    const wanted = move.values.run?.split(',');
    const seen = new Map<string, { name: string; calls: number; config: boolean }>();
    const calls = async (table: string, path: string, list: string, entryOf: (row: TrackioRow) => object) => {
      let batch: object[] = [];
      let chars = 0;
      if (!tables.has(table)) {
        return;
      }
      const print = await tables.print(table);
      // Rows of an export that was written anew have other places; the store knows those that it has.
      let last = moved.prints?.[table] === print || print === '' ? (moved.rows[table] ?? 0) : 0;
      const flush = async () => {
        if (batch.length > 0) {
          await move.root.send('POST', `/api/${path}`, { args: [], kwargs: { [list]: batch } }).then(requireTaken);
          moved.rows[table] = last;
          moved.prints = { ...moved.prints, [table]: print };
          state.write(name, moved);
          [batch, chars] = [[], 0];
        }
      };
      for await (const row of tables.rows(table, last)) {
        const key = keyOf(row);
        last = Number(row.rowid);
        if (wanted !== undefined && !wanted.includes(String(row.run_name))) {
          continue;
        }
        const run = seen.get(key) ?? { name: String(row.run_name), calls: 0, config: false };
        seen.set(key, run);
        const config = run.config ? undefined : configs.get(key)?.config;
        run.config = true;
        run.calls++;
        const entry = {
          ...{ project, run: run.name, run_id: key, timestamp: textOf(row.timestamp), config: null },
          ...(config !== undefined && { config: JSON.parse(textOf(config)) as unknown }),
          log_id: `${textOf(row.log_id) || `${table} ${key} ${row.id ?? row.rowid}`}`,
          ...entryOf(row),
        };
        batch.push(entry);
        chars += JSON.stringify(entry).length;
        if (batch.length >= BATCH || chars > BATCH_CHARS) {
          await flush();
        }
      }
      await flush();
    };
    await calls('metrics', 'bulk_log', 'logs', (row) => ({
      metrics: JSON.parse(textOf(row.metrics)) as unknown,
      step: row.step,
    }));
    await calls('traces', 'bulk_log', 'logs', traceOf);
    await calls('alerts', 'bulk_alert', 'alerts', alertOf);
    if (move.flags.has('system')) {
      await calls('system_metrics', 'bulk_log_system', 'logs', (row) => ({
        metrics: JSON.parse(textOf(row.metrics)) as unknown,
      }));
    }
    for (const [key, run] of seen) {
      await tally.take(run.name, async () => ({
        said: `${counted(run.calls, 'call')} of ${key.slice(0, 8)}, into the project ${project}`,
      }));
    }
    if (seen.size === 0) {
      tell(`${file}: nothing new.`);
    }
  } finally {
    tables.close();
  }
}

/** Errors of trackio's protocol come with status 200. */
function requireTaken(answer: unknown): void {
  const error = (answer as { error?: unknown }).error;
  if (error !== undefined) {
    throw new Error(`The store does not take it: ${String(error)}`);
  }
}

/** Before 0.25 runs had no id beside their name. */
const keyOf = (row: TrackioRow): string => textOf(row.run_id) || textOf(row.run_name);

/** Cells of JSON are blobs in newer files. */
const textOf = (cell: unknown): string =>
  cell instanceof Uint8Array ? Buffer.from(cell).toString() : String(cell ?? '');

const jsonOf = (cell: unknown, other: unknown): unknown => (textOf(cell) === '' ? other : JSON.parse(textOf(cell)));

function traceOf(row: TrackioRow): object {
  const trace = {
    messages: jsonOf(row.messages, []),
    metadata: jsonOf(row.metadata, {}),
    spans: jsonOf(row.spans, []),
  };
  return {
    metrics: { [textOf(row.key)]: { _type: 'trackio.trace', ...trace } },
    step: row.step,
    log_id: `trace ${textOf(row.id)}`,
  };
}

const alertOf = ({ title, text, level, step, alert_id: id }: TrackioRow): object => ({
  ...{ title, text, level, step },
  ...(id !== null && id !== undefined && { alert_id: id }),
});
