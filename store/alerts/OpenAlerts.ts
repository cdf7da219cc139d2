import { type AlertKind, RECOVERY_EVENT } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { EventMark } from '../engine/EngineReads';

/** Events of one kind that a run writes at the most: a flag that flickers is not told for ever. */
const MOST_EVENTS = 100;

/** What an event says, beyond its id and type. */
export type Told = Pick<RunEvent, 'time' | 'title'> & Partial<Pick<RunEvent, 'step' | 'text' | 'values'>>;

/**
 * Which alerts of one run are open. A change gives an event whose id follows from kind, subject and step, so telling it
 * again stores nothing. Events that are known already are not given again.
 */
export class OpenAlerts {
  /** By kind, then by subject: the id of the event that opened it. */
  private readonly open = new Map<AlertKind, Map<string, string>>();
  private readonly written = new Set<string>();
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly run: string,
    stored: readonly EventMark[] = [],
  ) {
    for (const { id, type } of stored) {
      this.written.add(id);
      this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    }
  }

  /** Takes up what stored events left open, of kinds that are not judged anew from the data. */
  restore(stored: readonly EventMark[], kinds: readonly AlertKind[]): void {
    const closed = new Set(stored.map(({ values }) => values.closes));
    for (const { id, type, values } of stored) {
      const kind = kinds.find((one) => one === type);
      if (kind && !closed.has(id)) {
        this.ofKind(kind).set(values.metric ?? '', id);
      }
    }
  }

  private ofKind(kind: AlertKind): Map<string, string> {
    const known = this.open.get(kind) ?? new Map<string, string>();
    this.open.set(kind, known);
    return known;
  }

  isOpen(kind: AlertKind, subject = ''): boolean {
    return this.open.get(kind)?.has(subject) ?? false;
  }

  /** Whether any of that kind is open. */
  anyOpen(kind: AlertKind): boolean {
    return (this.open.get(kind)?.size ?? 0) > 0;
  }

  /** Opens or closes; the event to write, if that changes anything. `tell` is asked only then. */
  set(kind: AlertKind, subject: string, isOpen: boolean, at: string | number, tell: () => Told): RunEvent[] {
    const subjects = this.ofKind(kind);
    const opened = subjects.get(subject);
    if (isOpen === (opened !== undefined)) {
      return [];
    }
    const id = [isOpen ? kind : `${RECOVERY_EVENT}:${kind}`, subject, at].filter((part) => part !== '').join(':');
    if (isOpen) {
      subjects.set(subject, id);
    } else {
      subjects.delete(subject);
    }
    const type = isOpen ? kind : RECOVERY_EVENT;
    const count = this.counts.get(type) ?? 0;
    if (this.written.has(id) || count >= MOST_EVENTS) {
      return [];
    }
    this.written.add(id);
    this.counts.set(type, count + 1);
    const told = tell();
    const values = { ...told.values, ...(subject && { metric: subject }), ...(opened && { kind, closes: opened }) };
    return [{ id, run: this.run, type, ...told, values }];
  }
}
