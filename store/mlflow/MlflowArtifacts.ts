import { posix } from 'node:path';
import { LIMITS } from '@rolloscope/contract';
import type { Access } from '../Access';
import { byStep } from '../formats/byStep';
import type { RewardHints } from '../formats/rewardFunctions';
import { rewardHintsOf } from '../runs/rewardHintsOf';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { inTurns } from '../Turn';
import { digestOf } from './digestOf';
import type { MlflowRunState, MlflowSession, RunLogged } from './MlflowSession';
import type { MlflowSessions } from './MlflowSessions';
import { NoTable, readTableArtifact, tablePlace } from './readTableArtifact';

/** Tables of a run of which is remembered how their files begin. */
const MOST_TABLES = 50;

/** The body of an upload, read to its end; undefined for one beyond the limit of a body, or where it is not wanted. */
type ReadUpload = (isWanted: boolean) => Promise<Buffer | undefined>;

/**
 * Takes tables from the artifacts that clients upload; other artifacts are not kept. No file is: clients are told that
 * nothing is there, so that `log_table` uploads its new rows alone, and not the whole table anew through pandas, which
 * would read the text "4" back as a number.
 */
export class MlflowArtifacts {
  constructor(
    private readonly writing: Writing,
    private readonly sessions: MlflowSessions,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Answers a listing: nothing is there, so what comes next under these paths is new. That is durable before it is
   * answered, since the listing between them is what tells an upload from its own retry.
   */
  async list(path: string, access: Access): Promise<{ files: never[] }> {
    const { session, name: folder } = await this.place(path, access);
    await session.alone(async () => {
      const known = Object.entries(session.state.tables);
      const kept = known.filter(([file]) => posix.dirname(file) !== (folder || '.'));
      if (kept.length < known.length) {
        const state = { ...session.state, tables: Object.fromEntries(kept) };
        await session.log(this.writing, access, { entries: [], state });
      }
    });
    return { files: [] };
  }

  /** Nothing that a client logged may end the training, so what is not kept is told as an event of the run. */
  async take(path: string, read: ReadUpload, access: Access): Promise<object> {
    const { session, entry, name } = await this.place(path, access);
    const place = tablePlace(name);
    const body = await read(place !== undefined);
    await session.alone(async () => {
      const leftOut = session.leavesOut();
      if (body && place) {
        try {
          await session.log(
            this.writing,
            access,
            await this.tableLog(session, name, place, body, rewardHintsOf(entry)),
          );
          return;
        } catch (cause) {
          if (!(cause instanceof StoreError && cause.status === 400)) {
            throw cause;
          }
          leftOut.add(faultOf(cause, place.name), name);
        }
      } else if (place) {
        leftOut.add(`artifacts larger than ${LIMITS.bodyBytes / 1024 / 1024} MB`, name);
      } else {
        leftOut.add(`artifacts ${posix.extname(name).slice(0, 20) || 'without an extension'}`, name);
      }
      await session.log(this.writing, access, { entries: [], leftOut });
    });
    return {};
  }

  private async tableLog(
    { state: before }: MlflowSession,
    name: string,
    place: { name: string; step?: number },
    body: Buffer,
    hints: RewardHints,
  ): Promise<RunLogged> {
    const { table, state } = await readTableArtifact(body, before.tables[name], hints);
    const time = this.now();
    const entries = (await inTurns(byStep(place.name, table, place.step))).map((entry) => ({ ...entry, time }));
    if (!state) {
      const digest = await digestOf(body, name);
      return { entries, state: before, batchId: `mlflow ${digest}` };
    }
    const { [name]: _, ...others } = before.tables;
    const tables = Object.entries({ ...others, [name]: state }).slice(-MOST_TABLES);
    return { entries, state: { ...before, tables: Object.fromEntries(tables) } satisfies MlflowRunState };
  }

  /** Artifacts of a run are at `mlflow-artifacts:/<run id>/<name>`. */
  private async place(path: string, access: Access) {
    const [runId = '', ...names] = path.split('/').filter((part) => part !== '');
    const { session, entry } = await this.sessions.require(runId, access);
    return { session, entry, name: names.join('/') };
  }
}

/** Most JSON files are no tables, and one event for all of them is enough; a table that is not taken is told by its name. */
function faultOf(cause: StoreError, table: string): string {
  return cause instanceof NoTable
    ? 'JSON artifacts that are no table'
    : `the table ${JSON.stringify(table)}, since ${cause.message}`;
}
