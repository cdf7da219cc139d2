import { turnMilliseconds } from '@rolloscope/contract/readTurns';
import { formatSeconds } from '../../text/formatSeconds';
import type { TurnBadge } from '../conversation/PolicyChange';
import type { Timeline } from './readTimeline';

/** Returns the badges by turn of the conversation; turns of which nothing is logged have none. */
export function badgesOf({ bars }: Timeline): ReadonlyMap<number, TurnBadge> {
  const badges = new Map<number, TurnBadge & { milliseconds?: number }>();
  let before: number | undefined;
  for (const { turn, said } of bars) {
    const { policyVersion: policy } = turn;
    const policyBefore = policy !== undefined && policy !== before ? before : undefined;
    if (said !== undefined) {
      const known = badges.get(said);
      const time = turnMilliseconds(turn);
      // Several calls of one turn take as long as all of them.
      const milliseconds = time === undefined ? known?.milliseconds : (known?.milliseconds ?? 0) + time;
      const badge = {
        ...known,
        ...(milliseconds !== undefined && { milliseconds, time: formatSeconds(milliseconds / 1_000) }),
        ...(policy !== undefined && { policy }),
        ...(policyBefore !== undefined && { policyBefore }),
      };
      if (Object.keys(badge).length > 0) {
        badges.set(said, badge);
      }
    }
    before = policy ?? before;
  }
  return badges;
}
