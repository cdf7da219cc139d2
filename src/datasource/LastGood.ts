import type { DataFrame } from '@grafana/data';

interface Kept {
  frames: DataFrame[];
  /** Epoch milliseconds. */
  at: number;
}

const LIMIT = 64;

/** The frames that each query last showed, so that a store that is away for a moment empties no panel. */
export class LastGood {
  private readonly kept = new Map<string, Kept>();

  keep(key: string, frames: DataFrame[], at: number): void {
    this.kept.delete(key);
    this.kept.set(key, { frames, at });
    const [oldest] = this.kept.keys();
    if (this.kept.size > LIMIT && oldest !== undefined) {
      this.kept.delete(oldest);
    }
  }

  /** The last frames, saying why there are no newer ones; none where nothing was shown yet. */
  show(key: string, why: string): DataFrame[] {
    const kept = this.kept.get(key);
    if (!kept) {
      return [];
    }
    const text = `As of ${new Date(kept.at).toLocaleTimeString()}. ${why}`;
    return kept.frames.map((frame) => ({
      ...frame,
      meta: { ...frame.meta, notices: [...(frame.meta?.notices ?? []), { severity: 'warning', text }] },
    }));
  }
}
