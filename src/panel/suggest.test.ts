import { createDataFrame, FieldType, getPanelDataSummary } from '@grafana/data';
import { expect, it } from 'vitest';
import { suggest } from './suggest';

const summaryOf = (...names: string[]) =>
  getPanelDataSummary([
    createDataFrame({ fields: names.map((name) => ({ name, type: FieldType.string, values: ['a'], config: {} })) }),
  ]);

it('offers the panel for rollouts, and for nothing else', () => {
  expect(suggest(summaryOf('prompt', 'response'))).toMatchObject([{ name: 'Rollouts' }]);
  expect(suggest(summaryOf('host', 'pod'))).toBeUndefined();
  expect(suggest(getPanelDataSummary([]))).toBeUndefined();
});

it('offers Trend for curves by step, which Grafana itself never does', () => {
  const frame = createDataFrame({
    fields: ['Step', 'loss'].map((name) => ({ name, type: FieldType.number, values: [1], config: {} })),
    meta: { preferredVisualisationPluginId: 'trend' },
  });
  const offered = suggest(getPanelDataSummary([frame]));
  expect(offered).toMatchObject([{ pluginId: 'trend', options: { xField: 'Step' } }]);
});
