import { ALERT_KINDS, Name, RECOVERY_EVENT } from '@rolloscope/contract';
import type { Run, RunEvent } from '@rolloscope/contract/types';
import { Type } from 'typebox';
import type { Access } from '../Access';
import type { Reading } from '../services';
import { CAPS, most, RunId, strict, tool } from './Tool';

const DAY_MS = 86_400_000;
/** The events that tell of a run that it goes wrong, and that it goes right again. */
const ALERT_TYPES = [...ALERT_KINDS, RECOVERY_EVENT].join(',');
/** Pages of events that are read for one answer: they come oldest first, and the newest are wanted. */
const EVENT_PAGES = 20;

export const findRegressions = tool({
  name: 'find_regressions',
  title: 'Regressions',
  description:
    'What went wrong in runs: evals that fell beyond their error, metrics that are not finite, stalls, groups that teach nothing. The newest first, each with its step and the numbers it rests on.',
  input: Type.Object(
    {
      project: Type.Optional(Name),
      run: Type.Optional(RunId),
      days: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 365, description: 'Default 7.' })),
      limit: most(CAPS.events, 'Default 20.'),
    },
    strict,
  ),
  async run({ project, run: id, days = 7, limit = 20 }, access, { reading, links, now }) {
    const begin = Math.max(0, Math.round(now() - days * DAY_MS));
    const { events, isCut } = await newestEvents(reading, access, begin, id);
    const told = await ofProject(events, project, reading, access);
    const newest = told.reverse().slice(0, limit);
    return {
      events: newest.map(({ event, run: of }) => ({
        type: event.type,
        run: event.run,
        project: of.project,
        step: event.step,
        time: event.time,
        title: event.title,
        ...(event.text !== undefined && { text: event.text }),
        ...(event.values && { values: event.values }),
        link: links.regression(of, event.step, referenceOf(event)),
      })),
      ...((isCut || told.length > newest.length) && { more: 'There is more; narrow it by project, run or days.' }),
    };
  },
});

/** All events up to the last page that is read, oldest first, each once. */
async function newestEvents(reading: Reading, access: Access, begin: number, run: string | undefined) {
  const of = { types: ALERT_TYPES, ...(run !== undefined && { run: encodeURIComponent(run) }) };
  const found = new Map<string, RunEvent>();
  let from = begin;
  for (let page = 1; ; page++) {
    const { events, truncated } = await reading.events({ ...of, from: String(from) }, access);
    for (const event of events) {
      found.set(JSON.stringify([event.run, event.id]), event);
    }
    const last = events.at(-1)?.time ?? from;
    if (!truncated || page === EVENT_PAGES || last === from) {
      return { events: [...found.values()], isCut: truncated === true };
    }
    from = last;
  }
}

/** The newest step that an eval was compared with. */
function referenceOf({ values }: RunEvent): number | undefined {
  const steps = values?.referenceSteps;
  const newest: unknown = Array.isArray(steps) ? steps.at(-1) : undefined;
  return typeof newest === 'number' ? newest : undefined;
}

async function ofProject(events: readonly RunEvent[], project: string | undefined, reading: Reading, access: Access) {
  const found = new Map<string, Run>();
  for (const id of new Set(events.map((event) => event.run))) {
    const one = await reading.run(id, access);
    if (project === undefined || one.project === project) {
      found.set(id, one);
    }
  }
  return events.flatMap((event) => {
    const of = found.get(event.run);
    return of ? [{ event, run: of }] : [];
  });
}
