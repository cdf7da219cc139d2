import { EVALS, fitsName, LIMITS, Name, Step } from '@rolloscope/contract';
import type { Run } from '@rolloscope/contract/types';
import { Type } from 'typebox';
import { cutTexts, fitText } from './cutText';
import { CAPS, most, RunId, strict, tool } from './Tool';

export const listRuns = tool({
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

export const getRun = tool({
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

export const getCurves = tool({
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

/** Gives what a list tells of a run. */
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
