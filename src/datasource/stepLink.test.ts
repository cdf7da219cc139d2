import { expect, it } from 'vitest';
import { stepLink } from './stepLink';

/** Grafana's values of a point, by the texts that stand for them. */
const point: Record<string, string> = { '${__data.fields.Step.numeric}': '70', '${__field.labels.run}': 'a b,c' };
const replaceVariables = (text: string) => point[text] ?? text;
const href = (
  variables: string[],
  search = '?from=now-1h&var-run=x&var-run=y&var-step=1',
  replace = replaceVariables,
) =>
  stepLink(() => ({ pathname: '/d/x', search, variables, uid: 'u' })).onBuildUrl?.({
    origin: undefined,
    e: undefined,
    replaceVariables: replace,
  });

it("leads to the step's rollouts in the same dashboard, and leaves the rest of the address", () => {
  const url = new URL(href(['run', 'step']) ?? '', 'http://x');
  expect(url.pathname).toBe('/d/x');
  expect([...url.searchParams]).toEqual([
    ['from', 'now-1h'],
    ['var-run', 'a b,c'],
    ['var-step', '70'],
  ]);
});

it('sets only variables that the dashboard has', () => {
  expect(href(['step'], '')).toBe('/d/x?var-step=70');
});

it('leads from a dashboard without steps to the overview of the run', () => {
  const url = new URL(href(['run']) ?? '', 'http://x');
  expect(url.pathname).toBe('/d/rolloscope-run-overview');
  expect([...url.searchParams]).toEqual([
    ['var-datasource', 'u'],
    ['var-run', 'a b,c'],
    ['var-step', '70'],
  ]);
});

it('leads to the whole job of which the run is a part', () => {
  const ofJob = (text: string) => (text.includes('labels.job') ? 'p/g' : replaceVariables(text));
  const url = new URL(href(['run', 'step'], '', ofJob) ?? '', 'http://x');
  expect(url.searchParams.get('var-run')).toBe('p/g');
});

it('sets nothing where a point has no step', () => {
  expect(href(['step'], '', (text) => text)).toBe('/d/x?');
});
