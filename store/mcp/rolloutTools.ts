import {
  DIRECTIONS,
  Filter,
  GROUP_ORDERS,
  LENSES,
  LIMITS,
  Name,
  SEARCH_MODES,
  Step,
  VERSIONS,
} from '@rolloscope/contract';
import { type Static, Type } from 'typebox';
import type { Access } from '../Access';
import { cutText, cutTexts, fitText } from './cutText';
import { CAPS, most, RunId, strict, type ToolServices, tool } from './Tool';

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
      cells: fitText((chars) => cutTexts(cells, chars), CAPS.rowChars, CAPS.answerChars),
      link: links.run(found, { step, table }),
    };
  },
});

export const getGroups = tool({
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
