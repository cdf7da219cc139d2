import {
  DIRECTIONS,
  FAILED,
  FAILURE,
  Filter,
  GROUP_ORDERS,
  isMediaRef,
  LENSES,
  LIMITS,
  Name,
  SEARCH_MODES,
  Step,
  VERSIONS,
  WITHOUT_FAILURES,
} from '@rolloscope/contract';
import { type Static, Type } from 'typebox';
import type { Access } from '../Access';
import { cutText, cutTexts, fitText } from './cutText';
import { CAPS, most, RunId, strict, type ToolServices, tool } from './Tool';

/** The choice of rollouts of one run, as the panel chooses them. */
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
  withoutFailures: Type.Optional(
    Type.Boolean({
      description:
        'Leave out rollouts that failed for no fault of the model, such as by a time-out of a tool or a sandbox. By default they are there, and counted in means.',
    }),
  ),
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
  { run: id, table, step, version, filter = [], withoutFailures, search }: Static<typeof Selection>,
  access: Access,
  { reading }: ToolServices,
) {
  const found = await reading.run(id, access);
  const { tables } = await reading.tableList({ runs: [found.id] }, access);
  const name = table ?? tables[0]?.name ?? 'rollouts';
  const columns = tables.find((one) => one.name === name)?.columns ?? [];
  const tellsFailures = columns.some((column) => column.name === FAILED);
  const conditions = withoutFailures && tellsFailures ? [...filter, WITHOUT_FAILURES] : filter;
  return {
    found,
    // A reader is told these of every rollout, whichever columns it asks for.
    always: [
      ...(tellsFailures ? [FAILED, FAILURE] : []),
      ...columns.flatMap((one) => (one.role === 'media' ? one.name : [])),
    ],
    rows: {
      runs: [found.id],
      table: name,
      ...(step !== undefined && { steps: { from: step, to: step } }),
      ...(version && { version }),
      ...(conditions.length > 0 && { filter: conditions }),
      ...(search && { search: { text: search.text, mode: search.mode ?? 'plain' } }),
    },
  };
}

export const getRollouts = tool({
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
    const { found, always, rows: selected } = await select(which, access, services);
    const page = await services.reading.rows(
      {
        ...selected,
        ...(lens && { lens }),
        ...(orderBy && { orderBy }),
        ...(columns && { columns: [...new Set([...columns, ...always])] }),
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
        ...facts(Object.fromEntries(page.columns.map(({ name }, j) => [name, cells[j]]))),
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

/** Tells whether a rollout failed, and how many images and sounds it shows, where it tells. */
function facts(cells: Readonly<Record<string, unknown>>) {
  const media = Object.values(cells).reduce<number>((sum, cell) => sum + countMedia(cell), 0);
  return {
    ...(cells[FAILED] === true && { failed: true, failure: cells[FAILURE] }),
    ...(media > 0 && { media }),
  };
}

/** Counts media in a column of their own, or in messages. A cell that was cut has those that it still shows. */
function countMedia(cell: unknown, depth = 0): number {
  if (isMediaRef(cell)) {
    return 1;
  }
  if (typeof cell === 'string') {
    return cell.startsWith('[') || cell.startsWith('{') ? (cell.match(REFERENCE)?.length ?? 0) : 0;
  }
  return typeof cell === 'object' && cell !== null && depth < DEEPEST
    ? Object.values(cell).reduce<number>((sum, inner) => sum + countMedia(inner, depth + 1), 0)
    : 0;
}
const REFERENCE = /"media": ?"[0-9a-f]{64}"/g;
/** Messages have their media four levels down, turns have messages. */
const DEEPEST = 8;

export const getRollout = tool({
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
      ...facts(cells),
      cells: fitText((chars) => cutTexts(cells, chars), CAPS.rowChars, CAPS.answerChars),
      link: links.run(found, { step, table }),
    };
  },
});

export const getGroups = tool({
  name: 'get_groups',
  title: 'Prompt groups',
  description:
    'A line per prompt: how many rollouts, how many of them failed for no fault of the model, their mean reward and its spread, which include the failed ones without `withoutFailures`. With compareToStep also how much the mean of each prompt changed since then; order by change to see what got worse.',
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
