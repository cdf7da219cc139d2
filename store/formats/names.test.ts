import { jobOf } from '@rolloscope/contract/jobOf';
import { describe, expect, it } from 'vitest';
import { parsePythonJson } from '../json/parsePythonJson';
import { atOnce } from '../Turn';
import { columnRoles } from './columnRoles';
import { rolloutTable } from './rolloutTable';
import { scalars } from './scalars';
import { unpivot } from './unpivot';

describe('columnRoles', () => {
  it('gives our words and roles to the columns of verl', () => {
    expect(columnRoles(['input', 'output', 'gts', 'score', 'step', 'acc', 'pred', 'uid'])).toEqual([
      { name: 'prompt', role: 'prompt' },
      { name: 'response', role: 'response' },
      { name: 'groundTruth', role: 'groundTruth' },
      { name: 'score', role: 'reward' },
      { name: 'step' },
      { name: 'acc', role: 'correct' },
      { name: 'pred' },
      { name: 'groupId', role: 'groupId' },
    ]);
  });

  it('keeps an alias whose word is taken, and names unique; the reward goes before the score', () => {
    expect(columnRoles(['output', 'response', 'score', 'reward', 'run', 'x', 'x', 'format_reward'])).toEqual([
      { name: 'output', role: 'response' },
      { name: 'response' },
      { name: 'score' },
      { name: 'reward', role: 'reward' },
      { name: 'logged_run' },
      { name: 'x' },
      { name: 'x_2' },
      { name: 'format_reward', role: 'rewardPart' },
    ]);
  });
});

describe('unpivot', () => {
  it('makes rows of samples, and leaves out those that are not there', () => {
    const columns = ['step', 'input_1', 'output_1', 'score_1', 'input_2', 'output_2', 'score_2'];
    const rows = [
      [1, 'a', 'b', 0.5, 'c', 'd', 1],
      [2, 'e', 'f', 0, null, null, null],
    ];
    expect(atOnce(unpivot({ columns, rows }))).toEqual({
      columns: ['step', 'sample', 'input', 'output', 'score'],
      rows: [
        [1, 1, 'a', 'b', 0.5],
        [1, 2, 'c', 'd', 1],
        [2, 1, 'e', 'f', 0],
      ],
    });
  });

  it('leaves numbered columns alone that are no samples', () => {
    const table = { columns: ['prompt', 'reward_1', 'reward_2'], rows: [['p', 1, 2]] };
    expect(atOnce(unpivot(table))).toBe(table);
  });
});

describe('rolloutTable', () => {
  it('takes steps that were written as strings, and times in seconds', () => {
    const wide = { columns: ['step', 'time', 'completion'], rows: [['12', 1_763_985_600.25, 'x'], [13]] };
    const table = atOnce(rolloutTable(wide));
    expect(table).toEqual({
      columns: ['step', 'time', { name: 'response', role: 'response' }],
      rows: [
        [12, 1_763_985_600_250, 'x'],
        [13, null, null],
      ],
    });
  });

  it('gives another name to a step or a time that is none', () => {
    const { columns, rows } = atOnce(rolloutTable({ columns: ['step', 'time'], rows: [['first', 0.75]] }));
    expect([columns, rows]).toEqual([['logged_step', 'logged_time'], [['first', 0.75]]]);
  });
});

describe("verl's ids of outputs", () => {
  const read = (uids: unknown[]) =>
    atOnce(rolloutTable({ columns: ['output', 'uid'], rows: uids.map((uid) => ['x', uid]) }));

  it('give the prompt that outputs share, and stay beside it', () => {
    const uid = 'e0c56fbd-3a07-4d0c-9d9e-0a5c1be0c8f1';
    expect(read([`${uid}_0_0`, `${uid}_11_1`])).toEqual({
      columns: [{ name: 'response', role: 'response' }, 'uid', { name: 'groupId', role: 'groupId' }],
      rows: [
        ['x', `${uid}_0_0`, uid],
        ['x', `${uid}_11_1`, uid],
      ],
    });
    expect(read(['16f4d8f18d797ad0_3_0']).rows).toEqual([['x', '16f4d8f18d797ad0_3_0', '16f4d8f18d797ad0']]);
  });

  it.each([['math_1_2'], ['e0c56fbd'], [7], [null]])('are not read into %j', (uid) => {
    expect(read([uid]).columns).toEqual([
      { name: 'response', role: 'response' },
      { name: 'groupId', role: 'groupId' },
    ]);
  });
});

describe('scalars', () => {
  it('takes numbers, also nested and non-finite ones, and says what it did not take', () => {
    expect(scalars({ a: 1, 'b/c': 'NaN', d: { e: true, f: 'text' }, g: [1], h: null })).toEqual({
      metrics: { a: 1, 'b/c': 'NaN', 'd.e': 1 },
      others: { 'd.f': 'text', g: [1], h: null },
    });
  });
});

describe('parsePythonJson', () => {
  it('reads bare non-finite numbers, and leaves the same words in strings alone', () => {
    expect(
      parsePythonJson('{"a": NaN, "b": [-Infinity, Infinity, 1], "NaN \\" Infinity": "x NaN, -Infinity"}'),
    ).toEqual({
      a: 'NaN',
      b: ['-Infinity', 'Infinity', 1],
      'NaN " Infinity': 'x NaN, -Infinity',
    });
  });

  it('reads a very long text', () => {
    const long = 'x\n"NaN\\'.repeat(2_000_000);
    expect(parsePythonJson(`{"a": ${JSON.stringify(long)}, "b": NaN}`)).toEqual({ a: long, b: 'NaN' });
  });

  it.each(['{"a": NaN', 'NaN0', '{"a": +Infinity}', '{a: NaN}'])('refuses %s', (text) => {
    expect(() => parsePythonJson(text)).toThrow(SyntaxError);
  });
});

it('jobOf tells runs of one job by their names', () => {
  expect(jobOf('gsm8k_explorer')).toEqual({ job: 'gsm8k', part: 'explorer' });
  expect(jobOf('gsm8k-Trainer')).toEqual({ job: 'gsm8k', part: 'trainer' });
  expect(jobOf('trainer')).toBeUndefined();
});
