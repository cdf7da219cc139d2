import type { RunState } from '@rolloscope/contract/types';
import { textOf } from '../formats/coerce';
import type { RunEntry } from '../runs/RunEntry';
import { jsonNumber } from '../runs/RunIndex';
import { paramText } from './configValue';
import { experimentIdOf } from './experimentId';
import { RUN_ID, tagFields } from './runFields';

/** A run that fell silent is not over for MLflow: its monitor of the machine would stop. */
const STATUS: Record<RunState, string> = {
  running: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  crashed: 'RUNNING',
};

/** Writes a run as MLflow's `RunInfo`. */
export function runInfo({ record }: RunEntry) {
  const id = textOf(record.config[RUN_ID]);
  return {
    run_id: id,
    run_uuid: id,
    run_name: record.name,
    experiment_id: experimentIdOf(record.project),
    user_id: textOf(record.config['mlflow.user'] ?? ''),
    status: STATUS[record.state],
    start_time: record.createdAt,
    ...(record.finishedAt !== undefined && { end_time: record.finishedAt }),
    artifact_uri: `mlflow-artifacts:/${id}`,
    lifecycle_stage: 'active',
  };
}

/** Writes a run as MLflow's `Run`: its latest metrics, its config as parameters, its tags as the client gave them. */
export function runView(entry: RunEntry, tags: Readonly<Record<string, string>>) {
  const { config, name } = entry.record;
  const ofTags = tagFields(tags).config;
  const params = Object.entries(config).filter(([key]) => key !== RUN_ID && !Object.hasOwn(ofTags, key));
  return {
    info: runInfo(entry),
    data: {
      metrics: [...entry.latest].map(([key, { value, time, step }]) => ({
        key,
        value: jsonNumber(value),
        timestamp: time,
        step: step ?? 0,
      })),
      params: params.map(([key, value]) => ({ key, value: paramText(value) })),
      tags: Object.entries({ ...tags, 'mlflow.runName': name }).map(([key, value]) => ({ key, value })),
    },
  };
}
