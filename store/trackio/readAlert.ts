import type { EventsPost } from '@rolloscope/contract/types';
import { nameOf } from '../formats/nameOf';
import { readStep, readTime } from './readEntry';

/** `trackio.alert` is an event of the run, known by its id however often it comes. */
export function readAlert(alert: Record<string, unknown>): EventsPost['events'][number] {
  const { title, text, level, step, timestamp, alert_id } = alert;
  const id = nameOf(alert_id);
  const time = readTime(timestamp);
  const own = readStep(step);
  const severity = nameOf(level);
  return {
    type: 'alert',
    title: typeof title === 'string' && title !== '' ? title.slice(0, 1_000) : 'Alert',
    ...(id !== undefined && { id }),
    ...(time !== undefined && { time }),
    ...(own !== undefined && { step: own }),
    ...(typeof text === 'string' && { text: text.slice(0, 10_000) }),
    ...(severity !== undefined && { values: { severity } }),
  };
}
