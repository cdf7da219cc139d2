import { jobOf } from '@rolloscope/contract/jobOf';
import type { RunPut } from '@rolloscope/contract/types';
import { LRUCache } from 'lru-cache';
import type { Access } from '../Access';
import { numberOf, textOf } from '../formats/coerce';
import { LeftOut } from '../formats/LeftOut';
import { isName, nameOf } from '../formats/nameOf';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { memoryOf } from '../runs/runSize';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { Turn } from '../Turn';
import { projectOf } from './experimentId';
import { MlflowSessions } from './MlflowSessions';
import { MlflowError } from './mlflowError';
import { readPairs } from './readBatch';
import { describedBy, mergeTags, PARENT, RUN_ID, tagFields } from './runFields';
import { runInfo, runView } from './runView';

type Body = Record<string, unknown>;

/** Runs that were created last, whose creation may come again. */
const MOST_CREATED = 5_000;
/** Runs of one moment that are looked at for one whose creation comes again, the latest ones. */
const MOST_LIKE = 100;
/** States of runs that ended, by MLflow's statuses. */
const ENDED = { FINISHED: 'finished', FAILED: 'failed', KILLED: 'failed' } as const;

/** Runs as MLflow clients begin, describe, end and take them up again. */
export class Runs {
  /** Tells, by a run's id in the store, whether the connection is still there over which its creation was answered. */
  private readonly isAnswered = new LRUCache<string, () => boolean>({ max: MOST_CREATED });
  private creating: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly runIndex: RunIndex,
    private readonly writing: Writing,
    private readonly sessions: MlflowSessions,
  ) {}

  /**
   * Creates a run. A call that comes again (its `digest` is the same) because its answer was lost finds the run that it
   * created: nothing was logged to that, and the connection that should have brought the answer is gone. While that is
   * there (`isConnected`), the same call is another client's. Two runs are never created at one time, since a name is
   * taken by whoever comes first.
   */
  create(body: Body, digest: string, access: Access, isConnected: () => boolean): Promise<{ run: object }> {
    const result = this.creating.then(() => this.createAlone(body, digest, access, isConnected));
    this.creating = result.catch(() => undefined);
    return result;
  }

  private async createAlone(body: Body, digest: string, access: Access, isConnected: () => boolean) {
    const project = projectOf(body.experiment_id ?? '0');
    if (project === undefined) {
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no such experiment.');
    }
    const startedAt = readStart(body.start_time);
    const lost = startedAt === undefined ? undefined : await this.findLost(project, startedAt, digest, access);
    const leftOut = new LeftOut(new Set());
    const given = readPairs(body.tags, 'tags', leftOut);
    const user = nameOf(body.user_id);
    const tags = mergeTags(user === undefined ? {} : { 'mlflow.user': user }, given, leftOut);
    const runId = textOf(lost?.record.config[RUN_ID] ?? MlflowSessions.newRunId());
    const fields = tagFields(tags);
    const { [RUN_ID]: _, ...ofTags } = fields.config;
    const described = describedBy(given);
    const name = lost?.record.name ?? nameOf(body.run_name) ?? described.name ?? `run-${runId.slice(0, 8)}`;
    const group = described.group ?? (await this.parentGroup(given.get(PARENT), access)) ?? jobOf(name)?.job;
    const put: RunPut = {
      project,
      ...described,
      name,
      tags: fields.tags,
      ...(group !== undefined && { group }),
      ...(startedAt !== undefined && { startedAt }),
      // The first of its keys, so that it is kept where there is room for little else; no tag takes its place.
      config: { [RUN_ID]: runId, ...ofTags },
    };
    if (lost) {
      await this.writing.putRun(lost.record.id, put, access, { leaves: true });
    } else {
      await this.writing.openRun({ ids: idsOf(project, name, runId), put }, access);
    }
    const { session } = await this.sessions.require(runId, access);
    this.isAnswered.set(session.id, isConnected);
    await session.alone(async () => {
      const state = { ...session.state, tags, created: digest };
      await session.log(this.writing, access, { entries: [], state, leftOut });
    });
    return this.get(runId, access);
  }

  /** A run that the same call created, and whose answer may have been lost: then nobody logged to it. */
  private async findLost(project: string, startedAt: number, digest: string, access: Access) {
    const like: RunEntry[] = [];
    await new Turn().all([...this.runIndex.all()], (entry) => {
      const { id, createdAt, config, attempts } = entry.record;
      const isLike = entry.record.project === project && createdAt === startedAt && typeof config[RUN_ID] === 'string';
      if (isLike && attempts.length === 0 && !this.isAnswered.peek(id)?.() && access.writes(project)) {
        like.push(entry);
      }
    });
    for (const entry of like.slice(-MOST_LIKE)) {
      const { created } = (await this.sessions.open(entry)).state;
      if (created === undefined || created === digest) {
        return entry;
      }
    }
    return undefined;
  }

  /** A parent and its children are one group. */
  private async parentGroup(parentId: string | undefined, access: Access): Promise<string | undefined> {
    const parent = this.sessions.find(parentId, access);
    if (!parent) {
      return undefined;
    }
    const { id, localId = id, project, group = localId } = parent.record;
    if (parent.record.group === undefined) {
      await this.writing.putRun(id, { project, group }, access);
    }
    return group;
  }

  /** `hold` keeps room for what the answer takes until it is sent. */
  async get(runId: unknown, access: Access, hold: (bytes: number) => void = () => {}): Promise<{ run: object }> {
    const { session } = await this.sessions.require(runId, access);
    const entry = this.entryOf(session.id);
    hold(memoryOf(entry));
    return { run: runView(entry, session.state.tags) };
  }

  /** Takes the status that a client gives the run, and its name. */
  async update(body: Body, access: Access): Promise<{ run_info: object }> {
    const { session, entry } = await this.sessions.require(body.run_id ?? body.run_uuid, access);
    const name = nameOf(body.run_name);
    const { status } = body;
    await session.alone(async () => {
      if (name !== undefined && name !== entry.record.name) {
        await this.writing.putRun(session.id, { project: session.project, name }, access);
      }
      if (status === 'RUNNING' || status === 'SCHEDULED') {
        // The client takes the run up again, and its steps may go back once.
        const maxAttempts = this.entryOf(session.id).record.attempts.length + 1;
        const state = { ...session.state, maxAttempts };
        await session.log(this.writing, access, { entries: [], state, reopens: true });
      } else if (typeof status === 'string' && Object.hasOwn(ENDED, status)) {
        await this.writing.finish(session.id, { state: ENDED[status as keyof typeof ENDED] }, access);
      } else if (status !== undefined) {
        throw new StoreError('invalid_request', 'status must be RUNNING, SCHEDULED, FINISHED, FAILED or KILLED.');
      }
    });
    return { run_info: runInfo(this.entryOf(session.id)) };
  }

  private entryOf(id: string): RunEntry {
    const entry = this.runIndex.get(id);
    if (!entry) {
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The run was deleted.');
    }
    return entry;
  }
}

/** The run's name, which people read in dashboards; where it is taken, with the project, then with the run's id. */
function idsOf(project: string, name: string, runId: string): string[] {
  const unique = `-${runId.slice(0, 8)}`;
  const ids = [name, `${project}/${name}`, `${[...`${project}/${name}`].slice(0, 240).join('')}${unique}`];
  return [...ids.filter(isName), runId];
}

function readStart(value: unknown): number | undefined {
  const time = numberOf(value);
  return Number.isSafeInteger(time) && time > 0 && time <= 8_640_000_000_000_000 ? time : undefined;
}
