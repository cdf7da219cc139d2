import type { EventsPost } from '@rolloscope/contract/types';

/** Kinds that are told apart of one run: clients name some of them. */
const MOST_KINDS = 100;

/**
 * What of a run the store does not keep, told once a kind as a run event, so that nothing goes missing in silence.
 */
export class LeftOut {
  private readonly first = new Map<string, string>();

  constructor(private readonly told: Set<string>) {}

  add(what: string, name: string): void {
    const isKnown = this.told.has(what) || this.first.has(what);
    const kind = isKnown || this.told.size + this.first.size < MOST_KINDS ? what : 'other kinds of things';
    if (!this.told.has(kind) && !this.first.has(kind)) {
      this.first.set(kind, name);
    }
  }

  events(time = Date.now()): EventsPost['events'] {
    return [...this.first].map(([kind, name]) => ({
      id: `left-out ${kind}`.slice(0, 250),
      type: 'left_out',
      time,
      title: `Not kept: ${kind}`.slice(0, 1_000),
      text: `The run store keeps numbers, texts, tables and console output. First seen: ${name}`.slice(0, 10_000),
    }));
  }

  /** The events are stored. */
  settle(): void {
    for (const kind of this.first.keys()) {
      this.told.add(kind);
    }
  }
}
