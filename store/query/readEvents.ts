import { LIMITS } from '@rolloscope/contract';
import type { EventsAnswer, EventsQuery } from '@rolloscope/contract/types';
import type { ReadContext } from './ReadContext';

/** Events of runs, the earliest first. */
export async function readEvents({ engine, seen }: ReadContext, query: EventsQuery): Promise<EventsAnswer> {
  const list = (text: string | undefined) => text?.split(',').filter(Boolean).map(decodeURIComponent);
  const entries = list(query.run)?.flatMap((id) => seen.named(id)) ?? seen.all();
  const ids = new Map(entries.map((entry) => [entry.record.id, seen.idOf(entry)]));
  const types = list(query.types);
  const events = await engine.events({
    runs: [...ids.keys()],
    ...(query.from !== undefined && { from: Number(query.from) }),
    ...(query.to !== undefined && { to: Number(query.to) }),
    ...(types && { types }),
    limit: LIMITS.events + 1,
  });
  return {
    events: events.slice(0, LIMITS.events).map((event) => ({ ...event, run: ids.get(event.run) ?? event.run })),
    ...(events.length > LIMITS.events && { truncated: true }),
  };
}
