import { CoreApp, type DataQueryRequest, LoadingState, type PanelData } from '@grafana/data';
import { expect, it } from 'vitest';
import { isOfOthers } from './useFirstAnswer';

const answered = (uids: string[], state = LoadingState.Done) =>
  ({
    state,
    series: [],
    request: { targets: uids.map((uid) => ({ datasource: { uid } })) },
  }) as unknown as PanelData & {
    request: DataQueryRequest;
  };
const ofOthers = (data: PanelData | undefined, app = CoreApp.PanelEditor) =>
  isOfOthers({ app, data, datasource: { uid: 'store' } });

it('tells what the data source before has answered', () => {
  expect(ofOthers(answered(['grafana']))).toBe(true);
  expect(ofOthers(answered(['another-store']))).toBe(true);
});

it('asks nothing of a panel that it has answered, alone or among others, or that is being answered', () => {
  expect(ofOthers(answered(['store']))).toBe(false);
  expect(ofOthers(answered(['grafana', 'store', '__expr__']))).toBe(false);
  expect(ofOthers(answered(['grafana'], LoadingState.Loading))).toBe(false);
  expect(ofOthers(undefined)).toBe(false);
  expect(ofOthers(answered([]))).toBe(false);
});

it('leaves Explore and the form of a rule to their own buttons', () => {
  expect(ofOthers(answered(['grafana']), CoreApp.Explore)).toBe(false);
  expect(ofOthers(answered(['grafana']), CoreApp.UnifiedAlerting)).toBe(false);
});
