import type { EngineReads } from '../engine/EngineReads';
import type { RunEntry } from '../runs/RunEntry';
import type { SeenRuns } from '../runs/SeenRuns';
import { StoreError } from '../StoreError';

type Moments = Pick<EngineReads, 'storeId' | 'opening' | 'openedAt' | 'position'>;

/** A commit position on the wire: of this store only, and opaque. It names the opening of the store that gave it out. */
export function writeAsOf(engine: Moments, position: number): string {
  return `${engine.storeId}.${position.toString(36)}.${engine.opening}`;
}

/**
 * The position to read at: as of now, unless the request says when. One from before this opening counts up to where the
 * data reached then: what was put back from a backup may have gone another way from there.
 */
export async function readAsOf(engine: Moments, text: string | undefined): Promise<number> {
  const now = await engine.position();
  if (text === undefined) {
    return now;
  }
  const { position, isOfThisOpening } = parse(engine, text);
  if (position > (isOfThisOpening ? now : engine.openedAt)) {
    throw notGiven(text);
  }
  return position;
}

/**
 * The position from which on a reader wants what came; undefined when it must read all anew: something of what it knows
 * was changed or deleted since, or may have been, as it knows it from before the store was opened.
 */
export async function readSince(
  engine: Moments,
  seen: SeenRuns,
  entries: readonly RunEntry[],
  text: string,
): Promise<number | undefined> {
  const { position, isOfThisOpening } = parse(engine, text);
  if (!isOfThisOpening) {
    return undefined;
  }
  if (position > (await engine.position())) {
    throw notGiven(text);
  }
  const rewritten = Math.max(seen.deletedAt, ...entries.map(({ rewrittenAt }) => rewrittenAt));
  return rewritten > position ? undefined : position;
}

function parse(engine: Moments, text: string): { position: number; isOfThisOpening: boolean } {
  const [, store, digits = '', opening] = /^([^.]*)\.([0-9a-z]{1,11})(?:\.([0-9a-z]{1,16}))?$/.exec(text) ?? [];
  const position = Number.parseInt(digits, 36);
  if (store !== engine.storeId || !Number.isSafeInteger(position)) {
    throw notGiven(text);
  }
  return { position, isOfThisOpening: opening === engine.opening };
}

const notGiven = (text: string) =>
  new StoreError('invalid_as_of', `${JSON.stringify(text)} is not a position that this store gave out.`);
