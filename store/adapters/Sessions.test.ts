import { expect, it } from 'vitest';
import { Sessions } from './Sessions';

class Session {
  bytes = 10;
  constructor(readonly name: string) {}
}
const open = (sessions: Sessions<Session>, name: string) => sessions.use(name, async () => new Session(name));

it('keeps so many, the one not used for longest goes first', async () => {
  const sessions = new Sessions<Session>(2, 1_000);
  const a = await open(sessions, 'a');
  await open(sessions, 'b');
  expect(await open(sessions, 'a')).toBe(a);
  await open(sessions, 'c');
  expect(sessions.size).toBe(2);
  expect(await open(sessions, 'a')).toBe(a);
});

it('keeps so many bytes, and at least the one in use', async () => {
  const sessions = new Sessions<Session>(100, 25);
  for (const name of ['a', 'b', 'c']) {
    await open(sessions, name);
  }
  expect(sessions.size).toBe(2);
  const large = await open(sessions, 'd');
  large.bytes = 1_000;
  expect(await open(sessions, 'd')).toBe(large);
  expect(sessions.size).toBe(1);
});

it('finds one again that had to go while somebody works with it: of a run there is never more than one', async () => {
  const sessions = new Sessions<Session>(1, 1_000);
  const busy = await open(sessions, 'a');
  await open(sessions, 'b');
  await open(sessions, 'c');
  expect(sessions.size).toBe(1);
  expect(await open(sessions, 'a')).toBe(busy);
});

it('reads one once, though many ask at one time, and anew where that failed', async () => {
  const sessions = new Sessions<Session>(5, 1_000);
  const [first, second] = await Promise.all([open(sessions, 'a'), open(sessions, 'a')]);
  expect(first).toBe(second);
  const fails = () => sessions.use('b', () => Promise.reject(new Error('no disk')));
  await expect(Promise.all([fails(), fails()])).rejects.toThrow('no disk');
  expect((await open(sessions, 'b')).name).toBe('b');
});
