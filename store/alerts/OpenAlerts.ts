import { type Alerted, type AlertKind, RECOVERY_EVENT } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { EventMark } from '../engine/EngineReads';

/** Events of one kind that a run writes at the most: a flag that flickers is not told for ever. */
const MOST_EVENTS = 100;

/** The content of an event, beyond its id and type. */
export type Told = Pick<RunEvent, 'time' | 'title'> & Partial<Pick<RunEvent, 'step' | 'text' | 'values'>>;

/** An alert that is open: what the event said that opened it. */
export interface OpenAlert {
  kind: Alerted;
  /** The id of the event. */
  id: string;
  /** Epoch milliseconds. */
  time: number;
  step?: number;
  title: string;
  text?: string;
  metric?: string;
  task?: string;
  /** Last step of what an eval was compared with. */
  reference?: number;
}

/** Makes the alert that a stored event opened, of what the event says. */
export function openedBy(
  kind: AlertKind,
  { id, time, step, title, text, values }: Pick<EventMark, 'id' | keyof Told>,
): OpenAlert {
  const { metric, task, reference } = values;
  return {
    kind,
    id,
    time,
    title,
    ...(step !== undefined && { step }),
    ...(text !== undefined && { text }),
    ...(metric !== undefined && { metric }),
    ...(task !== undefined && { task }),
    ...(reference !== undefined && { reference }),
  };
}

/**
 * The alerts of one run that are open. A change gives an event whose id follows from kind, subject and step, so telling
 * it again stores nothing. Events that are known already are not given again.
 */
export class OpenAlerts {
  /** Open alerts by kind, then by subject. */
  private readonly open = new Map<AlertKind, Map<string, OpenAlert>>();
  /** Events that are stored, by id. What one of them said stands, however it would be judged today. */
  private readonly written = new Map<string, EventMark | undefined>();
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly run: string,
    stored: readonly EventMark[] = [],
  ) {
    for (const mark of stored) {
      const { id, type } = mark;
      this.written.set(id, mark);
      this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    }
  }

  /** Takes up what stored events left open, of kinds that are not judged anew from the data. */
  restore(stored: readonly EventMark[], kinds: readonly AlertKind[]): void {
    const closed = new Set(stored.map(({ values }) => values.closes));
    for (const mark of stored) {
      const kind = kinds.find((one) => one === mark.type);
      if (kind && !closed.has(mark.id)) {
        this.ofKind(kind).set(mark.values.metric ?? '', openedBy(kind, mark));
      }
    }
  }

  private ofKind(kind: AlertKind): Map<string, OpenAlert> {
    const known = this.open.get(kind) ?? new Map<string, OpenAlert>();
    this.open.set(kind, known);
    return known;
  }

  isOpen(kind: AlertKind, subject = ''): boolean {
    return this.open.get(kind)?.has(subject) ?? false;
  }

  /** Says whether any of that kind is open. */
  anyOpen(kind: AlertKind): boolean {
    return (this.open.get(kind)?.size ?? 0) > 0;
  }

  /** All that are open. */
  *all(): Generator<OpenAlert> {
    for (const ofKind of this.open.values()) {
      yield* ofKind.values();
    }
  }

  /** Opens or closes; the event to write, if that changes anything. `tell` is asked only then. */
  set(kind: AlertKind, subject: string, isOpen: boolean, at: string | number, tell: () => Told): RunEvent[] {
    const subjects = this.ofKind(kind);
    const opened = subjects.get(subject);
    if (isOpen === (opened !== undefined)) {
      return [];
    }
    const id = [isOpen ? kind : `${RECOVERY_EVENT}:${kind}`, subject, at].filter((part) => part !== '').join(':');
    const told = tell();
    if (isOpen) {
      subjects.set(subject, openedBy(kind, this.written.get(id) ?? markOf(id, subject, told)));
    } else {
      subjects.delete(subject);
    }
    const type = isOpen ? kind : RECOVERY_EVENT;
    const count = this.counts.get(type) ?? 0;
    if (this.written.has(id) || count >= MOST_EVENTS) {
      return [];
    }
    this.written.set(id, undefined);
    this.counts.set(type, count + 1);
    const values = { ...told.values, ...(subject && { metric: subject }), ...(opened && { kind, closes: opened.id }) };
    return [{ id, run: this.run, type, ...told, values }];
  }
}

/** Gives what is told as it will be read again from the store. */
function markOf(id: string, subject: string, told: Told): Pick<EventMark, 'id' | keyof Told> {
  const { task, referenceSteps } = told.values ?? {};
  const reference = Array.isArray(referenceSteps) ? referenceSteps.at(-1) : undefined;
  return {
    id,
    ...told,
    values: {
      ...(subject && { metric: subject }),
      ...(typeof task === 'string' && { task }),
      ...(typeof reference === 'number' && { reference }),
    },
  };
}
