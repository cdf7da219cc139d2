import { createDataFrame, type DataFrame, FieldType } from '@grafana/data';
import type { EventsAnswer, RunEvent } from '@rolloscope/contract/types';

/** Run events as annotations. */
export function eventsFrame({ events, truncated }: EventsAnswer, refId: string): DataFrame {
  const text = ({ text: body, step }: RunEvent) =>
    [body, step === undefined ? '' : `step ${step}`].filter(Boolean).join(' · ');
  const frame = createDataFrame({
    refId,
    name: 'events',
    fields: [
      { name: 'time', type: FieldType.time, values: events.map(({ time }) => time), config: {} },
      { name: 'title', type: FieldType.string, values: events.map(({ title }) => title), config: {} },
      { name: 'text', type: FieldType.string, values: events.map(text), config: {} },
      { name: 'tags', type: FieldType.other, values: events.map(({ type, run }) => [type, run]), config: {} },
      { name: 'id', type: FieldType.string, values: events.map(({ id, run }) => `${run} ${id}`), config: {} },
    ],
  });
  const notice = {
    severity: 'warning' as const,
    text: `Only ${events.length} events are shown: choose a shorter time.`,
  };
  return truncated ? { ...frame, meta: { notices: [notice] } } : frame;
}
