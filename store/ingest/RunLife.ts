import type { EventsPost, RunEvent, RunFinish } from '@rolloscope/contract/types';
import type { Clock } from '../Clock';
import type { LeftOut } from '../formats/LeftOut';
import { silentState } from '../runs/RunIndex';
import type { RunDraft } from './RunDraft';
import type { Stage } from './Stage';

/** The type of the event that tells how a run came to a state. */
const EVENT_OF_STATE = { running: 'reopen', finished: 'finish', failed: 'failed', crashed: 'crash' } as const;

/** The changes of runs from one state to another, each with an event that tells of it. */
export class RunLife {
  constructor(private readonly clock: Clock) {}

  /** Any log call is a sign of life; it reopens a run that had ended, or, with `keepsState`, one that had fallen silent. */
  show(stage: Stage, draft: RunDraft, keepsState = false): void {
    const { finishedAt: _, ...record } = draft.record;
    const isOver = draft.record.state === 'crashed' || (draft.record.state !== 'running' && !keepsState);
    const time = this.timeOf(draft, isOver);
    draft.heardAt = this.clock.steady();
    if (isOver) {
      draft.record = { ...record, state: 'running', updatedAt: time };
      draft.dirty = true;
      const title = `${record.name} logs again`;
      const event: RunEvent = { id: `reopen-${time}`, run: record.id, type: 'reopen', time, title };
      stage.changes.push({ kind: 'events', events: [event] });
    } else {
      draft.record = { ...draft.record, updatedAt: time };
    }
  }

  /**
   * The time of a sign of life: never before the last one, whatever the clock says. Events of a change of state are named
   * by it, so it comes after the last change.
   */
  private timeOf({ record }: RunDraft, isChange: boolean): number {
    return Math.max(record.updatedAt + (isChange ? 1 : 0), this.clock.now());
  }

  /** Ends a run, or opens it again. */
  finish(stage: Stage, draft: RunDraft, state: NonNullable<RunFinish['state']>): void {
    const { finishedAt: _, ...record } = draft.record;
    draft.heardAt = this.clock.steady();
    if (record.state !== state) {
      const time = this.timeOf(draft, true);
      draft.record = { ...record, state, updatedAt: time, ...(state !== 'running' && { finishedAt: time }) };
      draft.dirty = true;
      const event = { id: `finish-${time}`, run: record.id, type: EVENT_OF_STATE[state], time };
      stage.changes.push({ kind: 'events', events: [{ ...event, title: `${record.name} ${state}` }] });
    }
  }

  /** Records that nothing was heard of a run for long. */
  fallSilent(stage: Stage, draft: RunDraft): void {
    const { id, updatedAt, name } = draft.record;
    const state = silentState(draft.record);
    draft.record = { ...draft.record, state, ...(state === 'finished' && { finishedAt: updatedAt }) };
    draft.dirty = true;
    const type = EVENT_OF_STATE[state];
    const event = { id: `${type}-${updatedAt}`, run: id, type, time: updatedAt };
    stage.changes.push({ kind: 'events', events: [{ ...event, title: `${name} fell silent` }] });
  }

  /** Says as events of the run what was left out. */
  tellLeftOut(stage: Stage, run: string, leftOut: LeftOut | undefined): void {
    const events = leftOut?.events(this.clock.now()) ?? [];
    if (events.length > 0) {
      this.tell(stage, run, events);
    }
  }

  /** Events of a run; an id and a time are given to those without. */
  tell(stage: Stage, run: string, given: EventsPost['events']): void {
    const now = this.clock.now();
    const events = given.map((event, i) => ({
      ...event,
      id: event.id ?? `${now}-${i}-${Math.random().toString(36).slice(2, 10)}`,
      run,
      time: event.time ?? now,
    }));
    stage.changes.push({ kind: 'events', events });
  }
}
