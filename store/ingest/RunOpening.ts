import { randomBytes } from 'node:crypto';
import { LIMITS } from '@rolloscope/contract';
import type { RunPut } from '@rolloscope/contract/types';
import { type Access, requireWrites } from '../Access';
import type { Clock } from '../Clock';
import type { RunRecord } from '../engine/Engine';
import { LeftOut } from '../formats/LeftOut';
import { wellFormed } from '../json/wellFormed';
import { StoreError } from '../StoreError';
import type { OpenedRun, OpenRun, PutExtras } from '../services';
import { describeRun } from './describeRun';
import { RunDraft } from './RunDraft';
import type { RunLife } from './RunLife';
import type { Stage } from './Stage';

/** The making of runs, and what they are told to be. */
export class RunOpening {
  constructor(
    private readonly clock: Clock,
    private readonly life: RunLife,
  ) {}

  /** The run of that id, as it is told to be; a new one where there is none. */
  put(stage: Stage, id: string, body: RunPut, access: Access, extras: PutExtras): RunDraft {
    requireWrites(access, body.project);
    const known = stage.find(id, access);
    if (known && known.record.project !== body.project) {
      const where = JSON.stringify(known.record.project);
      throw new StoreError('project_conflict', `The run ${JSON.stringify(id)} exists in another project ${where}.`);
    }
    if (known && extras.clientId !== undefined && extras.clientId !== known.record.clientId) {
      throw new StoreError('project_conflict', `The run ${JSON.stringify(id)} exists, and is another one.`);
    }
    const draft = known ?? this.create(stage, id.toWellFormed(), body);
    this.describe(stage, draft, body, extras);
    return draft;
  }

  /** The run that a client calls so in its project; else a new one, under the first id that is free. */
  open(stage: Stage, { ids, put: body, change = {}, clientId, endsSilently }: OpenRun, access: Access): OpenedRun {
    const { project } = body;
    requireWrites(access, project);
    const extras = { ...(clientId !== undefined && { clientId }), ...(endsSilently && { endsSilently }), leaves: true };
    const known =
      clientId === undefined
        ? undefined
        : ids.map((id) => stage.inProject(project, id)).find((draft) => draft?.record.clientId === clientId);
    if (known) {
      this.describe(stage, known, { project, ...wellFormed(change) }, extras);
      return { id: known.record.id, isNew: false };
    }
    const free = ids.find((id) => !stage.find(id, access));
    if (free === undefined) {
      const shown = JSON.stringify(body.name ?? ids[0]);
      throw new StoreError('project_conflict', `Every id that the run ${shown} could have is taken.`);
    }
    const draft = this.create(stage, free.toWellFormed(), body);
    this.describe(stage, draft, body, extras);
    return { id: draft.record.id, isNew: true };
  }

  /** Takes what a run is told to be. */
  private describe(stage: Stage, draft: RunDraft, body: RunPut, { leaves, ...extras }: PutExtras): void {
    const before = draft.isNew ? undefined : draft.record;
    const leftOut = leaves ? new LeftOut(new Set()) : undefined;
    const after = { ...describeRun(draft.record, body, this.clock.now(), leftOut), ...extras };
    draft.record = stage.growth.describe(before, after, leftOut);
    draft.heardAt = this.clock.steady();
    draft.dirty = true;
    this.life.tellLeftOut(stage, draft.record.id, leftOut);
  }

  /** `given` is the run's id, unless a run has it that the caller may not see: then it is so in its own project. */
  private create(stage: Stage, given: string, put: RunPut): RunDraft {
    const now = this.clock.now();
    const time = put.startedAt ?? now;
    const key = randomBytes(6).toString('hex');
    const isTaken = stage.has(given);
    const id = isTaken ? `${[...given].slice(0, LIMITS.nameChars - 1 - key.length).join('')}~${key}` : given;
    const record: RunRecord = {
      id,
      ...(isTaken && { localId: given }),
      key,
      project: put.project,
      name: put.name ?? given,
      state: 'running',
      tags: [],
      config: {},
      createdAt: time,
      // A start that lies ahead is no sign of life to come.
      updatedAt: Math.min(time, now),
      attempts: [],
      archived: false,
      number: stage.nextNumber(put.project),
    };
    const draft = new RunDraft(undefined, record, this.clock.steady());
    stage.add(draft);
    stage.changes.push({
      kind: 'events',
      events: [{ id: 'start', run: id, type: 'start', time, title: `${record.name} started` }],
    });
    return draft;
  }
}
