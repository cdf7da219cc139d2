import { describe, expect, it } from 'vitest';
import { migrate } from '../migrate';
import { runSelector } from '../toRequest';
import { adHocFilter, keyLabel, runKey, withAdHoc } from './adHocFilter';

describe('ad hoc filters', () => {
  it.each([
    [{ key: 'lr', operator: '=', value: '1e-6' }, [{ column: 'config.lr', op: 'eq', value: '1e-6' }]],
    [{ key: 'tag', operator: '!=', value: 'baseline' }, [{ column: 'tag', op: 'ne', value: 'baseline' }]],
    [{ key: 'config.lr', operator: '<', value: '1' }, [{ column: 'config.lr', op: 'lt', value: '1' }]],
    [{ key: 'name', operator: '=~', value: 'a|b' }, [{ column: 'name', op: 'matches', value: 'a|b' }]],
    [{ key: 'tag', operator: '=|', value: 'a', values: ['a', 'b'] }, [{ column: 'tag', op: 'in', value: ['a', 'b'] }]],
    [
      { key: 'tag', operator: '!=|', value: 'a', values: ['a', 'b'] },
      [
        { column: 'tag', op: 'ne', value: 'a' },
        { column: 'tag', op: 'ne', value: 'b' },
      ],
    ],
    [{ key: 'group', operator: '=', value: '' }, [{ column: 'group', op: 'isNull', value: true }]],
    [{ key: '', operator: '=', value: '' }, []],
  ])('%j', (filter, conditions) => {
    expect(adHocFilter([filter])).toEqual(conditions);
  });

  it('say which comparison no store has', () => {
    expect(() => adHocFilter([{ key: 'lr', operator: '!~', value: 'x' }])).toThrow('The filter "lr !~ x"');
  });

  it('keys are read as they are written', () => {
    for (const key of ['config.lr', 'config.name', 'tag', 'resources.host', 'config.config.x', 'summary.loss']) {
      expect(runKey(keyLabel(key))).toBe(key);
    }
    expect(keyLabel('config.lr')).toBe('lr');
    expect(keyLabel('config.name')).toBe('config.name');
  });

  it('narrow every query, runs by id too', () => {
    const query = migrate({ refId: 'A', queryType: 'rows', runs: ['a'], table: 't' } as never);
    const narrowed = withAdHoc(query, [{ key: 'lr', operator: '=', value: '1' }]);
    expect(runSelector(narrowed.runs)).toEqual({
      ids: ['a'],
      where: [{ column: 'config.lr', op: 'eq', value: '1' }],
    });
    expect(withAdHoc(query, [])).toBe(query);
    expect(query.runs.where).toBeUndefined();
  });
});
