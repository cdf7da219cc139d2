import { LIMITS } from '@rolloscope/contract';
import type { Engine } from '../engine/Engine';
import type { LabelEntry, Rollout } from '../engine/EngineReads';
import { StoreError } from '../StoreError';
import type { LabelPerson } from '../services';
import type { LabelChanges } from './checkLabel';

/** The labels of the commit under way, on top of what is stored: two changes may come in one commit. */
export class StagedLabels {
  /** All that was said, by run, table and key of the rollout, what is stored first. */
  private readonly said = new Map<string, LabelEntry[]>();
  /** Changes of this commit by run. */
  private readonly counts = new Map<string, number>();

  /**
   * The person's label as the change leaves it; `isChange` is false where it says what it said before. Throws
   * `label_conflict` for a change of another version than the one that is there, and `limit_exceeded`.
   */
  async add(
    engine: Engine,
    rollout: Rollout,
    { version, ...changes }: LabelChanges,
    { person, proven }: LabelPerson,
    now: number,
  ): Promise<{ entry: LabelEntry; isChange: boolean }> {
    const ofRun = (await engine.labelCount(rollout.run)) + (this.counts.get(rollout.run) ?? 0);
    requireRoom(ofRun, LIMITS.labelsOfRun, 'labelsOfRun', 'The run');
    const key = JSON.stringify([rollout.run, rollout.table, rollout.key]);
    const all = this.said.get(key) ?? (await engine.labelsOf(rollout));
    this.said.set(key, all);
    const before = all.findLast((one) => one.person === person);
    const known = before ?? { star: false, verdict: null, comment: null, version: 0 };
    const entry = {
      ...{ ...known, ...changes, person, proven },
      version: known.version + 1,
      // It is never before the last one, whatever the clock says: the newest is the last.
      time: Math.max(now, all.at(-1)?.time ?? 0),
    };
    const isChange = entry.star !== known.star || entry.verdict !== known.verdict || entry.comment !== known.comment;
    if (!isChange && before) {
      // A retry comes here, too, after an answer that was lost.
      return { entry: before, isChange };
    }
    if (version !== undefined && version !== known.version) {
      const is = `version ${known.version} is there, not ${version}`;
      throw new StoreError(
        'label_conflict',
        `The label of ${JSON.stringify(person)} was changed meanwhile (${is}). Read it again; nothing was changed.`,
      );
    }
    requireRoom(all.length, LIMITS.labelsOfRollout, 'labelsOfRollout', 'The rollout');
    all.push(entry);
    this.counts.set(rollout.run, (this.counts.get(rollout.run) ?? 0) + 1);
    return { entry, isChange: true };
  }

  /** A run goes, and what was said of its rollouts. */
  forget(run: string): void {
    this.counts.delete(run);
    for (const key of this.said.keys()) {
      if (JSON.parse(key)[0] === run) {
        this.said.delete(key);
      }
    }
  }
}

function requireRoom(count: number, most: number, limit: string, whose: string): void {
  if (count >= most) {
    const said = `${whose} has ${count.toLocaleString('en-US')} changes of labels`;
    throw new StoreError('limit_exceeded', `${said}, which is the limit (${limit}).`);
  }
}
