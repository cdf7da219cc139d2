import type { LabelAnswer } from '@rolloscope/contract/types';
import { type Access, sees } from '../Access';
import type { Engine } from '../engine/Engine';
import { noRow, parseRowId } from '../engine/rowId';
import { StoreError } from '../StoreError';
import type { LabelPerson } from '../services';
import { toLabel } from '../toLabel';
import type { LabelChanges } from './checkLabel';
import type { Stage } from './Stage';

/** A person's change of the label of a rollout. */
interface Said {
  rowId: string;
  change: LabelChanges;
  who: LabelPerson;
  time: number;
}

/** Stages what somebody says of a rollout. A row that the caller may not see is not there. */
export async function stageLabel(
  stage: Stage,
  engine: Engine,
  { rowId, change, who, time }: Said,
  access: Access,
): Promise<LabelAnswer> {
  const row = parseRowId(engine.storeId, rowId);
  const rollout = row === undefined ? undefined : await engine.rolloutOf(row);
  const project = rollout && stage.projectOfStored(rollout.run);
  if (!rollout || project === undefined || !sees(access, project)) {
    throw noRow(rowId);
  }
  if (!access.labels(project)) {
    const where = JSON.stringify(project);
    throw new StoreError('not_allowed', `The token may not label rollouts of the project ${where}.`);
  }
  const { entry, isChange } = await stage.labels.add(engine, rollout, change, who, time);
  if (isChange) {
    stage.changes.push({ kind: 'label', rollout, label: entry });
  }
  return { label: toLabel(entry) };
}
