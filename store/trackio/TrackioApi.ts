import { createHash } from 'node:crypto';
import type { Access } from '../Access';
import { numberOf } from '../formats/coerce';
import { nameOf } from '../formats/nameOf';
import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';
import { type Arguments, objectsOf } from './readCall';
import { readRunKey } from './readEntry';
import type { TrackioLogs } from './TrackioLogs';
import type { TrackioRuns } from './TrackioRuns';

/** The answer to a call: `data`, or `error`, whose text the client shows. It shows nothing of one that is not 200. */
export type Answer = { data: unknown } | { error: string };

/** Answers the calls of trackio clients by their names, as far as a training script makes them. */
export class TrackioApi {
  constructor(
    private readonly runs: TrackioRuns,
    private readonly logs: TrackioLogs,
  ) {}

  async answer(name: string, call: Arguments, access: Access): Promise<Answer> {
    switch (name) {
      case 'get_runs_for_project':
        return { data: this.list(call, access) };
      case 'get_run_summary':
        return { data: this.summary(call, access) };
      case 'bulk_log':
        await this.logs.logs(objectsOf(call, 'logs'), access);
        return { data: null };
      case 'bulk_log_system':
        await this.logs.systemLogs(objectsOf(call, 'logs'), access);
        return { data: null };
      case 'bulk_alert':
        await this.logs.alerts(objectsOf(call, 'alerts'), access);
        return { data: null };
      case 'bulk_upload_media':
        return this.takeFiles(objectsOf(call, 'uploads'), access);
      // Files of artifacts are said to be there, so that they are not sent: they are not kept.
      case 'check_artifact_blobs':
        return { data: { present: call.digests } };
      case 'bulk_upload_artifact_blob':
        return { data: null };
      case 'artifact_log':
        return { data: await this.artifact(call, access) };
      case 'get_artifact_manifest':
        return { data: null };
      default:
        return { error: `The run store takes what trackio logs; ${JSON.stringify(name)} it does not know.` };
    }
  }

  /** The runs that `resume` looks through, by name and the time they were made. */
  private list({ project }: Arguments, access: Access): object[] {
    return this.runsIn(project, access).map(({ record }) => ({
      id: record.clientId,
      name: record.name,
      created_at: new Date(record.createdAt).toISOString(),
    }));
  }

  /** Tells how far a run is, so that one that is resumed counts on from there. */
  private summary({ project, run, run_id: id }: Arguments, access: Access): object {
    const entry = this.runsIn(project, access)
      .reverse()
      .find(({ record }) => (typeof id === 'string' ? record.clientId === id : record.name === run));
    if (!entry) {
      return { project, run, run_id: id ?? null, num_logs: 0, metrics: [], config: null, last_step: null };
    }
    const { record, latest, lastStep } = entry;
    return {
      project,
      run: record.name,
      run_id: record.clientId,
      metrics: [...latest.keys()],
      config: record.config,
      last_step: lastStep ?? null,
    };
  }

  private runsIn(project: unknown, access: Access) {
    const name = nameOf(project);
    if (name === undefined) {
      throw new StoreError('invalid_request', 'project must be a name.');
    }
    return this.runs.in(name, access);
  }

  /** Files of a run are told of by the call that logged them; those of `trackio.save` are of a project. */
  private async takeFiles(uploads: Record<string, unknown>[], access: Access): Promise<Answer> {
    const saved = new Map<string, string>();
    for (const { project, run, uploaded_file: file } of uploads) {
      const name = nameOf(project);
      if (typeof run !== 'string' && name !== undefined && !saved.has(name)) {
        saved.set(name, (isObject(file) && nameOf(file.orig_name)) || 'a file');
      }
    }
    for (const [project, file] of saved) {
      if (!(await this.logs.savedFiles(project, file, access))) {
        return { error: 'The run store keeps no files; it has numbers, texts, tables, traces and alerts of runs.' };
      }
    }
    return { data: null };
  }

  private async artifact(call: Arguments, access: Access): Promise<object> {
    const { project, name, run_name: run, run_id, manifest, aliases } = call;
    await this.logs.artifact(readRunKey({ project, run, run_id }), nameOf(name) ?? 'an artifact', access);
    const files = objectsOf({ manifest }, 'manifest');
    return {
      version: 0,
      aliases: Array.isArray(aliases) ? aliases : [],
      manifest: files,
      manifest_digest: createHash('sha256').update(JSON.stringify(files)).digest('hex'),
      size_bytes: files.reduce((sum, { size }) => sum + (numberOf(size) || 0), 0),
    };
  }
}
