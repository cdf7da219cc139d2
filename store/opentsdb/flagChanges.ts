import type { AlertKind } from '@rolloscope/contract';
import type { EventMark } from '../engine/EngineReads';

/** Tells when a flag went up and down, as the events of a run tell; of several subjects it is up while any is. */
export function flagChanges(
  events: readonly EventMark[],
  kind: AlertKind,
  from: number,
): { time: number[]; value: number[] } {
  const open = new Set<string>();
  const time = [from];
  const value = [0];
  for (const { id, type, time: at, values } of events.toSorted((a, b) => a.time - b.time)) {
    if (type === kind) {
      open.add(id);
    } else if (!open.delete(values.closes ?? '')) {
      continue;
    }
    time.push(Math.max(at, from));
    value.push(open.size > 0 ? 1 : 0);
  }
  return { time, value };
}
