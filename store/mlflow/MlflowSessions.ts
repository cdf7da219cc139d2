import { randomUUID } from 'node:crypto';
import type { Access } from '../Access';
import { AdapterSessions, type ReadState } from '../adapters/AdapterSessions';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { MlflowSession } from './MlflowSession';
import { MlflowError } from './mlflowError';
import { RUN_ID } from './runFields';

/** Finds MLflow runs in the store: clients know a run by 32 hexadecimal digits, which its config has. */
export class MlflowSessions extends AdapterSessions<MlflowSession> {
  constructor(runIndex: RunIndex, stateOf: ReadState) {
    super(runIndex, async ({ record }) => new MlflowSession(record, await stateOf(record.id)));
  }

  static newRunId(): string {
    return randomUUID().replaceAll('-', '');
  }

  /** Throws `RESOURCE_DOES_NOT_EXIST` for a run that is not there, or not of a project that may be written. */
  async require(runId: unknown, access: Access): Promise<{ session: MlflowSession; entry: RunEntry }> {
    const entry = this.find(runId, access);
    if (!entry) {
      const shown = JSON.stringify(runId)?.slice(0, 100) ?? 'none';
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no run with the id ${shown}.`);
    }
    return { session: await this.open(entry), entry };
  }

  /**
   * Finds a run among the projects that the client may write to: a run's config may say that it is a run of another team's, and must stand
   * in the way of none.
   */
  find(runId: unknown, access: Access): RunEntry | undefined {
    if (typeof runId !== 'string' || runId === '') {
      return undefined;
    }
    const isIt = ({ record }: RunEntry) => record.config[RUN_ID] === runId && access.writes(record.project);
    return this.known(runId, isIt, this.runIndex.all());
  }
}
