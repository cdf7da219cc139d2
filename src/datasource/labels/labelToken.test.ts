import type { DataSourceSettings } from '@grafana/data';
import { expect, it } from 'vitest';
import { labelTokenState, withLabelToken } from './labelToken';

const SETTINGS = {
  jsonData: { httpHeaderName1: 'Authorization' },
  secureJsonFields: {},
} as unknown as DataSourceSettings<object, object>;

it('keeps the token apart from the one to read with, and tells browsers no more than that it is there', () => {
  const set = withLabelToken(SETTINGS, ' Bearer abc ');
  expect(set.jsonData).toEqual({ httpHeaderName1: 'Authorization', labels: true });
  expect(labelTokenState(set)).toEqual({ isKept: false, typed: 'abc' });
  const cleared = withLabelToken({ ...set, secureJsonFields: { labelToken: true } }, '');
  expect(cleared.jsonData).toEqual({ httpHeaderName1: 'Authorization' });
  expect(labelTokenState(cleared)).toEqual({ isKept: false, typed: '' });
});
