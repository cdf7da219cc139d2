import { foldCase } from '@rolloscope/contract/texts';
import type { Turn } from '../Turn';

/**
 * Names that hold a text, ignoring case: those that begin with it first, each once, in order. Of however many there are,
 * hardly more than `most` are held at a time.
 */
export async function suggest(names: Iterable<string>, text: string, most: number, turn: Turn): Promise<string[]> {
  const part = foldCase(text);
  const begins = new Foremost(most);
  const holds = new Foremost(most);
  for (const name of names) {
    const at = foldCase(name).indexOf(part);
    if (at >= 0) {
      (at === 0 ? begins : holds).add(name);
    }
    if (turn.isOver) {
      await turn.next();
    }
  }
  return [...begins.all(), ...holds.all()].slice(0, most);
}

/** The first few of many texts in order, each once. */
class Foremost {
  private held = new Set<string>();
  /** None after it comes in any more. */
  private last: string | undefined;

  constructor(private readonly most: number) {}

  add(text: string): void {
    if (this.last !== undefined && text >= this.last) {
      return;
    }
    this.held.add(text);
    if (this.held.size >= 2 * this.most + SPARE) {
      this.held = new Set(this.all());
      this.last = [...this.held].at(-1);
    }
  }

  all(): string[] {
    return [...this.held].sort().slice(0, this.most);
  }
}

/** Few are sorted rather now and then than all the time. */
const SPARE = 1_000;
