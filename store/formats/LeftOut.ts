import type { EventsPost } from '@rolloscope/contract/types';

/** Kinds that are told apart of one run: clients name some of them. */
const MOST_KINDS = 100;
/** Characters of a kind, and of what was the first of it. */
const KIND_CHARS = 240;
const NAME_CHARS = 1_000;

/**
 * The things of a run that the store does not keep, told once a kind as a run event, so that nothing goes missing in
 * silence.
 */
export class LeftOut {
  private readonly first = new Map<string, string>();

  constructor(private readonly told: Set<string>) {}

  add(whole: string, name: string): void {
    const what = whole.slice(0, KIND_CHARS);
    const isKnown = this.told.has(what) || this.first.has(what);
    const kind = isKnown || this.told.size + this.first.size < MOST_KINDS ? what : 'other kinds of things';
    if (!this.told.has(kind) && !this.first.has(kind)) {
      this.first.set(kind, name.slice(0, NAME_CHARS));
    }
  }

  events(time = Date.now()): EventsPost['events'] {
    return [...this.first].map(([kind, name]) => ({
      id: `left-out ${kind}`,
      type: 'left_out',
      time,
      title: `Not kept: ${kind}`,
      text: `The run store keeps numbers, texts, tables, images, sounds and console output. First seen: ${name}`,
    }));
  }

  /** The events are stored. */
  settle(): void {
    for (const kind of this.first.keys()) {
      this.told.add(kind);
    }
  }
}
