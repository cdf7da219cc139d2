import {
  ALERT_KINDS,
  DIRECTIONS,
  EVALS,
  Filter,
  fitsName,
  GROUP_ORDERS,
  LENSES,
  LIMITS,
  Name,
  RECOVERY_EVENT,
  SEARCH_MODES,
  Step,
  VERSIONS,
} from '@rolloscope/contract';
import type { Run, RunEvent } from '@rolloscope/contract/types';
import { type Static, type TSchema, Type } from 'typebox';
import type { Access } from '../Access';
import type { Reading } from '../services';
import { cutText, cutTexts, fitText } from './cutText';
import type { Links } from './Links';

/** What one call may bring at the most. A model reads all of it, so it is far below what the store itself gives. */
export const CAPS = {
  runs: 50,
  metrics: 200,
  series: 20,
  points: 200,
  rows: 20,
  groups: 50,
  events: 50,
  tables: 20,
  columns: 100,
  /** Characters of one text in a list. */
  previewChars: 2_000,
  /** Characters of one text of a rollout that is read whole. */
  rowChars: 100_000,
  /** Characters of an answer with texts, as JSON: texts are cut shorter where there are too many. */
  answerChars: 200_000,
} as const;

export interface ToolServices {
  reading: Reading;
  links: Links;
  now(): number;
}

/** One tool: what it asks, and the answer to it for somebody who may see so much. Throws `StoreError`. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  input: TSchema;
  run(input: never, access: Access, services: ToolServices): Promise<object>;
}

const strict = { additionalProperties: false };
const most = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, description: `${description} At most ${maximum}.` }));
const RunId = Type.String({ minLength: 1, maxLength: LIMITS.nameChars, description: 'The id of a run.' });
const DAY_MS = 86_400_000;

const tool = <S extends TSchema>(one: {
  name: string;
  title: string;
  description: string;
  input: S;
  run(input: Static<S>, access: Access, services: ToolServices): Promise<object>;
}): Tool => one as Tool;

const runs = tool({
  name: 'list_runs',
  title: 'Runs',
  description:
    'Runs, the newest first: id, project, state, last step, and the newest results of their evals. Begin here, or with find_regressions.',
  input: Type.Object(
    {
      project: Type.Optional(Name),
      q: Type.Optional(
        Type.String({
          maxLength: LIMITS.searchChars,
          description: 'Contained in the id, the name, the group or a tag.',
        }),
      ),
      state: Type.Optional(Type.Enum(['running', 'finished', 'failed', 'crashed'])),
      limit: most(CAPS.runs, 'Default 20.'),
    },
    strict,
  ),
  async run({ project, q, state, limit = 20 }, access, { reading, links }) {
    const where = [
      ...(project === undefined ? [] : [{ column: 'project', op: 'eq' as const, value: project }]),
      ...(state === undefined ? [] : [{ column: 'state', op: 'eq' as const, value: state }]),
    ];
    const { runs: found, nextCursor } = await reading.runs(
      { where, include: ['summary'], limit, ...(q && { q }) },
      access,
    );
    return {
      runs: found.map((run) => ({
        ...brief(run),
        evals: Object.fromEntries(Object.entries(run.summary ?? {}).filter(([name]) => fitsName(name, EVALS))),
        link: links.run(run),
      })),
      ...(nextCursor !== undefined && { more: 'There are more runs; narrow them by project, q or state.' }),
      link: links.runs(project),
    };
  },
});

const run = tool({
  name: 'get_run',
  title: 'Run',
  description: 'One run: its config, its tables of rollouts with their columns, and which metrics it logs.',
  input: Type.Object(
    {
      run: RunId,
      metrics: Type.Optional(
        Type.String({ maxLength: LIMITS.searchChars, description: 'Only metrics whose name contains this.' }),
      ),
    },
    strict,
  ),
  async run({ run: id, metrics: q }, access, { reading, links }) {
    const found = await reading.run(id, access);
    const selected = { runs: [found.id] };
    const [list, tables] = await Promise.all([
      reading.metricList({ ...selected, limit: CAPS.metrics, ...(q && { q }) }, access),
      reading.tableList(selected, access),
    ]);
    return {
      ...brief(found),
      config: fitText((chars) => cutTexts(found.config ?? {}, chars), CAPS.previewChars, CAPS.answerChars / 2),
      ...(found.notes !== undefined && { notes: found.notes }),
      attempts: found.attempts.length,
      metrics: list.metrics.map(({ name, points, last, lastStep, min, max }) => ({
        name,
        points,
        last,
        lastStep,
        min,
        max,
      })),
      ...(list.truncated && { more: 'There are more metrics; narrow them by `metrics`.' }),
      tables: tables.tables.slice(0, CAPS.tables).map(({ name, rows: count, firstStep, lastStep, columns }) => ({
        name,
        rows: count,
        firstStep,
        lastStep,
        columns: columns.slice(0, CAPS.columns).map(({ name: column, type, role }) => ({ name: column, type, role })),
        ...(columns.length > CAPS.columns && { moreColumns: columns.length - CAPS.columns }),
      })),
      ...(tables.tables.length > CAPS.tables && { moreTables: tables.tables.length - CAPS.tables }),
      link: links.run(found),
    };
  },
});

const curves = tool({
  name: 'get_curves',
  title: 'Curves',
  description: `Points of metrics by step, reduced so that peaks and dips stay. \`${EVALS}\` as a metric means the results of evals.`,
  input: Type.Object(
    {
      runs: Type.Array(RunId, { minItems: 1, maxItems: CAPS.series }),
      metrics: Type.Array(Name, {
        minItems: 1,
        maxItems: CAPS.series,
        description: `Names, globs such as \`reward/*\`, or \`${EVALS}\`.`,
      }),
      fromStep: Type.Optional(Step),
      toStep: Type.Optional(Step),
      points: Type.Optional(
        Type.Integer({ minimum: 4, maximum: CAPS.points, description: 'Of one curve; default 50.' }),
      ),
    },
    strict,
  ),
  async run({ runs: ids, metrics, fromStep, toStep, points = 50 }, access, { reading, links }) {
    const answer = await reading.metrics(
      {
        runs: ids,
        metrics,
        maxPoints: points,
        steps: { ...(fromStep !== undefined && { from: fromStep }), ...(toStep !== undefined && { to: toStep }) },
      },
      access,
    );
    const shown = answer.series.slice(0, CAPS.series);
    return {
      series: shown.map(({ run: id, metric, step, value, totalPoints }) => ({
        run: id,
        metric,
        totalPoints,
        step,
        value,
      })),
      ...((answer.truncated || answer.series.length > shown.length) && {
        more: `Only ${CAPS.series} curves are given; ask for fewer runs or metrics.`,
      }),
      ...(answer.missing && { missing: answer.missing }),
      links: Object.fromEntries((answer.runs ?? []).map((one) => [one.id, links.run(one)])),
    };
  },
});

/** Which rollouts: as the panel chooses them, of one run. */
const selection = {
  run: RunId,
  table: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LIMITS.nameChars,
      description: 'Default: the run’s first table of rollouts; get_run lists all.',
    }),
  ),
  step: Type.Optional(Step),
  version: Type.Optional(
    Type.Enum([...VERSIONS], { description: 'latest: only what was logged last. Default all steps.' }),
  ),
  filter: Type.Optional(Filter),
  search: Type.Optional(
    Type.Object(
      {
        text: Type.String({ minLength: 1, maxLength: LIMITS.searchChars }),
        mode: Type.Optional(Type.Enum([...SEARCH_MODES])),
      },
      { ...strict, description: 'In any text. By default the text as it is, ignoring case.' },
    ),
  ),
};
const Selection = Type.Object(selection);

/** The selection as the store takes it, with the run and the table that it is of. */
async function select(
  { run: id, table, step, version, filter, search }: Static<typeof Selection>,
  access: Access,
  { reading }: ToolServices,
) {
  const found = await reading.run(id, access);
  const name = table ?? (await reading.tableList({ runs: [found.id] }, access)).tables[0]?.name ?? 'rollouts';
  return {
    found,
    rows: {
      runs: [found.id],
      table: name,
      ...(step !== undefined && { steps: { from: step, to: step } }),
      ...(version && { version }),
      ...(filter && { filter }),
      ...(search && { search: { text: search.text, mode: search.mode ?? 'plain' } }),
    },
  };
}

const rows = tool({
  name: 'get_rollouts',
  title: 'Rollouts',
  description:
    'Rollouts of a run, with texts cut short: filter by columns, search their texts, or take a lens (such as worst, newlyWrong, truncated) that gives what is worth reading. get_rollout brings one whole.',
  input: Type.Object(
    {
      ...selection,
      lens: Type.Optional(Type.Enum([...LENSES])),
      orderBy: Type.Optional(
        Type.Array(Type.Object({ column: Name, direction: Type.Enum([...DIRECTIONS]) }, strict), { maxItems: 4 }),
      ),
      columns: Type.Optional(Type.Array(Name, { minItems: 1, maxItems: 50 })),
      chars: most(CAPS.previewChars, 'Characters of a text. Default 500.'),
      limit: most(CAPS.rows, 'Default 5.'),
      offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    },
    strict,
  ),
  async run({ lens, orderBy, columns, chars = 500, limit = 5, offset = 0, ...which }, access, services) {
    const { found, rows: selected } = await select(which, access, services);
    const page = await services.reading.rows(
      {
        ...selected,
        ...(lens && { lens }),
        ...(orderBy && { orderBy }),
        ...(columns && { columns }),
        preview: chars,
        limit,
        offset,
      },
      access,
    );
    const lengths = new Map(page.cut.map(([i, j, length]) => [`${i},${j}`, length]));
    const rollouts = (size: number) =>
      page.rows.map((cells, i) => ({
        id: page.rowIds[i],
        cells: Object.fromEntries(
          page.columns.map(({ name }, j) => [name, cutText(cells[j], size, lengths.get(`${i},${j}`))]),
        ),
      }));
    return {
      table: selected.table,
      total: page.total,
      rollouts: fitText(rollouts, chars, CAPS.answerChars),
      link: services.links.run(found, { step: which.step ?? null, table: selected.table }),
    };
  },
});

const row = tool({
  name: 'get_rollout',
  title: 'Rollout',
  description: 'One rollout, whole: prompt, response, messages, rewards, and what was logged by token or turn.',
  input: Type.Object(
    { id: Type.String({ minLength: 1, maxLength: 200, description: 'As get_rollouts gives it.' }) },
    strict,
  ),
  async run({ id }, access, { reading, links }) {
    const { cells, run: of, table, step, time, rowId } = await reading.row(id, access);
    const found = await reading.run(of, access);
    return {
      id: rowId,
      run: of,
      table,
      step,
      time,
      cells: fitText((chars) => cutTexts(cells, chars), CAPS.rowChars, CAPS.answerChars),
      link: links.run(found, { step, table }),
    };
  },
});

const groups = tool({
  name: 'get_groups',
  title: 'Prompt groups',
  description:
    'A line per prompt: how many rollouts, their mean reward and its spread. With compareToStep also how much the mean of each prompt changed since then; order by change to see what got worse.',
  input: Type.Object(
    {
      ...selection,
      compareToStep: Type.Optional(Step),
      compareToRun: Type.Optional(RunId),
      orderBy: Type.Optional(Type.Enum([...GROUP_ORDERS])),
      direction: Type.Optional(Type.Enum([...DIRECTIONS])),
      limit: most(CAPS.groups, 'Default 20.'),
    },
    strict,
  ),
  async run({ compareToStep, compareToRun, orderBy, direction = 'asc', limit = 20, ...which }, access, services) {
    const { found, rows: selected } = await select(which, access, services);
    const isCompared = compareToStep !== undefined || compareToRun !== undefined;
    const answer = await services.reading.groups(
      {
        ...selected,
        limit,
        ...(isCompared && {
          compareTo: {
            ...(compareToStep !== undefined && { step: compareToStep }),
            ...(compareToRun !== undefined && { run: compareToRun }),
          },
        }),
        ...(orderBy && { orderBy: { by: orderBy, direction } }),
      },
      access,
    );
    return {
      table: selected.table,
      total: answer.total,
      groups: answer.groups,
      link: services.links.run(found, { step: which.step ?? null, table: selected.table }),
    };
  },
});

/** What the store tells of a run that goes wrong, and that it goes right again. */
const ALERT_TYPES = [...ALERT_KINDS, RECOVERY_EVENT].join(',');
/** Pages of events that are read for one answer: they come oldest first, and the newest are wanted. */
const EVENT_PAGES = 20;

const regressions = tool({
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

/** Events of the last page that there is, oldest first. */
async function newestEvents(reading: Reading, access: Access, begin: number, run: string | undefined) {
  const of = { types: ALERT_TYPES, ...(run !== undefined && { run: encodeURIComponent(run) }) };
  let from = begin;
  for (let page = 1; ; page++) {
    const { events, truncated } = await reading.events({ ...of, from: String(from) }, access);
    const last = events.at(-1)?.time ?? from;
    if (!truncated || page === EVENT_PAGES || last === from) {
      return { events, isCut: truncated === true || page > 1 };
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

const brief = ({ id, project, name, group, state, tags, lastStep, createdAt, updatedAt }: Run) => ({
  id,
  project,
  name,
  ...(group !== undefined && { group }),
  state,
  ...(tags.length > 0 && { tags }),
  ...(lastStep !== undefined && { lastStep }),
  createdAt,
  updatedAt,
});

export const TOOLS: readonly Tool[] = [runs, run, curves, rows, row, groups, regressions];
