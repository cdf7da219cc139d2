import type { DataSourceSettings } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { tokenHeader, tokenState, withToken } from './tokenHeader';

const settings = (jsonData: object, secureJsonFields = {}) =>
  ({ jsonData, secureJsonFields, url: 'x' }) as DataSourceSettings<object, object>;

describe('the token', () => {
  it('is the first custom header of a new data source', () => {
    expect(withToken(settings({}), 'abc')).toMatchObject({
      url: 'x',
      jsonData: { httpHeaderName1: 'Authorization' },
      secureJsonData: { httpHeaderValue1: 'Bearer abc' },
    });
  });

  it('takes no other header away, and finds its own again', () => {
    const others = { httpHeaderName1: 'X-Org', httpHeaderName2: 'X-Team' };
    expect(withToken(settings(others), 'abc').jsonData).toEqual({ ...others, httpHeaderName3: 'Authorization' });
    expect(tokenHeader({ httpHeaderName1: 'X-Org', httpHeaderName2: 'authorization' })).toBe(2);
  });

  it('is known to be kept, or typed and not saved yet', () => {
    const saved = settings({ httpHeaderName1: 'Authorization' }, { httpHeaderValue1: true });
    expect(tokenState(saved)).toEqual({ isNamed: true, isKept: true, typed: '' });
    expect(tokenState(withToken(saved, 'abc'))).toEqual({ isNamed: true, isKept: false, typed: 'abc' });
  });

  it('leaves no empty header behind when it is forgotten', () => {
    const forgotten = withToken(settings({ httpHeaderName1: 'Authorization' }, { httpHeaderValue1: true }), '');
    expect(forgotten.jsonData).toEqual({});
    expect(tokenState(forgotten)).toEqual({ isNamed: false, isKept: false, typed: '' });
  });
});

it.each(['Bearer secret', '  bearer secret\n', '"Bearer secret"', 'Authorization: Bearer secret', "'secret'"])(
  'keeps the token of what was pasted: %j',
  (pasted) => {
    const settings = { jsonData: {}, secureJsonData: {}, secureJsonFields: {} } as never;
    expect(withToken(settings, pasted)).toMatchObject({ secureJsonData: { httpHeaderValue1: 'Bearer secret' } });
  },
);
