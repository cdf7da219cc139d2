import { expect, it } from 'vitest';
import { SharedCalls } from './SharedCalls';

/** Questions that are answered when the test says so. */
function asked() {
  const calls: { signal: AbortSignal; answer: (value: string) => void }[] = [];
  const send = (signal: AbortSignal) =>
    new Promise<string>((resolve) => {
      calls.push({ signal, answer: resolve });
    });
  return { calls, send };
}

it('asks once for all who ask the same in the meantime, and anew afterwards', async () => {
  const shared = new SharedCalls();
  const { calls, send } = asked();
  const all = [shared.ask('a', undefined, send), shared.ask('a', undefined, send), shared.ask('b', undefined, send)];
  expect(calls).toHaveLength(2);
  calls[0]?.answer('one');
  calls[1]?.answer('two');
  expect(await Promise.all(all)).toEqual(['one', 'one', 'two']);
  void shared.ask('a', undefined, send);
  expect(calls).toHaveLength(3);
});

it('is given up when the last one has gone, and asked anew by who comes then', async () => {
  const shared = new SharedCalls();
  const { calls, send } = asked();
  const [one, two] = [new AbortController(), new AbortController()];
  void shared.ask('a', one.signal, send);
  void shared.ask('a', two.signal, send);
  one.abort();
  expect(calls[0]?.signal.aborted).toBe(false);
  two.abort();
  expect(calls[0]?.signal.aborted).toBe(true);
  void shared.ask('a', undefined, send);
  expect(calls).toHaveLength(2);
});
