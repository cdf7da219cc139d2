import { createDataFrame, type DataFrame, type DataLink, type Field, FieldType } from '@grafana/data';
import type { GroupsAnswer, GroupsRequest, PromptGroup } from '@rolloscope/contract/types';
import { hiddenConfig } from './seriesStyle';

const text = (config: Field['config']): Field['config'] => ({
  ...config,
  custom: { cellOptions: { type: 'color-text' } },
});

/** All samples of a prompt got the same reward: their advantages are 0, and nothing is learned from them. */
const NO_SPREAD = [
  { type: 'value', options: { '0': { text: '0 · no signal', color: 'orange', index: 0 } } },
] as unknown as NonNullable<Field['config']['mappings']>;

/** Worse is red, better is green, as far as a difference of means is one. */
const CHANGE: Field['config'] = {
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute' as NonNullable<Field['config']['thresholds']>['mode'],
    steps: [
      { value: Number.NEGATIVE_INFINITY, color: 'red' },
      { value: -1e-9, color: 'text' },
      { value: 1e-9, color: 'green' },
    ],
  },
};

/** A line per prompt: how many samples, their rewards, and where the best and the worst are. */
export function groupsFrame(
  answer: GroupsAnswer,
  request: GroupsRequest,
  refId: string,
  { link, notice }: { link?: DataLink | undefined; notice?: string | undefined },
): DataFrame {
  const { groups, total } = answer;
  const field = (name: string, type: FieldType, of: (group: PromptGroup) => unknown, config: Field['config'] = {}) => ({
    name,
    type,
    values: groups.map((group) => of(group) ?? null),
    config,
  });
  const number = (name: string, of: (group: PromptGroup) => unknown, config: Field['config'] = {}) =>
    field(name, FieldType.number, of, { decimals: 3, ...config });
  const hasFailed = groups.some(({ failed }) => failed !== undefined);
  const hasChange = groups.some(({ change }) => change !== undefined);
  const partial = `${groups.length} of ${total.toLocaleString('en')} prompts are shown; raise the limit, or narrow the query.`;
  const missing = answer.missing?.runs ?? [];
  const notices = [
    ...(notice ? [{ severity: 'info' as const, text: notice }] : []),
    ...(total > groups.length ? [{ severity: 'info' as const, text: partial }] : []),
    ...(missing.length > 0 ? [{ severity: 'warning' as const, text: `No such run: ${missing.join(', ')}` }] : []),
  ];
  return {
    ...createDataFrame({
      refId,
      name: 'prompts',
      fields: [
        field('Prompt', FieldType.string, ({ prompt, key }) => prompt ?? key, { ...(link && { links: [link] }) }),
        number('Samples', ({ n }) => n, { decimals: 0 }),
        // A mean over rollouts that broke down says little of the policy.
        ...(hasFailed ? [number('Failed', ({ failed }) => failed, { decimals: 0 })] : []),
        number('Mean', ({ mean }) => mean),
        number('Spread', ({ sd }) => sd, text({ mappings: NO_SPREAD })),
        number('Lowest', ({ min }) => min),
        number('Highest', ({ max }) => max),
        ...(hasChange ? [number('Change', ({ change }) => change, text(CHANGE))] : []),
        number('First step', ({ firstStep }) => firstStep, { decimals: 0 }),
        number('Step', ({ lastStep }) => lastStep, { decimals: 0, displayNameFromDS: 'Last step' }),
        field('best', FieldType.string, ({ best }) => best, hiddenConfig),
        field('worst', FieldType.string, ({ worst }) => worst, hiddenConfig),
        field('group', FieldType.string, ({ key }) => key, hiddenConfig),
      ],
    }),
    meta: {
      preferredVisualisationType: 'table',
      executedQueryString: JSON.stringify(request, null, 2),
      ...(notices.length > 0 && { notices }),
    },
  };
}
