import type { Access } from '../Access';
import { textOf } from '../formats/coerce';
import type { Writing } from '../services';
import type { MlflowSessions } from './MlflowSessions';
import { readBatch } from './readBatch';
import { describedBy, mergeTags, paramConfig, tagFields } from './runFields';

/** Takes metrics, parameters and tags of a run. */
export class RunLog {
  constructor(
    private readonly writing: Writing,
    private readonly sessions: MlflowSessions,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Takes a `runs/log-batch`. MLflow numbers no calls, so `digest` tells one that is sent again: metrics of one digest
   * are stored once. Nothing is lost by that, since points carry their time. Parameters and tags are what they are told
   * to be last; that a parameter never changes is a rule of MLflow's servers, which ends resumed jobs.
   */
  async take(body: Record<string, unknown>, digest: string, access: Access): Promise<object> {
    const { session } = await this.sessions.require(body.run_id ?? body.run_uuid, access);
    await session.alone(async () => {
      const leftOut = session.leavesOut();
      const { entries, params, tags } = readBatch(body, this.now(), leftOut);
      const state = { ...session.state, tags: mergeTags(session.state.tags, tags, leftOut) };
      if (params.size > 0 || tags.size > 0) {
        const fields = tagFields(state.tags);
        const put = {
          project: session.project,
          ...describedBy(tags),
          ...(tags.size > 0 && { tags: fields.tags }),
          config: { ...paramConfig(params), ...(tags.size > 0 && fields.config) },
        };
        await this.writing.putRun(session.id, put, access, { leaves: true });
      }
      const batchId = entries.length > 0 ? `mlflow ${digest}` : undefined;
      await session.log(this.writing, access, { entries, state, leftOut, ...(batchId && { batchId }) });
    });
    return {};
  }

  /** `runs/delete-tag` */
  async deleteTag(body: Record<string, unknown>, access: Access): Promise<object> {
    const { session } = await this.sessions.require(body.run_id, access);
    await session.alone(async () => {
      const { [textOf(body.key)]: _, ...tags } = session.state.tags;
      const [before, after] = [tagFields(session.state.tags), tagFields(tags)];
      const gone = Object.keys(before.config).filter((key) => !Object.hasOwn(after.config, key));
      const config = { ...Object.fromEntries(gone.map((key) => [key, null])), ...after.config };
      await this.writing.putRun(session.id, { project: session.project, tags: after.tags, config }, access, {
        leaves: true,
      });
      await session.log(this.writing, access, { entries: [], state: { ...session.state, tags } });
    });
    return {};
  }

  /** Tells once what a client sent of a run and the store does not keep. */
  async leave(runId: unknown, kind: string, access: Access): Promise<object> {
    const { session } = await this.sessions.require(runId, access);
    await session.alone(async () => {
      const leftOut = session.leavesOut();
      leftOut.add(kind, 'in a call of its own');
      await session.log(this.writing, access, { entries: [], leftOut });
    });
    return {};
  }
}
