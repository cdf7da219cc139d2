import { counted } from '../import/counted';
import { Refused } from '../StoreClient';
import { print, tell } from '../say';
import type { Outcome } from './Move';
import { RemoteRefusal } from './Remote';

/** Counts how it went with each run; what is wrong with one keeps the others from nothing. */
export class Tally {
  private readonly counts: Record<Outcome, number> = { taken: 0, same: 0, gone: 0, refused: 0 };

  constructor(private readonly source: string) {}

  /**
   * Takes one run. `take` resolves with what to say of it, or with how it went. What a server refuses of a run is told, and
   * counted; whatever would be refused of every run is thrown.
   */
  async take(
    name: string,
    take: () => Promise<{ said: string } | Exclude<Outcome, 'taken' | 'refused'>>,
  ): Promise<void> {
    try {
      const outcome = await take();
      if (typeof outcome !== 'string') {
        print(`${name}: ${outcome.said}`);
      } else if (outcome === 'gone') {
        tell(`${name}: it was deleted there meanwhile; what came before stays.`);
      }
      this.counts[typeof outcome === 'string' ? outcome : 'taken']++;
    } catch (cause) {
      const isOfRun =
        cause instanceof RemoteRefusal || (cause instanceof Refused && !/^token_|not_allowed/.test(cause.code));
      if (!isOfRun) {
        throw cause;
      }
      this.refuse(`${name}: ${(cause as Error).message}`);
    }
  }

  refuse(why: string): void {
    tell(why);
    this.counts.refused++;
  }

  /** Prints the sum; the exit code. */
  end(): number {
    const { taken, same, gone, refused } = this.counts;
    const parts = [
      `${counted(taken, 'run')} taken`,
      `${same} without anything new`,
      ...(gone > 0 ? [`${gone} deleted there meanwhile`] : []),
      ...(refused > 0 ? [`${refused} refused`] : []),
    ];
    print(`${this.source}: ${parts.join(', ')}`);
    return refused > 0 ? 1 : 0;
  }
}
