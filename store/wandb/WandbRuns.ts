import { LIMITS } from '@rolloscope/contract';
import { jobOf } from '@rolloscope/contract/jobOf';
import type { RunPut } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { nameOf } from '../formats/nameOf';
import { isObject, readObject } from '../formats/readObject';
import { jsonNumber, type RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { type Forks, readBranch } from './Forks';
import { addResource, hostResource } from './hostResources';
import { ENTITY, PROJECT } from './runNames';
import { readAxes } from './stepAxes';
import { markResume } from './WandbRunState';
import type { WandbSession } from './WandbSession';
import type { WandbSessions } from './WandbSessions';

/** Runs as W&B clients begin, describe and resume them. */
export class WandbRuns {
  constructor(
    private readonly runIndex: RunIndex,
    private readonly writing: Writing,
    private readonly sessions: WandbSessions,
    private readonly forks: Forks,
  ) {}

  /** Creates a run, or takes what changed of it; answers with what W&B calls a bucket. */
  async upsert(
    variables: Record<string, unknown>,
    access: Access,
    isShared: boolean,
  ): Promise<Record<string, unknown>> {
    const project = nameOf(variables.project) ?? PROJECT;
    const name = nameOf(variables.name) ?? nameOf(variables.id);
    if (name === undefined) {
      throw new StoreError('invalid_request', 'UpsertBucket must have the id of the run as name.');
    }
    const config = typeof variables.config === 'string' ? await readConfig(variables.config) : undefined;
    const isNew = !this.sessions.runOf(project, name);
    await this.putRun(project, name, runPut(variables, project, config), access);
    const session = await this.sessions.require(project, name, access);
    const branch = readBranch(config?.wandb);
    if (branch) {
      await this.forks.fork(session, branch, access);
    }
    // The first call of a client has what describes its process; further ones only what changed.
    const begins = typeof variables.host === 'string' || typeof variables.program === 'string';
    await session.alone(async () => {
      const state = structuredClone(session.state);
      if (begins && !isShared) {
        markResume(state);
      }
      const axes = readAxes(config?.wandb.m);
      if (axes.length > 0) {
        state.axes = axes;
      }
      if (JSON.stringify(state) !== JSON.stringify(session.state)) {
        await session.log(this.writing, access, { entries: [], state });
      }
    });
    if (begins) {
      session.begin();
    } else {
      session.settle();
    }
    await this.addMachines(session, [{ host: variables.host }, ...machines(config?.wandb.e)], access);
    const { record } = this.runIndex.get(session.id) ?? {};
    const bucket = {
      id: this.sessions.shownId(session, access),
      name,
      displayName: record?.name ?? name,
      description: null,
      config: '{}',
      sweepName: null,
      // Offsets are counted by the store for itself: a client that starts over starts at 0, and is told apart.
      historyLineCount: 0,
      project: { id: project, name: project, entity: { id: ENTITY, name: nameOf(variables.entity) ?? ENTITY } },
    };
    return { bucket, inserted: isNew && !isShared };
  }

  /** Says whether a run is there: not deleted, nor made anew under the same id. */
  isThere({ id, key }: WandbSession): boolean {
    const entry = this.runIndex.get(id);
    return entry !== undefined && entry.record.key === key;
  }

  private async putRun(project: string, name: string, put: RunPut, access: Access) {
    const ids = this.sessions.idsOf(project, name, access);
    const isNew = !this.sessions.runOf(project, name);
    const job = isNew && put.group === undefined ? jobOf(put.name ?? name)?.job : undefined;
    for (const id of ids) {
      try {
        return await this.writing.putRun(id, { ...put, ...(job !== undefined && { group: job }) }, access, {
          leaves: true,
        });
      } catch (cause) {
        if (!(cause instanceof StoreError && cause.code === 'project_conflict') || id === ids.at(-1)) {
          throw cause;
        }
      }
    }
    throw new StoreError('project_conflict', `The run ${JSON.stringify(name)} exists in another project.`);
  }

  /** Adds machines that a run came to, and what more is known of one. */
  async addMachines(session: WandbSession, metadata: readonly unknown[], access: Access): Promise<void> {
    await session.alone(async () => {
      const known = this.runIndex.get(session.id)?.record.resources ?? [];
      let resources = known;
      for (const one of metadata.map(hostResource).filter((one) => one !== undefined)) {
        resources = addResource(resources, one) ?? resources;
      }
      if (resources !== known) {
        await this.writing.putRun(session.id, { project: session.project, resources }, access, { leaves: true });
      }
    });
  }

  /** Says what a client needs to go on with a run where it ended. It may refuse to, so nothing changes by asking. */
  async resumeStatus(variables: Record<string, unknown>, access: Access): Promise<Record<string, unknown>> {
    const project = nameOf(variables.project) ?? PROJECT;
    const name = nameOf(variables.name) ?? '';
    const session = await this.sessions.find(project, name, access);
    const entry = session && this.runIndex.get(session.id);
    const model = { id: project, name: project, entity: { id: ENTITY, name: nameOf(variables.entity) ?? ENTITY } };
    if (!entry) {
      return { ...model, bucket: null };
    }
    const { files, last } = session.state;
    const own = {
      ...(last.step !== undefined && { _step: last.step }),
      ...(last.runtime !== undefined && { _runtime: last.runtime }),
      ...(last.time !== undefined && { _timestamp: last.time / 1_000 }),
    };
    const summary = [...entry.latest].map(([metric, { value }]) => [metric, jsonNumber(value)]);
    const config = Object.entries(entry.record.config).map(([key, value]) => [key, { value }]);
    return {
      ...model,
      bucket: {
        id: this.sessions.shownId(session, access),
        name,
        displayName: entry.record.name,
        tags: entry.record.tags,
        notes: entry.record.notes ?? null,
        config: JSON.stringify(Object.fromEntries(config)),
        summaryMetrics: JSON.stringify({ ...Object.fromEntries(summary), ...own }),
        historyLineCount: files.history?.lines ?? 0,
        eventsLineCount: files.events?.lines ?? 0,
        logLineCount: files.console?.lines ?? 0,
        historyTail: JSON.stringify(last.step === undefined ? [] : [JSON.stringify(own)]),
        eventsTail: JSON.stringify([]),
        wandbConfig: JSON.stringify({ t: {} }),
      },
    };
  }
}

const machines = (environments: unknown) => (isObject(environments) ? Object.values(environments).slice(0, 1_000) : []);

/** Reads a config as W&B writes it: `{"lr": {"value": 1e-4}, "_wandb": {"value": {…}}}`. */
async function readConfig(text: string): Promise<{ values: Record<string, unknown>; wandb: Record<string, unknown> }> {
  const entries = Object.entries(await readObject(text, 'config'));
  const unwrapped = (entry: unknown) => (isObject(entry) && 'value' in entry ? entry.value : entry);
  const wandb = unwrapped(entries.find(([key]) => key === '_wandb')?.[1]);
  const values = entries
    .filter(([key]) => key !== '_wandb' && key !== '' && key.length <= LIMITS.nameChars)
    .map(([key, entry]) => [key, unwrapped(entry)] as const);
  return { values: Object.fromEntries(values), wandb: isObject(wandb) ? wandb : {} };
}

function runPut(
  variables: Record<string, unknown>,
  project: string,
  config: { values: Record<string, unknown> } | undefined,
): RunPut {
  const name = nameOf(variables.displayName);
  const group = nameOf(variables.groupName);
  const jobType = nameOf(variables.jobType);
  const tags = Array.isArray(variables.tags) ? variables.tags.map(nameOf).filter((tag) => tag !== undefined) : [];
  const notes = typeof variables.notes === 'string' ? variables.notes.slice(0, 10_000) : '';
  const values = { ...config?.values, ...(jobType !== undefined && { job_type: jobType }) };
  return {
    project,
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(tags.length > 0 && { tags: [...new Set(tags)].slice(0, 100) }),
    ...(notes !== '' && { notes }),
    ...(Object.keys(values).length > 0 && { config: values }),
  };
}
