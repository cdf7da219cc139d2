import { expect, it } from 'vitest';
import { type MetricReading, type RuleSource, ruleFormAddress } from './ruleForm';

const READING: MetricReading = { run: 'ppo "7"', project: 'p', metric: 'eval/accuracy/mean', value: 0.61 };
const OPENTSDB: RuleSource = { type: 'opentsdb', uid: 'o' };

function filledIn(reading: Partial<MetricReading>, source = OPENTSDB) {
  const address = new URL(ruleFormAddress({ ...READING, ...reading }, source, 'http://g/d/x'), 'http://g');
  expect(address.pathname).toBe('/alerting/new/alerting');
  return JSON.parse(address.searchParams.get('defaults') ?? '');
}

it('asks for the newest value of one metric of one run, and never for a sum', () => {
  const { queries, condition, labels, annotations, noDataState } = filledIn({});
  expect(queries[0]).toMatchObject({
    datasourceUid: 'o',
    model: {
      metric: 'rolloscope_metric_value',
      aggregator: 'none',
      tags: { project: 'p', run: 'ppo "7"', metric: 'eval/accuracy/mean' },
    },
  });
  expect([queries[1].model, condition]).toMatchObject([{ type: 'reduce', expression: 'A', reducer: 'last' }, 'C']);
  expect(labels).toContainEqual({ key: 'run', value: 'ppo "7"' });
  expect(annotations).toContainEqual({ key: 'runbook_url', value: 'http://g/d/x' });
  expect(noDataState).toBe('KeepLast');
});

it('asks Prometheus the same in its language', () => {
  const { queries } = filledIn({}, { type: 'prometheus', uid: 'p' });
  expect(queries[0].model.expr).toBe(
    'max without (job, instance) (rolloscope_metric_value{project="p", run="ppo \\"7\\"", metric="eval/accuracy/mean"})',
  );
});

it.each([
  ['eval/accuracy/mean', 'lt'],
  ['critic/rewards/mean', 'lt'],
  ['actor/kl_loss', 'gt'],
  ['response_length/clip_ratio', 'gt'],
])('%s fires beyond the chosen reading on its worse side', (metric, type) => {
  expect(filledIn({ metric }).queries[2].model.conditions).toEqual([{ evaluator: { type, params: [0.61] } }]);
});

it('takes a reading as somebody would write it', () => {
  const { name, queries } = filledIn({ value: 0.9124999999999992 });
  expect(queries[2].model.conditions[0].evaluator.params).toEqual([0.9125]);
  expect(name).toMatch(/ is below 0\.9125$/);
});

it('begins at 0 where there is no reading', () => {
  expect(filledIn({ value: Number.NaN }).queries[2].model.conditions[0].evaluator.params).toEqual([0]);
});
