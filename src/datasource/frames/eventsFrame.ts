import { createDataFrame, type DataFrame, FieldType, textUtil } from '@grafana/data';
import type { EventsAnswer, RunBrief, RunEvent } from '@rolloscope/contract/types';
import { chosenAs } from '../chosenAs';

interface EventsContext {
  refId: string;
  /** The runs of the events, by their ids; a run may be missing. */
  runs: ReadonlyMap<string, RunBrief>;
  /** The address of the rollouts of an event's run and step. */
  linkTo?: (run: string, step: number | undefined) => string;
}

/** The events that end a run, and those that begin it again: between them nothing was trained. */
const DOWN: ReadonlySet<string> = new Set(['crash', 'failed']);
const UP: ReadonlySet<string> = new Set(['reopen', 'attempt', 'start', 'resume']);

/**
 * Run events as annotations, oldest first: the title, what was logged with it, whose it is, and a link to its rollouts;
 * its type and run as tags. A time without training, from a crash to the next start, and what an
 * alert was about, until the recovery that closes it, are regions.
 *
 * Grafana shows title and text as HTML, cleaned of scripts; what was logged is text, so it is escaped.
 */
export function eventsFrame(answer: EventsAnswer, { refId, runs, linkTo }: EventsContext): DataFrame {
  const { events, truncated } = answer;
  const nameOf = (run: string) => runs.get(run)?.name ?? run;
  const text = (event: RunEvent) => {
    const { text: body, step, run, type } = event;
    const parts = [body, nameOf(run), step === undefined || type === 'step' ? '' : `step ${step}`];
    const shown = parts.filter((part) => part !== undefined && part !== '').map((part) => escapeHtml(part ?? ''));
    const known = runs.get(run);
    const address = linkTo?.(known ? chosenAs(known) : run, step);
    const link =
      address && `<a href="${escapeHtml(address)}">Rollouts of this ${step === undefined ? 'run' : 'step'}</a>`;
    return [shown.join(' · '), ...(link ? [link] : [])].join('<br>');
  };
  const field = (name: string, type: FieldType, of: (event: RunEvent, i: number) => unknown) => ({
    name,
    type,
    values: events.map(of),
    config: {},
  });
  const frame = createDataFrame({
    refId,
    name: 'events',
    fields: [
      field('time', FieldType.time, ({ time }) => time),
      field('timeEnd', FieldType.time, (event, i) => endOf(event, events, i) ?? event.time),
      field('title', FieldType.string, ({ title }) => escapeHtml(title)),
      field('text', FieldType.string, text),
      field('tags', FieldType.other, ({ type, run }) => [type, nameOf(run)]),
      field('id', FieldType.string, ({ id, run }) => `${run} ${id}`),
      field('type', FieldType.string, ({ type }) => type),
      field('run', FieldType.string, ({ run }) => run),
      field('step', FieldType.number, ({ step }) => step ?? null),
      field('reference', FieldType.string, ({ values }) => lastOf(values?.referenceSteps)),
    ],
  });
  const shorter = `Only ${events.length} events are shown: choose a shorter time.`;
  const notices = truncated ? { notices: [{ severity: 'warning' as const, text: shorter }] } : {};
  return { ...frame, meta: { preferredVisualisationType: 'table', ...notices } };
}

const escapeHtml = textUtil.escapeHtml;

/** The newest of the steps that an alert compared with, as a text; null without any. */
const lastOf = (steps: unknown) => (Array.isArray(steps) && steps.length > 0 ? String(steps.at(-1)) : null);

/** Returns when a crashed run went on, or when what an alert was about was over; undefined where no event tells. */
function endOf({ id, type, run }: RunEvent, events: readonly RunEvent[], at: number): number | undefined {
  const isEnd = (other: RunEvent) => (DOWN.has(type) && UP.has(other.type)) || other.values?.closes === id;
  return events.find((other, i) => i > at && other.run === run && isEnd(other))?.time;
}
