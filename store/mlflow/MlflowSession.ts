import type { Access } from '../Access';
import { AdapterSession, type SessionLog, type StateKind } from '../adapters/AdapterSession';
import type { RunRecord } from '../engine/Engine';
import type { LoggedTableState } from '../formats/readTableFile';
import type { Writing } from '../services';

/** The adapter state of an MLflow run: what must be remembered beside what is stored of it. */
export interface MlflowRunState {
  /** SHA-256 of the call that created it. */
  created?: string;
  /** All tags, as the client has them. */
  tags: Record<string, string>;
  /** One more than the run had when a client last took it up again. */
  maxAttempts: number;
  /** Tables that a client may log anew as a whole, by artifact path, the latest last. */
  tables: Record<string, LoggedTableState>;
}

const STATE: StateKind<MlflowRunState> = { key: 'mlflow', empty: () => ({ tags: {}, maxAttempts: 1, tables: {} }) };

export interface RunLogged extends SessionLog<MlflowRunState> {
  /** The run goes on, though it had ended. */
  reopens?: boolean;
}

/** An MLflow run while its clients log. */
export class MlflowSession extends AdapterSession<MlflowRunState> {
  constructor(record: RunRecord, stored: ReadonlyMap<string, string>) {
    super(record, STATE, stored);
  }

  override log(writing: Writing, access: Access, { reopens, ...log }: RunLogged): Promise<void> {
    const { maxAttempts } = log.state ?? this.state;
    return super.log(writing, access, { keepsState: reopens !== true, maxAttempts, ...log });
  }
}
