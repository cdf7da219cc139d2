import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrate } from '../migrate';
import { DEFAULT_QUERY, type RunChoice, type StoreQuery } from '../query';
import { CodeError } from './CodeError';
import { parseCode } from './parseCode';
import { writeCode } from './writeCode';

const OF_DASHBOARD: RunChoice = { by: 'id', ids: ['$run'] };
const current: StoreQuery = { ...DEFAULT_QUERY, refId: 'A' };
const kindOf = (name: string) => (name === 'rollout_examples' ? 'table' : name === 'loss' ? 'metric' : undefined);
const parse = (text: string, over: Partial<StoreQuery> = {}) =>
  parseCode(text, { current: { ...current, ...over } as StoreQuery, defaultRuns: OF_DASHBOARD, kindOf });

function failure(text: string): CodeError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof CodeError) {
      return error;
    }
  }
  throw new Error(`${text} was read`);
}

it('a query keeps where the query stands', () => {
  const place = { refId: 'B', hide: true, datasource: { uid: 'x' }, editorMode: 'code' as const };
  expect(parse('runs.history["loss"]', place)).toMatchObject(place);
});

describe('the field’s own expressions', () => {
  it('of a table and of a metric are told apart by what the store has', () => {
    expect(parse('runs.summary["rollout_examples"]')).toMatchObject({
      queryType: 'rows',
      table: 'rollout_examples',
      rows: 'latest',
      runs: OF_DASHBOARD,
    });
    expect(parse('runs.history["rollout_examples"]')).toMatchObject({ queryType: 'rows', rows: 'all' });
    expect(parse('runs.history["eval/accuracy/mean"]')).toMatchObject({
      queryType: 'metrics',
      metrics: ['eval/accuracy/mean'],
    });
    expect(parse('runs.summary["loss"]', { queryType: 'rows' })).toMatchObject({
      queryType: 'runs',
      metrics: ['loss'],
    });
  });

  it('are told apart by what follows, where that is clear', () => {
    expect(parse('runs.history["new"].where(reward < 0)')).toMatchObject({ queryType: 'rows', table: 'new' });
    expect(parse('runs.history["rollout_examples"].smooth(0.9)')).toMatchObject({ queryType: 'metrics' });
  });

  it('are written as one reads them', () => {
    const query = migrate({ refId: 'A', queryType: 'rows', runs: OF_DASHBOARD, table: 'rollout_examples' } as never);
    expect(writeCode(query, OF_DASHBOARD)).toBe('runs.history["rollout_examples"]');
    expect(writeCode(query, { by: 'filter' })).toBe('runs($run).history["rollout_examples"]');
  });
});

it('reads a long query, however it is laid out', () => {
  const text = `
    runs(project='math', tag=["a", "b*"], config.lr <= 1e-6 or config.lr is null, order=summary.loss, limit=3)
      .history["rollout_examples"]
      .step(10-20)
      .where("the reward" < -0.5, task in ["x", $task])
      .search('say "no"', regex, case, columns=[response])
      .order(reward desc, step)
      .limit(20)`;
  expect(parse(text)).toEqual({
    refId: 'A',
    version: 2,
    queryType: 'rows',
    runs: {
      by: 'filter',
      project: 'math',
      tag: ['a', 'b*'],
      where: [
        {
          anyOf: [
            { column: 'config.lr', op: 'le', value: 1e-6 },
            { column: 'config.lr', op: 'isNull' },
          ],
        },
      ],
      orderBy: [{ column: 'summary.loss', direction: 'asc' }],
      limit: 3,
    },
    table: 'rollout_examples',
    rows: 'all',
    step: '10-20',
    filter: [
      { column: 'the reward', op: 'lt', value: -0.5 },
      { column: 'task', op: 'in', value: ['x', '$task'] },
    ],
    search: { text: 'say "no"', mode: 'regex', case: true, columns: ['response'] },
    orderBy: [
      { column: 'reward', direction: 'desc' },
      { column: 'step', direction: 'asc' },
    ],
    limit: 20,
  });
});

describe('errors point at what is wrong', () => {
  it.each([
    ['', '', 'A query begins with runs'],
    ['run.history["x"]', 'run.history', 'A query begins with runs'],
    ['runs.histroy["x"]', 'histroy', 'did you mean runs.history?'],
    ['runs.history', '', 'A ["name"] is missing'],
    ['runs.history["x"', '', 'A ] is missing'],
    ['runs.history["x]', '"x]', 'no closing "'],
    ['runs.history["x"].smoth(1)', 'smoth', 'did you mean .smooth?'],
    ['runs.history["x"].smooth(2)', '2', 'above 0 and below 1'],
    ['runs.history["x"].x(wall)', 'wall', 'takes step, time, elapsed'],
    ['runs.history["x"].x(time).x(step)', '.x(step)', 'given twice'],
    ['runs.history["x"].smooth(0.5).where(a < 1)', '.where(a < 1)', '.where is not for metrics'],
    ['runs.groups["x"].order(reward)', '.order(reward)', 'ordered by one of mean'],
    ['runs.groups["x", "y"]', '.groups["x", "y"]', 'one table at a time'],
    ['runs(tag="a", tag="b")', 'tag', 'given twice'],
    ['runs("a", tag="b").history["x"]', '"a", tag="b")', 'narrowed with conditions'],
    ['runs(newest=0)', '0', 'whole number above 0'],
    ['runs(config.lr)', ')', 'a comparison is missing'],
    ['runs(config.lr ==).history["x"]', ')', 'A value is missing'],
    ['runs.history["x"] loss', 'loss', 'A . is missing'],
  ])('%s', (text, marked, message) => {
    const { from, to, message: said } = failure(text);
    expect(said).toContain(message);
    expect(text.slice(from, to)).toBe(marked);
  });

  it('whatever the text, and never with another error', () => {
    const piece = fc.constantFrom(
      ...[
        'runs',
        '(',
        ')',
        '.',
        'history',
        '["x"]',
        '"',
        "'",
        '\\',
        ',',
        '=',
        '==',
        'tag',
        '$run',
        '1',
        '-',
        'or',
        'in',
        '[',
        ']',
      ],
      ...['.step', '.where', '.search', '.order', '.x', 'is', 'not', 'null', '{', '}', ':', ' ', '\n', '🙂'],
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (code) => {
        try {
          parse(code);
        } catch (error) {
          expect(error).toBeInstanceOf(CodeError);
          const { from, to } = error as CodeError;
          expect(from).toBeLessThanOrEqual(code.length);
          expect(to).toBeGreaterThanOrEqual(from);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
