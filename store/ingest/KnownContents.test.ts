import { expect, it } from 'vitest';
import { KnownContents } from './KnownContents';

const contents = Array.from({ length: 6_000 }, (_, i) => `content ${i}`);

it('tells what a table never had, of tables that it knows from their beginning', () => {
  const known = new KnownContents();
  expect(known.mayHave('a', 'rollouts', 'x')).toBe(true);
  known.begin('a', 'rollouts');
  for (const content of contents) {
    known.add('a', 'rollouts', content);
    known.add('b', 'rollouts', content);
  }
  expect(contents.filter((content) => !known.mayHave('a', 'rollouts', content))).toEqual([]);
  expect(contents.filter((content) => known.mayHave('a', 'rollouts', `${content}!`))).toEqual([]);
  expect(known.mayHave('a', 'others', 'x')).toBe(true);
  expect(known.mayHave('b', 'rollouts', 'x')).toBe(true);
  known.delete('a');
  expect(known.mayHave('a', 'rollouts', 'x')).toBe(true);
});

it('takes so many bytes, and knows nothing then of the runs that came first', () => {
  // Of two runs.
  const known = new KnownContents(30_000);
  for (const run of ['a', 'b', 'c']) {
    known.begin(run, 'rollouts');
    known.add(run, 'rollouts', 'here');
  }
  const asked = ['a', 'b', 'c'].map((run) => known.mayHave(run, 'rollouts', 'never'));
  expect(asked).toEqual([true, false, false]);
  known.add('a', 'rollouts', 'here');
  expect(known.mayHave('a', 'rollouts', 'never')).toBe(true);
});
