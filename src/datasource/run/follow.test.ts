import { LoadingState } from '@grafana/data';
import { expect, it } from 'vitest';
import { follow } from './follow';
import type { TargetsAnswer } from './Targets';

const good: TargetsAnswer = { data: [], state: LoadingState.Streaming };
const bad: TargetsAnswer = { data: [], state: LoadingState.Error, errors: [{ message: 'away' }] };

/** Targets that answer in this order, and are live until the last answer. */
function scripted(answers: (TargetsAnswer | undefined)[], signal = new AbortController()) {
  const waits: number[] = [];
  const lookedUp: boolean[] = [];
  const emitted: TargetsAnswer[] = [];
  let at = 0;
  const targets = {
    get isLive() {
      return at < answers.length;
    },
    isLabelled: false,
    begin: async () => answers[at++] ?? good,
    goOn: async (lookUp: boolean) => {
      lookedUp.push(lookUp);
      return answers[at++];
    },
  };
  const pause = async (milliseconds: number) => {
    waits.push(milliseconds);
  };
  const run = () => follow(targets, signal.signal, pause, (answer) => emitted.push(answer));
  return { run, waits, lookedUp, emitted, signal };
}

it('answers once where nothing is followed', async () => {
  const { run, waits, emitted } = scripted([good]);
  await run();
  expect([emitted.length, waits]).toEqual([1, []]);
});

it('shows only what is new, asks more seldom where nothing comes, and looks now and then whether runs go on', async () => {
  const quiet = new Array<undefined>(8).fill(undefined);
  const { run, waits, lookedUp, emitted } = scripted([good, good, ...quiet, good]);
  await run();
  expect(emitted).toHaveLength(3);
  expect(waits.slice(0, 4)).toEqual([2_000, 2_000, 3_000, 4_500]);
  expect(Math.max(...waits)).toBe(10_000);
  expect(lookedUp.map((one, i) => (one ? waits[i] : undefined)).filter((wait) => wait !== undefined)).toEqual([
    4_500, 6_750, 10_000, 10_000, 10_000, 10_000, 10_000,
  ]);
});

it('backs off while it fails, and is as fast as before once it does not', async () => {
  const { run, waits } = scripted([good, bad, undefined, undefined, undefined, undefined, undefined, good, good]);
  await run();
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 2_000]);
});

it('ends when nobody waits any more, without another word', async () => {
  const { run, emitted, signal } = scripted([good, good, good]);
  const ended = run();
  signal.abort();
  await ended;
  expect(emitted.length).toBeLessThanOrEqual(1);
});
